"""The accounts of autonomy: a year's page, and the expenses it is made of."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.autonomy import queries, service
from lims.autonomy.access import READING
from lims.autonomy.commands import EnterExpense, FindExpenses, ReverseExpense
from lims.autonomy.models import Expense
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import ExpenseClass, Role
from lims.web import page_extensions
from lims.web.access import actor, allow
from lims.web.choices import chosen
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry
from lims.web.pages import word
from lims.web.requests import PAGE, after, asked, asked_year, see
from schemas.autonomy import ExpenseBody, ReverseBody

pages = Blueprint("autonomy", __name__)


def install(app: Flask) -> None:
    """Put the pages and their place in the menu on the application."""
    app.register_blueprint(pages)
    looking = frozenset(READING)
    page_extensions.registry(app).menu += [
        MenuEntry("Money", "Autonomy", "autonomy.year", "building-bank", looking),
        MenuEntry("Money", "Expenses", "autonomy.expenses", "wallet", looking),
    ]


@pages.get("/autonomy")
@allow(*READING)
@query
def year(session: Session) -> ResponseReturnValue:
    """Show a year: revenue and expenditure by class, surplus, the least for development."""
    chosen_year = asked_year() or clock.today().year
    first, last = queries.days(chosen_year)
    return render_template(
        "autonomy/year.html",
        accounts=queries.accounts(session, chosen_year),
        first=first,
        last=last,
        may=actor().has(Role.ACCOUNTANT),
        may_set=actor().has(Role.ADMIN),
    )


@pages.get("/autonomy/expenses")
@allow(*READING)
@query
def expenses(session: Session) -> ResponseReturnValue:
    """Show expenses, the latest day first."""
    kind = asked("class")
    wanted = FindExpenses(
        year=asked_year(), expense_class=chosen(ExpenseClass, kind), after=after(), limit=PAGE
    )
    rows = queries.expenses(session, wanted)
    return render_template(
        "autonomy/expenses.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        kind=kind,
        kinds=_kinds(),
        year=asked_year(),
        may=actor().has(Role.ACCOUNTANT),
    )


@pages.get("/autonomy/expenses/new")
@allow(Role.ACCOUNTANT)
def new() -> ResponseReturnValue:
    """Ask what was spent."""
    return render_template("autonomy/new.html", kinds=_kinds())


@pages.post("/autonomy/expenses/new")
@allow(Role.ACCOUNTANT)
@command(ExpenseBody)
def enter(session: Session, command: EnterExpense) -> ResponseReturnValue:
    """Enter an expense."""
    service.enter(session, command, by=actor().name)
    return see("autonomy.expenses", say="The expense is entered.")


@pages.get("/autonomy/expenses/<uuid:expense_id>/reverse")
@allow(Role.ACCOUNTANT)
@query
def ask_to_reverse(session: Session, expense_id: UUID) -> ResponseReturnValue:
    """Ask why an entry is wrong."""
    return render_template("autonomy/reverse.html", expense=fetch(session, Expense, expense_id))


@pages.post("/autonomy/expenses/<uuid:expense_id>/reverse")
@allow(Role.ACCOUNTANT)
@command(ReverseBody)
def reverse(session: Session, command: ReverseExpense, expense_id: UUID) -> ResponseReturnValue:
    """Take a wrong entry back."""
    service.reverse(session, expense_id, reason=command.reason, by=actor().name)
    return see("autonomy.expenses", say="The expense is reversed.")


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, word(kind)) for kind in ExpenseClass]
