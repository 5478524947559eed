"""What people and machines ask of the bench."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Union
from uuid import UUID

from lims.vocabulary import Outcome, Place

NO_STICKERS = 0
"""As the first sticker of a sheet: none is used."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a sheet says of all of its items."""

    method_id: UUID
    performed_on: date
    place: Place
    standard_ids: Sequence[UUID] = ()
    environment: Mapping[str, str | Decimal] = field(default_factory=dict)
    """As typed: {"temperature": "27,5", "humidity": "70"}; blanks are left out."""


@dataclass(frozen=True, kw_only=True)
class RecordSheet(Conditions):
    """The verdicts of one sheet, by item."""

    outcomes: Mapping[UUID, Outcome]
    reasons: Mapping[UUID, str] = field(default_factory=dict)
    first_sticker: int | None = None
    """Passes take stickers from here; None goes on where the person's book stands."""

    submit: bool = False
    """Stand by them in the same act."""


@dataclass(frozen=True, kw_only=True)
class RecordMeasurement(Conditions):
    """One item that is measured, not judged; or why nothing was done on it."""

    outcome: Outcome = Outcome.MEASURED
    reason: str = ""
    sticker: int | None = None
    submit: bool = False


@dataclass(frozen=True, kw_only=True)
class Point:
    """One load as it was typed; several readings are parted by blanks or semicolons."""

    nominal: str = ""
    readings: str = ""
    standard_error: str = ""
    standard_U: str = ""  # noqa: N815 - the symbol of the certificate
    standard_k: str = ""


@dataclass(frozen=True, kw_only=True)
class BalanceReadings:
    """The calibration of a balance as it was typed; loads by their row."""

    unit: str = ""
    resolution: str = ""
    repeatability: str = ""
    eccentricity: str = ""
    eccentricity_load: str = ""
    points: Mapping[int, Point] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordCalibration(RecordMeasurement, BalanceReadings):
    """The calibration of one balance."""


@dataclass(frozen=True, kw_only=True)
class RecordTest(RecordMeasurement):
    """The values of one sample, by the codes of its service's parameters."""

    values: Mapping[str, str] = field(default_factory=dict)


Reading = Union[str, Sequence["Reading"], Mapping[str, "Reading"]]  # noqa: UP007 - it is recursive
"""What a machine read, as text: one figure, a list of them, or named ones."""


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One row of a machine's batch: the result of one item."""

    item_id: UUID
    method: str
    """Its number, edition or id."""

    performed_on: date
    standards: Sequence[str] = ()
    """Codes or ids."""

    environment: Mapping[str, str | Decimal] = field(default_factory=dict)
    place: Place | None = None
    """By default the order's."""

    outcome: Outcome | None = None
    reason: str = ""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    sticker: str = ""


@dataclass(frozen=True, kw_only=True)
class ChooseResults:
    """Results that go on together."""

    ids: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class GiveReason:
    """Why a result is sent back or withdrawn."""

    reason: str
