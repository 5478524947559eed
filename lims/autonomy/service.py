"""What the accountant does about expenditure."""

from uuid import UUID

from sqlalchemy.orm import Session

from lims.autonomy.commands import EnterExpense
from lims.autonomy.models import Expense
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.settings import periods
from lims.vocabulary import PeriodKind


def enter(session: Session, command: EnterExpense, *, by: str) -> Expense:
    """Enter money that was spent, in a class of the decree."""
    if command.spent_on > clock.today():
        raise RuleBroken(
            "Money cannot be spent on a later day than today: enter it when it is spent.",
            field="spent_on",
        )
    periods.require_open(session, PeriodKind.MONEY, command.spent_on, field="spent_on")
    if command.amount <= 0:
        raise RuleBroken(
            "Write the amount that was spent; a wrong entry is reversed, never made negative.",
            field="amount",
        )
    expense = Expense(
        spent_on=command.spent_on,
        expense_class=command.expense_class,
        amount=command.amount,
        description=command.description,
        voucher=command.voucher,
    )
    session.add(expense)
    log.append(session, expense.entered(), by=by)
    return expense


def reverse(session: Session, expense_id: UUID, *, reason: str, by: str) -> Expense:
    """Take a wrong entry back, saying why."""
    expense = fetch(session, Expense, expense_id, hold=True)
    log.append(session, expense.reverse(reason=reason, on=clock.today()), by=by)
    return expense
