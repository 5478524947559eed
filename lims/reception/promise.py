"""The day on which reception promises the work: so many working days ahead."""

from datetime import date, timedelta

USUAL = 5
"""Working days from receipt to return, unless another day is agreed."""

_SATURDAY = 5


def promised(received_on: date, days: int = USUAL) -> date:
    """Count working days ahead; Saturdays and Sundays are none."""
    on = received_on
    while days:
        on += timedelta(days=1)
        days -= on.weekday() < _SATURDAY
    return on
