"""The pages of the sticker books."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.disciplines import STICKERED
from lims.identity import service as identity
from lims.marks import queries, service
from lims.marks.commands import HandOutBook
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry, registry
from lims.web.requests import PAGE, after, see
from schemas.marks import BookForm

pages = Blueprint("marks", __name__)

KEEPERS = (Role.QUALITY, Role.ADMIN)
"""Who keeps the stock and hands it out."""

LOOKERS = (Role.TECHNICIAN, *READERS)


def install(app: Flask) -> None:
    """Put the pages and their place in the menu on the application."""
    app.register_blueprint(pages)
    registry(app).menu.append(
        MenuEntry("Laboratory", "Stickers", "marks.books", "sticker", frozenset(LOOKERS))
    )


@pages.get("/marks")
@allow(*LOOKERS)
@query
def books(session: Session) -> ResponseReturnValue:
    """List books and what is left of them; a technician sees the own ones."""
    who = actor()
    holder = None if who.has(*READERS) else who.id
    rows = queries.books(session, holder_id=holder, after=after(), limit=PAGE)
    return render_template(
        "marks/books.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].book.id if len(rows) > PAGE else None,
        may=who.has(*KEEPERS),
    )


@pages.get("/marks/new")
@allow(*KEEPERS)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask who gets which numbers."""
    people = [
        (user.id, f"{user.full_name} ({user.login})")
        for user in identity.listed(session)
        if user.active and Role.TECHNICIAN in user.roles
    ]
    return render_template("marks/new.html", people=people, disciplines=options(STICKERED))


@pages.post("/marks/new")
@allow(*KEEPERS)
@command(BookForm)
def hand_out(session: Session, command: HandOutBook) -> ResponseReturnValue:
    """Hand a book out."""
    service.hand_out(session, command, by=actor().name)
    return see("marks.books", say="The book was handed out.")
