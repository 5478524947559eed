"""The arithmetic of a year: surplus, and the least that the development fund must get. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from lims.vocabulary import ExpenseClass, RevenueClass

APART = (RevenueClass.NON_RECURRENT,)
"""Revenue that is kept apart from the recurrent accounts (NĐ 54/2016/NĐ-CP, Art 8(1)e)."""

RECURRENT = (
    ExpenseClass.PAY,
    ExpenseClass.PROFESSIONAL,
    ExpenseClass.MANAGEMENT,
    ExpenseClass.DEPRECIATION,
    ExpenseClass.OTHER,
)


@dataclass(frozen=True)
class Sums:
    """Revenue without VAT and expenditure of a year, by class, whole đồng."""

    revenue: Mapping[RevenueClass, int]
    expenses: Mapping[ExpenseClass, int]

    @property
    def recurrent_revenue(self) -> int:
        """Add up the revenue of the recurrent accounts."""
        return sum(amount for key, amount in self.revenue.items() if key not in APART)

    @property
    def recurrent_expenses(self) -> int:
        """Add up the recurrent expenditure; taxes and what is non-recurrent are apart."""
        return sum(self.expenses.get(key, 0) for key in RECURRENT)

    @property
    def taxes(self) -> int:
        """Return what goes to the State first."""
        return self.expenses.get(ExpenseClass.TAX, 0)

    @property
    def surplus(self) -> int:
        """Return revenue over expenditure after taxes; below nought nothing is distributed."""
        return self.recurrent_revenue - self.recurrent_expenses - self.taxes


def development_minimum(surplus: int, share: Decimal) -> int:
    """Return the least for the development fund, up to the whole đồng (NĐ 54/2016, Art 8(3))."""
    if surplus <= 0:
        return 0
    return int((surplus * share).to_integral_value(ROUND_CEILING))
