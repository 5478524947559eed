"""Results as pages and machines write them."""

from typing import Any

from marshmallow import Schema, fields, pre_load

from lims.bench.commands import (
    NO_STICKERS,
    ChooseResults,
    GiveReason,
    Point,
    RecordCalibration,
    RecordSheet,
    RecordTest,
    ResultRow,
)
from lims.vocabulary import Discipline, Outcome, Place, ResultState
from schemas import forms
from schemas.fields import Exact, Sentence, Text, choice, day, id_, many, text, whole
from schemas.forms import Body, Inner, Pairs, Rows, TextTree

MOST = 1_000
POINTS = 10
"""Loads that the page of a balance has room for."""

LAST_STICKER = 99_999_999
SERIES = 2_000
"""Letters of a row of readings."""


class EnvironmentForm(Body):
    """The conditions of the work."""

    temperature = text(20)
    humidity = text(20)
    pressure = text(20)


class ConditionsForm(Body):
    """What a sheet says of all of its items, and whether to submit it at once."""

    method_id = id_(required=True)
    standard_ids = many(id_(), least=0, load_default=list, data_key="standards")
    performed_on = day(required=True)
    place = choice(Place, required=True)
    environment = Inner(EnvironmentForm, load_default=dict)
    submit = fields.Boolean(
        data_key="act",
        truthy={"submit"},
        falsy={"save"},
        load_default=False,
        error_messages={"invalid": Sentence("This is not possible.")},
    )


class SheetForm(ConditionsForm):
    """The outcome of each item: `outcome.ID`, `reason.ID`; one without an outcome is for later."""

    command = RecordSheet

    outcomes = Pairs(id_(), choice(Outcome), data_key="outcome")
    reasons = Pairs(id_(), text(300), data_key="reason")
    first_sticker = whole(1, LAST_STICKER, load_default=NO_STICKERS, data_key="sticker")


class MeasurementForm(ConditionsForm):
    """The outcome of one item that is measured, not judged."""

    outcome = choice(Outcome, load_default=Outcome.MEASURED)
    reason = text(300)
    sticker = whole(1, LAST_STICKER, load_default=None)


class PointForm(Body):
    """One load of a balance."""

    command = Point

    nominal = text(SERIES)
    readings = text(SERIES)
    standard_error = text(SERIES)
    standard_U = text(SERIES)  # noqa: N815 - the symbol of the certificate
    standard_k = text(SERIES)


class BalanceForm(MeasurementForm):
    """The calibration of a balance: `points.0.nominal`; the value of k alone begins no load."""

    command = RecordCalibration

    unit = text(20)
    resolution = text(40)
    repeatability = text(SERIES, lines=True)
    eccentricity = text(40)
    eccentricity_load = text(40)
    points = Rows(PointForm, begun=("nominal", "readings", "standard_error", "standard_U"))


class SampleForm(MeasurementForm):
    """The values of a sample: `values.CODE` for each parameter."""

    command = RecordTest

    values = Pairs(text(100), text(100))


class ResultReasonBody(forms.ReasonBody):
    """Why a result is sent back or withdrawn."""

    command = GiveReason


class ChosenForm(Body):
    """The results that were ticked."""

    command = ChooseResults

    ids = many(id_(), least=0, load_default=list)


class ResultBody(Body):
    """The result of one item; rows that say the same of everything else share a sheet."""

    command = ResultRow

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
    readings = TextTree(
        load_default=dict,
        metadata={
            "description": "text as read. Calibration: unit, resolution, repeatability, "
            "eccentricity, points. Testing: a value for each code of a parameter."
        },
    )
    sticker = Text(load_default="", metadata={"description": "its number, with or without series"})


class ChosenBody(Body):
    """A batch of results; the bare list of ids will do."""

    command = ChooseResults

    ids = many(id_(), most=MOST, required=True)

    @pre_load
    def _wrap(self, body: Any, **_: object) -> Any:  # noqa: ANN401 - whatever was sent
        return {"ids": body} if isinstance(body, list) else body


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
    sent_back = fields.String(attribute="return_reason")


class UsedSchema(Schema):
    """A standard with the certificate it had that day."""

    code = fields.String()
    name = fields.String()
    certificate = fields.String()
    due_on = fields.Date()


class DetailsSchema(Schema):
    """What a result stands on, from `ResultDetails`."""

    readings = fields.Dict(attribute="result.readings")
    order_id = fields.UUID(attribute="order.id")
    item_code = fields.String(attribute="item.code")
    discipline = fields.Enum(Discipline, by_value=True, attribute="item.discipline")
    method = fields.String(attribute="method.cited")
    place = fields.Enum(Place, by_value=True, attribute="sheet.place")
    environment = fields.Dict(
        keys=fields.String(), values=fields.String(), attribute="sheet.environment"
    )
    standards = fields.List(fields.Nested(UsedSchema))
    sticker = fields.String()
    minutes = fields.Function(lambda details: details.minutes.number if details.minutes else "")


class ResultDetailsSchema(ResultSchema, DetailsSchema):
    """A result with what it stands on."""


class ResultsSchema(Schema):
    """The results of a batch, in the order they were sent."""

    items = fields.List(fields.Nested(ResultSchema))
