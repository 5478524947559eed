"""The pages of what falls due, and of what is late."""

from flask import Blueprint, Flask, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.customers.page_extensions import type_name
from lims.kernel import clock
from lims.reminders import page_extensions, queries
from lims.reminders.queries import SOON, Window
from lims.reminders.spreadsheet import sheet
from lims.settings import areas
from lims.vocabulary import Role
from lims.web import page_extensions as shown
from lims.web.access import READERS, allow, signed_in
from lims.web.commands import query
from lims.web.page_extensions import MenuEntry
from lims.web.requests import PAGE, after, asked

pages = Blueprint("reminders", __name__)

CONCERNED = (Role.RECEPTION, Role.TECHNICIAN, Role.CHECKER, Role.SIGNATORY, *READERS)
"""Whom late work concerns."""

AHEAD = ("30", "60", "90")
OVERDUE = "overdue"
MOST = 5_000
"""Lines of one spreadsheet."""

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def install(app: Flask) -> None:
    """Put the pages, the menu and the home page's cards on the application."""
    app.register_blueprint(pages)
    registry = shown.registry(app)
    registry.menu += [
        MenuEntry("Reception", "Falling due", "reminders.due", "calendar-due", frozenset(Role)),
        MenuEntry("Laboratory", "Late work", "reminders.late", "alarm", frozenset(CONCERNED)),
    ]
    registry.sections["customer"].append(page_extensions.orders_of_customer)
    registry.sections["instrument"].insert(0, page_extensions.times_of_instrument)
    counter = frozenset({Role.RECEPTION})
    registry.home += [
        (counter, page_extensions.due),
        (counter | {Role.ACCOUNTANT}, page_extensions.running_out),
        (frozenset({Role.TECHNICIAN, Role.DIRECTOR}), page_extensions.late),
    ]


def _window() -> Window:
    """Read which days are asked for; thirty days ahead where nothing is."""
    days, today = asked("due"), clock.today()
    if days == OVERDUE:
        return Window.overdue(today)
    return Window.within(int(days) if days in AHEAD else SOON, today)


@pages.get("/instruments/due")
@signed_in
@query
def due(session: Session) -> ResponseReturnValue:
    """Show the instruments whose verification ends soon, or has ended."""
    rows = queries.due(session, _window(), area=asked("area"), after=after())
    return render_template(
        "reminders/due.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        chosen=asked("due") if asked("due") in (*AHEAD, OVERDUE) else str(SOON),
        area=asked("area"),
        areas=areas.listed(session),
        ahead=AHEAD,
        type_name=type_name,
    )


@pages.get("/instruments/due.xlsx")
@signed_in
@query
def due_sheet(session: Session) -> ResponseReturnValue:
    """Give the same list as a spreadsheet, with telephone numbers."""
    rows = queries.due(session, _window(), area=asked("area"), limit=MOST - 1)
    answer = make_response(sheet(rows, areas.names(session)))
    answer.headers["Content-Type"] = SPREADSHEET
    answer.headers["Content-Disposition"] = 'attachment; filename="due.xlsx"'
    return answer


@pages.get("/reminders/late")
@allow(*CONCERNED)
@query
def late(session: Session) -> ResponseReturnValue:
    """Show the orders that were promised for a day that is past."""
    rows = queries.late(session, clock.today(), after=after())
    return render_template(
        "reminders/late.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].Order.id if len(rows) > PAGE else None,
    )
