from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.kernel.money import discount, portion, share, vat, vat_by_rate

amounts = st.integers(-(10**13), 10**13)
rates = st.decimals(0, 1, places=4)
weights = st.integers(0, 10**9) | st.decimals(0, 1000, places=2)


@pytest.mark.parametrize(
    ("net", "rate", "tax"),
    [
        (105_000, "0.05", 5_250),
        (10, "0.05", 1),
        (9, "0.05", 0),
        (-10, "0.05", -1),
        (123_456, "0.08", 9_876),
        (1_000, "0", 0),
    ],
)
def test_tax_is_rounded_half_up_to_whole_dong(net, rate, tax):
    assert vat(net, Decimal(rate)) == tax


@given(amounts, rates)
def test_an_adjustment_takes_back_exactly_what_was_asked_for(net, rate):
    assert vat(-net, rate) == -vat(net, rate)


def test_a_discount_is_what_is_taken_off():
    assert discount(1_250_000, Decimal("0.10")) == 125_000


@pytest.mark.parametrize("rate", ["8", "-0.05"])
def test_a_rate_outside_nought_and_one_is_a_mistake(rate):
    with pytest.raises(ValueError, match="between 0 and 1"):
        portion(1_000, Decimal(rate))


def test_an_invoice_taxes_the_sum_of_each_rate_and_not_the_lines():
    five, eight = Decimal("0.05"), Decimal("0.08")

    taxes = vat_by_rate([(9, five), (9, five), (100, eight), (9, five)])

    assert taxes == {five: 1, eight: 8}
    assert sum(vat(9, five) for _ in range(3)) == 0


def test_the_dong_left_over_goes_to_the_largest_remainder():
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(10, [Decimal("0.25"), Decimal("0.35"), Decimal("0.4")]) == [3, 3, 4]
    assert share(-100, [1, 2]) == [-33, -67]


def test_where_nothing_is_weighed_the_parts_are_equal():
    assert share(5, [0, 0]) == [3, 2]
    assert share(0, []) == []


def test_money_cannot_be_split_over_no_lines():
    with pytest.raises(ValueError, match="over no lines"):
        share(5, [])


def test_a_weight_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        share(5, [2, -1])


@given(amounts, st.lists(weights, min_size=1, max_size=60))
def test_the_parts_sum_to_the_total_and_each_is_within_a_dong_of_its_due(total, due):
    parts = share(total, due)

    assert sum(parts) == total
    if sum(due):
        for part, weight in zip(parts, due, strict=True):
            assert abs(part * sum(due) - total * weight) < sum(due)
