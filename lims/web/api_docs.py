"""The description of the API for machines, and the page where people read it."""

import json

from flask import Blueprint, Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from lims.web.access import public
from lims.web.api import PREFIX, Description

pages = Blueprint("api_docs", __name__)


def install(app: Flask, description: Description) -> None:
    """Put both on the application; the description is written out once."""
    app.extensions["lims.api_description"] = json.dumps(description)
    app.register_blueprint(pages)


@pages.get(f"{PREFIX}/openapi.json")
@public
def describe() -> ResponseReturnValue:
    """Give machines the description (OpenAPI 3.1)."""
    return Response(current_app.extensions["lims.api_description"], mimetype="application/json")


@pages.get(f"{PREFIX}/docs")
@public
def show() -> ResponseReturnValue:
    """Show what machines may ask; Swagger UI draws the description in the browser."""
    return render_template("api_docs.html", description=f"{PREFIX}/openapi.json")
