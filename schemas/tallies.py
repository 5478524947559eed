"""The month in numbers as pages and machines ask for it."""

from marshmallow import EXCLUDE, Schema, fields

from lims.tallies.commands import PlannedNumber, PlanYear, SumCounts
from lims.vocabulary import Discipline, Measure
from schemas.fields import choice, code, day, many, whole
from schemas.forms import Body, Inner


class TallyArgs(Body):
    """Which counts: a period and the dimensions to sum by, joined by commas."""

    command = SumCounts

    class Meta:
        """Let other words of the address pass."""

        unknown = EXCLUDE

    first = day(required=True, data_key="from")
    last = day(required=True, data_key="to")
    by = code(100, metadata={"description": "year,month,day,measure,discipline,field,area"})


class TallyRow(Schema):
    """One sum and what it is of."""

    year = fields.Integer()
    month = fields.Integer()
    day = fields.Date()
    measure = fields.String()
    discipline = fields.String()
    field = fields.String()
    area = fields.String()
    amount = fields.Integer()


class Tallies(Schema):
    """The sums that were asked for."""

    items = fields.List(fields.Nested(TallyRow))


class PlannedRow(Body):
    """One planned number."""

    command = PlannedNumber

    measure = choice(Measure, required=True)
    discipline = choice(Discipline, required=True)
    quantity = whole(0, 10**7, required=True)


class PlanBody(Body):
    """A year's plan."""

    command = PlanYear

    items = many(Inner(PlannedRow), most=100, required=True)
