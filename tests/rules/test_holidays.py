from datetime import date

import pytest

from lims.settings.holidays import count_on


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        (date(2026, 3, 3), 5, date(2026, 3, 10)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 3), 0, date(2026, 3, 3)),
    ],
)
def test_saturdays_and_sundays_are_no_working_days(received, days, expected):
    assert count_on(received, days, {}) == expected


def test_what_is_declared_goes_before_the_weekday():
    thursday, friday, saturday = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 10)
    declared = {thursday: False, friday: False, saturday: True}

    assert count_on(date(2025, 12, 31), 1, declared) == date(2026, 1, 5)
    assert count_on(date(2026, 1, 9), 1, declared) == saturday
