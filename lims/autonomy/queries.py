"""A year's accounts from the money of contracts and the expenses, with where each stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from lims.autonomy.accounts import Sums, development_minimum
from lims.autonomy.commands import FindExpenses
from lims.autonomy.models import DEVELOPMENT_MINIMUM, LEVEL, Expense
from lims.billing.models import MoneyCell
from lims.kernel.db import fetch
from lims.kernel.errors import NotFound
from lims.settings import parameters
from lims.settings.definitions import NO_CAP
from lims.settings.parameters import Parameter
from lims.vocabulary import ExpenseClass, MoneyMeasure, RevenueClass


@dataclass(frozen=True)
class Year:
    """The accounts of a year, and the dated values of the decree they are worked out by."""

    year: int
    sums: Sums
    level: Parameter | None
    share: Parameter | None
    missing: str | None
    """The name of the parameter that has no value on the last day, where one has none."""

    @property
    def rate(self) -> Decimal | None:
        """Return the least share; nought where the law sets none, None while it is missing."""
        if self.share is None:
            return None
        return Decimal(0 if self.share.value == NO_CAP else self.share.value)

    @property
    def minimum(self) -> int | None:
        """Return the least for the development fund; None while the share is missing."""
        return None if self.rate is None else development_minimum(self.sums.surplus, self.rate)

    @property
    def rest(self) -> int | None:
        """Return what is left for the other funds."""
        return None if self.minimum is None else max(0, self.sums.surplus) - self.minimum


def days(year: int) -> tuple[date, date]:
    """Return the first and the last day: money is reported by the calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def accounts(session: Session, year: int) -> Year:
    """Work a year out, by the values in force on its last day."""
    sums = Sums(_revenue(session, year), _expenses(session, year))
    last = days(year)[1]
    level = None
    try:
        level = parameters.value(session, LEVEL, last)
        share = parameters.value(session, f"{DEVELOPMENT_MINIMUM}{level.value}", last)
    except NotFound as refusal:
        return Year(year, sums, level, None, str(refusal.values["name"]))
    return Year(year, sums, level, share, None)


def expenses(session: Session, asked: FindExpenses) -> list[Expense]:
    """List expenses, the latest day first."""
    query = select(Expense)
    if asked.year is not None:
        query = query.where(Expense.spent_on.between(*days(asked.year)))
    if asked.expense_class is not None:
        query = query.where(Expense.expense_class == asked.expense_class)
    if asked.after is not None:
        last = fetch(session, Expense, asked.after)
        query = query.where(tuple_(Expense.spent_on, Expense.id) < (last.spent_on, last.id))
    ordered = query.order_by(Expense.spent_on.desc(), Expense.id.desc())
    return list(session.scalars(ordered.limit(asked.limit + 1)))


def _revenue(session: Session, year: int) -> dict[RevenueClass, int]:
    """Sum what was done, without its VAT, on the day the centre answered for it."""
    query = (
        select(MoneyCell.revenue_class, func.sum(MoneyCell.amount))
        .where(
            MoneyCell.measure == MoneyMeasure.REVENUE,
            MoneyCell.day.between(*days(year)),
        )
        .group_by(MoneyCell.revenue_class)
    )
    sums = {RevenueClass(key): int(amount) for key, amount in session.execute(query)}
    return {key: sums[key] for key in RevenueClass if key in sums}


def _expenses(session: Session, year: int) -> dict[ExpenseClass, int]:
    """Sum what was spent and not reversed."""
    query = (
        select(Expense.expense_class, func.sum(Expense.amount))
        .where(Expense.spent_on.between(*days(year)), Expense.reversed_on.is_(None))
        .group_by(Expense.expense_class)
    )
    sums = {key: int(amount) for key, amount in session.execute(query)}
    return {key: sums[key] for key in ExpenseClass if key in sums}
