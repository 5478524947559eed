from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.bench.readings.limits import Limit, Value, meets, read_value
from lims.kernel.errors import RuleBroken

D = Decimal
MOST = Limit(maximum=D("0.05"))
LEAST = Limit(minimum=D(10))
RANGE = Limit(minimum=D("6.5"), maximum=D("8.5"))


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [
        (D("0.05"), MOST, True),
        ("0,050", MOST, True),
        ("0,051", MOST, False),
        ("<0,05", MOST, True),
        ("≤ 0,01", MOST, True),
        ("<0,1", MOST, None),
        (">0,05", MOST, False),
        ("≥0,05", MOST, None),
        (">0,01", MOST, None),
        ("KPH", MOST, True),
        ("10", LEAST, True),
        ("9,9", LEAST, False),
        ("<10", LEAST, False),
        ("≤10", LEAST, None),
        ("<11", LEAST, None),
        (">10", LEAST, True),
        ("≥ 10", LEAST, True),
        (">9", LEAST, None),
        ("not detected", LEAST, False),
        ("6.5", RANGE, True),
        ("8,5", RANGE, True),
        ("6,4", RANGE, False),
        ("8,6", RANGE, False),
        ("<8", RANGE, None),
        ("<6,5", RANGE, False),
        ("1", Limit(), None),
        (None, MOST, None),
        ("1", None, None),
    ],
)
def test_a_result_meets_its_limit_or_not_or_it_cannot_be_told(value, limit, verdict):
    assert meets(value, limit) is verdict


def test_a_result_is_read_as_it_was_typed():
    assert read_value(" <0,010 ") == Value(D("0.010"), "<")
    assert str(read_value("7,20").value) == "7.20"


@pytest.mark.parametrize("typed", ["", "<", "good", "<1.2.3"])
def test_what_is_no_result_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        meets(typed, MOST)

    assert refused.value.field == "value"


def test_a_limit_has_an_inside():
    with pytest.raises(RuleBroken, match="swap them"):
        Limit(minimum=D(2), maximum=D(1))


numbers = st.decimals(-10, 10, places=1)


@given(value=numbers, bound=numbers, side=st.sampled_from("<>≤≥"), ends=st.tuples(numbers, numbers))
def test_a_verdict_on_one_side_holds_for_every_value_on_it(value, bound, side, ends):
    limit = Limit(minimum=min(ends), maximum=max(ends))
    verdict = meets(f"{side}{bound}", limit)
    on_it = {
        "<": value < bound,
        ">": value > bound,
        "≤": value <= bound,
        "≥": value >= bound,
    }[side]

    if on_it and verdict is not None:
        assert meets(value, limit) is verdict
