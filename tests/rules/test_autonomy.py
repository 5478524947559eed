"""The arithmetic of a year of NĐ 54/2016/NĐ-CP."""

from decimal import Decimal

import pytest

from lims.autonomy.accounts import Sums, development_minimum
from lims.vocabulary import ExpenseClass, RevenueClass


def test_the_surplus_is_recurrent_revenue_less_recurrent_expenditure_and_taxes():
    sums = Sums(
        revenue={
            RevenueClass.SERVICES: 1_000,
            RevenueClass.STATE_PAID_SERVICES: 500,
            RevenueClass.NON_RECURRENT: 9_000,
        },
        expenses={
            ExpenseClass.PAY: 600,
            ExpenseClass.DEPRECIATION: 100,
            ExpenseClass.TAX: 50,
            ExpenseClass.NON_RECURRENT: 7_000,
        },
    )

    assert sums.recurrent_revenue == 1_500
    assert sums.recurrent_expenses == 700
    assert sums.taxes == 50
    assert sums.surplus == 750


@pytest.mark.parametrize(
    ("surplus", "share", "least"),
    [
        (1_000_000, "0.25", 250_000),
        (1_000_001, "0.25", 250_001),
        (1, "0.05", 1),
        (0, "0.25", 0),
        (-5, "0.25", 0),
        (10**15 + 1, "0.25", 250_000_000_000_001),
    ],
)
def test_the_development_fund_gets_at_least_its_share_to_the_dong(surplus, share, least):
    assert development_minimum(surplus, Decimal(share)) == least
