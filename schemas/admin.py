"""What the administrator's pages send: dated values, and which deliveries to try again."""

from lims.settings.commands import RetryDeliveries, SetHoliday, SetParameter
from schemas.fields import day, text, whole, yes
from schemas.forms import Body


class ValueForm(Body):
    """A value of a parameter from a day on."""

    command = SetParameter

    name = text(100, required=True)
    valid_from = day(required=True)
    value = text(500, required=True)
    source = text(300, required=True)


class HolidayForm(Body):
    """A day that is not what its weekday says; what is not ticked is a day of rest."""

    command = SetHoliday

    day = day(required=True)
    name = text(200, required=True)
    working = yes()
    source = text(300, required=True)


class RetryForm(Body):
    """Which failed delivery is owed again; neither means all."""

    command = RetryDeliveries

    handler = text(200, load_default=None)
    position = whole(1, 2**62, load_default=None)
