"""What people and machines ask about expenditure, typed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.vocabulary import ExpenseClass


@dataclass(frozen=True, kw_only=True)
class EnterExpense:
    """Enter money that was spent, in a class of the decree."""

    spent_on: date
    expense_class: ExpenseClass
    amount: int
    description: str
    voucher: str = ""


@dataclass(frozen=True, kw_only=True)
class ReverseExpense:
    """Take a wrong entry back, saying why."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class FindExpenses:
    """Which expenses; what is None does not matter."""

    year: int | None = None
    expense_class: ExpenseClass | None = None
    after: UUID | None = None
    limit: int = 50
