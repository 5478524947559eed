"""Documents as they were printed, for everybody who is signed in and has their address."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.documents.store import Document
from lims.kernel.db import fetch
from lims.web.access import signed_in
from lims.web.commands import query
from lims.web.requests import document

pages = Blueprint("documents", __name__)


def install(app: Flask) -> None:
    """Put the documents on the application."""
    app.register_blueprint(pages)


@pages.get("/papers/<uuid:paper_id>.pdf")
@signed_in
@query
def show(session: Session, paper_id: UUID) -> ResponseReturnValue:
    """Serve the stored bytes."""
    return document(session, fetch(session, Document, paper_id))


@pages.get("/papers/<uuid:paper_id>/progress")
@signed_in
@query
def progress(session: Session, paper_id: UUID) -> ResponseReturnValue:
    """Tell a waiting page whether a document is there."""
    return render_template("_progress.html", document=fetch(session, Document, paper_id))
