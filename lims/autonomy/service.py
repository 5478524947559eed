"""What the accountant does about expenditure."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lims.autonomy.models import Expense
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.vocabulary import ExpenseClass


def enter(
    session: Session,
    *,
    spent_on: date,
    expense_class: ExpenseClass,
    amount: int,
    what: str,
    voucher: str = "",
    by: str,
) -> Expense:
    """Enter money that was spent, in a class of the decree."""
    if spent_on > clock.today():
        raise RuleBroken(
            "Money cannot be spent on a later day than today: enter it when it is spent.",
            field="spent_on",
        )
    if amount <= 0:
        raise RuleBroken(
            "Write the amount that was spent; a wrong entry is reversed, never made negative.",
            field="amount",
        )
    expense = Expense(
        spent_on=spent_on, expense_class=expense_class, amount=amount, what=what, voucher=voucher
    )
    session.add(expense)
    log.append(session, expense.entered(), by=by)
    return expense


def reverse(session: Session, expense_id: UUID, *, reason: str, by: str) -> Expense:
    """Take a wrong entry back, saying why."""
    expense = fetch(session, Expense, expense_id, hold=True)
    log.append(session, expense.reverse(reason=reason, on=clock.today()), by=by)
    return expense
