from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.kernel.money import vat

amounts = st.integers(-(10**13), 10**13)
rates = st.decimals(0, 1, places=4)


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


@pytest.mark.parametrize("rate", ["8", "-0.05"])
def test_a_rate_outside_nought_and_one_is_a_mistake(rate):
    with pytest.raises(ValueError, match="between 0 and 1"):
        vat(1_000, Decimal(rate))
