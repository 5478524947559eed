"""Results as pages and machines write them."""

from typing import Any

from marshmallow import Schema, fields, pre_load

from lims.vocabulary import Discipline, Outcome, Place, ResultState
from schemas.fields import Exact, Text, choice, day, id_, many, text, whole
from schemas.forms import Body, Form, Pairs

MOST = 1_000
POINTS = 10
"""Loads that the page of a balance has room for."""

LAST_STICKER = 99_999_999
SERIES = 2_000
"""Letters of a row of readings."""


class ConditionsForm(Form):
    """What a sheet says of all of its items, and whether to submit it at once."""

    method_id = id_(required=True)
    standards = many(id_(), least=0, load_default=list)
    performed_on = day(required=True)
    place = choice(Place, required=True)
    temperature = text(20, data_key="environment.temperature")
    humidity = text(20, data_key="environment.humidity")
    pressure = text(20, data_key="environment.pressure")
    sticker = whole(1, LAST_STICKER, load_default=None)
    act = text(20)


class SheetForm(ConditionsForm):
    """The outcome of each item: `outcome.ID`, `reason.ID`; one without an outcome is for later."""

    outcomes = Pairs(id_(), choice(Outcome), data_key="outcome")
    reasons = Pairs(id_(), text(300), data_key="reason")


class MeasuredForm(ConditionsForm):
    """The outcome of one item that is measured, not judged."""

    outcome = choice(Outcome, load_default=Outcome.MEASURED)
    reason = text(300)


class BalanceHead(MeasuredForm):
    """The calibration of a balance, apart from its loads."""

    unit = text(20)
    resolution = text(40)
    repeatability = text(SERIES, lines=True)
    eccentricity = text(40)
    eccentricity_load = text(40)


def _load(row: int) -> dict[str, Any]:
    names = ("nominal", "readings", "standard_error", "standard_U", "standard_k")
    return {f"{name}_{row}": text(SERIES, data_key=f"points.{row}.{name}") for name in names}


BalanceForm = BalanceHead.from_dict(
    {name: one for row in range(POINTS) for name, one in _load(row).items()}, name="BalanceForm"
)
"""The calibration of a balance at up to ten loads."""


class SampleForm(MeasuredForm):
    """The values of a sample: `values.CODE` for each parameter."""

    values = Pairs(text(100), text(100))


class BackForm(Form):
    """Why a result is sent back or withdrawn."""

    reason = text(500, required=True)


class ChosenForm(Form):
    """The results that were ticked."""

    ids = many(id_(), least=0, load_default=list)


class ResultBody(Body):
    """The result of one item; rows that say the same of everything else share a sheet."""

    item_id = id_(required=True)
    method = text(100, required=True, metadata={"description": "its number, edition or id"})
    standards = many(text(60), least=0, load_default=list, metadata={"description": "codes or ids"})
    environment = fields.Dict(
        keys=text(40),
        values=Exact(),
        load_default=dict,
        metadata={"description": 'as read, in °C, % and hPa: {"temperature": "27.5"}'},
    )
    performed_on = day(required=True)
    place = choice(Place, load_default=None, metadata={"description": "by default the order's"})
    outcome = choice(Outcome, load_default=None)
    reason = text(300)
    readings = fields.Dict(
        load_default=dict,
        metadata={
            "description": "text as read. Calibration: unit, resolution, repeatability, "
            "eccentricity, points. Testing: a value for each code of a parameter."
        },
    )
    sticker = Text(load_default="", metadata={"description": "its number, with or without series"})


class ChosenBody(Body):
    """A batch of results; the bare list of ids will do."""

    ids = many(id_(), most=MOST, required=True)

    @pre_load
    def _wrap(self, said: Any, **_: object) -> Any:  # noqa: ANN401 - whatever was sent
        return {"ids": said} if isinstance(said, list) else said


class ResultSchema(Schema):
    """A result as we show it."""

    id = fields.UUID()
    item_id = fields.UUID()
    sheet_id = fields.UUID()
    outcome = fields.Enum(Outcome, by_value=True)
    reason = fields.String()
    state = fields.Enum(ResultState, by_value=True)
    performed_by = fields.String()
    performed_on = fields.Date()
    checked_by = fields.String(allow_none=True)
    authorised_by = fields.String(allow_none=True)
    authorised_on = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    sent_back = fields.String()


class UsedSchema(Schema):
    """A standard with the certificate it had that day."""

    code = fields.String()
    name = fields.String(attribute="named")
    certificate = fields.String()
    due_on = fields.Date()


class WholeResultSchema(ResultSchema):
    """A result with what it stands on."""

    readings = fields.Dict()
    order_id = fields.UUID()
    item_code = fields.String()
    discipline = fields.Enum(Discipline, by_value=True)
    method = fields.String()
    place = fields.Enum(Place, by_value=True)
    environment = fields.Dict(keys=fields.String(), values=fields.String())
    standards = fields.List(fields.Nested(UsedSchema))
    sticker = fields.String()
    minutes = fields.String()


class ResultsSchema(Schema):
    """The results of a batch, in the order they were sent."""

    items = fields.List(fields.Nested(ResultSchema))
