"""A dated value is history once it was in force."""

from datetime import date

import pytest

from lims.kernel.errors import RuleBroken
from lims.settings.parameters import Parameter

TODAY = date(2026, 3, 3)


def parameter(valid_from):
    return Parameter(name="base_salary", valid_from=valid_from, value="2340000", source="NĐ 73")


def test_a_value_that_was_in_force_stays():
    old = parameter(date(2024, 7, 1))

    with pytest.raises(RuleBroken, match="was in force"):
        old.put(value="2530000", source="NĐ 161", on=TODAY)

    assert old.value == "2340000"


@pytest.mark.parametrize("valid_from", [TODAY, date(2026, 7, 1)])
def test_a_value_of_today_or_later_may_be_corrected(valid_from):
    coming = parameter(valid_from)

    told = coming.put(value="2530000", source="NĐ 161", on=TODAY)

    assert (coming.value, told.value, told.parameter) == ("2530000", "2530000", "base_salary")
    assert told.valid_from == valid_from
