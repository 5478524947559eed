"""Expenses and the accounts of autonomy for machines."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.autonomy import queries, service
from lims.autonomy.access import READING
from lims.autonomy.commands import EnterExpense, FindExpenses
from lims.vocabulary import Role
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.autonomy import ExpenseBody, ExpensesArgs, ExpenseSchema, ExpensesPage, YearSchema

api = blueprint("autonomy", "Expenses and the accounts of autonomy")


@api.route("/expenses", methods=["GET"])
@allow(*READING)
@api.arguments(ExpensesArgs, location="query")
@api.response(200, ExpensesPage)
@query
def expenses(session: Session, asked: FindExpenses) -> ResponseReturnValue:
    """List expenses, the latest day first."""
    return page(queries.expenses(session, asked), ExpenseSchema(), asked.limit)


@api.route("/expenses", methods=["POST"])
@allow(Role.ACCOUNTANT)
@api.arguments(ExpenseBody)
@api.response(201, ExpenseSchema)
@command()
def enter(session: Session, command: EnterExpense) -> ResponseReturnValue:
    """Enter money that was spent."""
    expense = service.enter(session, command, by=actor().name)
    return answer(ExpenseSchema().dump(expense), 201)


@api.route("/autonomy/<int(min=1990,max=2100):year>", methods=["GET"])
@allow(*READING)
@api.response(200, YearSchema)
@query
def accounts(session: Session, year: int) -> ResponseReturnValue:
    """Show the accounts of a year and the least for the development fund."""
    return answer(YearSchema().dump(queries.accounts(session, year)))
