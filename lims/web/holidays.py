"""The administrator's page of days of rest, and of Saturdays on which the centre works."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel import clock
from lims.settings import holidays
from lims.settings.commands import SetHoliday
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry, registry
from lims.web.requests import asked_year, see
from schemas.admin import HolidayForm

pages = Blueprint("holidays", __name__)


def install(app: Flask) -> None:
    """Put the page and its place in the menu on the application."""
    app.register_blueprint(pages)
    entry = MenuEntry("Administration", "Holidays", "holidays.year", "calendar", frozenset(READERS))
    registry(app).menu.append(entry)


@pages.get("/admin/holidays")
@allow(*READERS)
@query
def year(session: Session) -> ResponseReturnValue:
    """Show the days of a year that are not what their weekday says."""
    chosen = asked_year() or clock.today().year
    return render_template(
        "admin/holidays.html",
        year=chosen,
        days=holidays.listed(session, chosen),
        may=actor().has(Role.ADMIN),
    )


@pages.post("/admin/holidays")
@allow(Role.ADMIN)
@command(HolidayForm)
def set_day(session: Session, command: SetHoliday) -> ResponseReturnValue:
    """Declare a day, or say otherwise what was declared."""
    holidays.set_day(session, command, by=actor().name)
    return see("holidays.year", say="The day was entered.", year=command.day.year)
