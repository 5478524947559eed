"""What the accounts of autonomy tell the rest of the centre."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private
from lims.vocabulary import ExpenseClass


@dataclass(frozen=True, kw_only=True)
class ExpenseEntered(Event):
    """Money was spent, in a class of the decree; whole đồng."""

    name = "autonomy.expense_entered"
    about = "expense_id"

    expense_id: UUID
    expense_class: ExpenseClass
    amount: int


@dataclass(frozen=True, kw_only=True)
class ExpenseReversed(Event):
    """An expense was entered wrongly and taken back."""

    name = "autonomy.expense_reversed"
    about = "expense_id"

    expense_id: UUID
    expense_class: ExpenseClass
    amount: int
    reason: Private
