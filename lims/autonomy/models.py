"""Expenditure by the classes of the decree, and the dated values that the decree sets."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from lims.autonomy.events import ExpenseEntered, ExpenseReversed
from lims.kernel.db import Base, new_id
from lims.kernel.errors import WrongState
from lims.settings.definitions import Definition, number_or_open, register, whole_dong
from lims.vocabulary import ExpenseClass


class Expense(Base):
    """One expense; a wrong one is reversed, never deleted."""

    __tablename__ = "expense"
    __table_args__ = (Index("ix__expense__spent", "spent_on", "id"),)

    spent_on: Mapped[date]
    expense_class: Mapped[ExpenseClass]
    amount: Mapped[int]
    description: Mapped[str]
    voucher: Mapped[str] = mapped_column(default="")
    reversed_on: Mapped[date | None] = mapped_column(default=None)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def entered(self) -> ExpenseEntered:
        """Tell that the money is spent."""
        return ExpenseEntered(
            expense_id=self.id,
            expense_class=self.expense_class,
            amount=self.amount,
            on=self.spent_on,
        )

    def reverse(self, *, reason: str, on: date) -> ExpenseReversed:
        """Take a wrong entry back."""
        if self.reversed_on is not None:
            raise WrongState("This expense was reversed already.")
        self.reversed_on = on
        return ExpenseReversed(
            expense_id=self.id,
            expense_class=self.expense_class,
            amount=self.amount,
            reason=reason,
            on=on,
        )


GROUP = "Financial autonomy"
LEVEL = "autonomy.level"
DEVELOPMENT_MINIMUM = "autonomy.development_min."
ARTICLES = "NĐ 60/2021/NĐ-CP, Điều 12, 14, 18 (NĐ 111/2025/NĐ-CP)"

register(
    Definition(
        name=LEVEL,
        label="Level of autonomy",
        group=GROUP,
        source="Quyết định giao quyền tự chủ tài chính",
    ),
    Definition(
        name="autonomy.regime",
        label="Decree on autonomy",
        group=GROUP,
        source="Quyết định giao quyền tự chủ tài chính",
    ),
    Definition(
        name="base_salary",
        label="Base salary, đồng a month",
        group=GROUP,
        source="Nghị định về mức lương cơ sở",
        check=whole_dong,
    ),
    *(
        Definition(
            name=name,
            label=label,
            group=GROUP,
            source=ARTICLES,
            check=number_or_open,
            members=members,
        )
        for name, label, members in (
            (DEVELOPMENT_MINIMUM, "Development fund: least share of the surplus", LEVEL),
            ("autonomy.income_max.", "Income supplement: most, in salary funds", None),
            (
                "autonomy.reward_welfare_max.",
                "Reward and welfare: most, in months of wages",
                None,
            ),
        )
    ),
)
