from datetime import date

import pytest

from lims.reception.models import FOLLOWS, promised
from lims.vocabulary import ItemState


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
    assert promised(received, days) == expected


def test_what_has_gone_back_is_moved_no_more():
    assert FOLLOWS[ItemState.HANDED_OVER] == frozenset()
    assert set(FOLLOWS) == set(ItemState)
