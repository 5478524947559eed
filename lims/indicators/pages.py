"""The page where activities are counted by hand."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.indicators import service
from lims.indicators.commands import CountActivity, DefineIndicator
from lims.indicators.models import Indicator
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import Role
from lims.web import page_extensions
from lims.web.access import READERS, actor, allow
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry
from lims.web.requests import asked_year, see
from schemas.indicators import CountForm, IndicatorForm

pages = Blueprint("indicators", __name__)

WRITERS = (Role.DIRECTOR, Role.QUALITY)


def install(app: Flask) -> None:
    """Put the pages and the menu on the application."""
    app.register_blueprint(pages)
    page_extensions.registry(app).menu.append(
        MenuEntry("Numbers", "Counted by hand", "indicators.listed", "target", frozenset(READERS))
    )


@pages.get("/indicators")
@allow(*READERS)
@query
def listed(session: Session) -> ResponseReturnValue:
    """Show the activities and their sum of a year."""
    year = asked_year() or clock.today().year
    return render_template(
        "indicators/listed.html",
        year=year,
        indicators=service.listed(session),
        sums=service.year(session, year),
    )


@pages.get("/indicators/new")
@allow(*WRITERS)
def new() -> ResponseReturnValue:
    """Ask about a new activity."""
    return render_template("indicators/new.html")


@pages.post("/indicators/new")
@allow(*WRITERS)
@command(IndicatorForm)
def define(session: Session, command: DefineIndicator) -> ResponseReturnValue:
    """Name an activity."""
    indicator = service.define(session, command, by=actor().name)
    return see("indicators.show", say="Saved.", indicator_id=indicator.id)


@pages.get("/indicators/<uuid:indicator_id>")
@allow(*READERS)
@query
def show(session: Session, indicator_id: UUID) -> ResponseReturnValue:
    """Show one activity and its counts."""
    return render_template(
        "indicators/show.html",
        indicator=fetch(session, Indicator, indicator_id),
        counts=service.counts(session, indicator_id),
        may=actor().has(*WRITERS),
    )


@pages.post("/indicators/<uuid:indicator_id>")
@allow(*WRITERS)
@command(CountForm)
def count(session: Session, command: CountActivity, indicator_id: UUID) -> ResponseReturnValue:
    """Count so many on a day."""
    service.count(session, indicator_id, command, by=actor().name)
    return see("indicators.show", say="Counted.", indicator_id=indicator_id)
