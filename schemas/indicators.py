"""What is counted by hand, as pages write it."""

from lims.indicators.commands import CountActivity, DefineIndicator
from schemas.fields import code, day, text, whole
from schemas.forms import Body


class IndicatorForm(Body):
    """A new activity."""

    command = DefineIndicator

    code = code(40)
    name_vi = text(200, required=True)
    name_en = text(200, required=True)


class CountForm(Body):
    """So many on a day."""

    command = CountActivity

    counted_on = day(required=True)
    quantity = whole(-(10**6), 10**6, required=True)
    note = text(500)
