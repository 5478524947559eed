"""Expenses and the accounts of autonomy for machines."""

from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.autonomy import queries, service
from lims.autonomy.access import READING
from lims.vocabulary import Role
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.autonomy import ExpenseArgs, ExpenseBody, ExpenseSchema, ExpensesPage, YearSchema
from schemas.paging import PageArgs

api = blueprint("autonomy", "Expenses and the accounts of autonomy")


class ExpensesArgs(PageArgs, ExpenseArgs):
    """Which expenses, and which part of them."""

    command = None


@api.route("/expenses", methods=["GET"])
@allow(*READING)
@api.arguments(ExpensesArgs, location="query")
@api.response(200, ExpensesPage)
@query
def expenses(session: Session, args: dict[str, Any]) -> ResponseReturnValue:
    """List expenses, the latest day first."""
    return page(queries.expenses(session, **args), ExpenseSchema(), args["limit"])


@api.route("/expenses", methods=["POST"])
@allow(Role.ACCOUNTANT)
@api.arguments(ExpenseBody)
@api.response(201, ExpenseSchema)
@command()
def enter(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Enter money that was spent."""
    made = service.enter(session, by=actor().name, **body)
    return answer(ExpenseSchema().dump(made), 201)


@api.route("/autonomy/<int(min=1990,max=2100):year>", methods=["GET"])
@allow(*READING)
@api.response(200, YearSchema)
@query
def accounts(session: Session, year: int) -> ResponseReturnValue:
    """Show the accounts of a year and the least for the development fund."""
    one = queries.accounts(session, year)
    said = {
        "year": year,
        "revenue": {key.value: amount for key, amount in one.sums.revenue.items()},
        "expenses": {key.value: amount for key, amount in one.sums.expenses.items()},
        "recurrent_revenue": one.sums.recurrent_revenue,
        "recurrent_expenses": one.sums.recurrent_expenses,
        "taxes": one.sums.taxes,
        "surplus": one.sums.surplus,
        "level": one.level,
        "development_share": one.share,
        "development_minimum": one.minimum,
        "rest": one.rest,
    }
    return answer(YearSchema().dump(said))
