"""What the bench tells the rest of the centre."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private
from lims.vocabulary import Discipline, Field, Outcome


@dataclass(frozen=True, kw_only=True)
class ResultRecorded(Event):
    """Work on an item was written down; nobody but its author relies on it yet."""

    name = "bench.result_recorded"
    about = "result_id"

    result_id: UUID
    item_id: UUID
    sheet_id: UUID
    outcome: Outcome
    reason: Private


@dataclass(frozen=True, kw_only=True)
class ResultChanged(Event):
    """A result was written again before it was submitted; the old one stands in the log."""

    name = "bench.result_changed"
    about = "result_id"

    result_id: UUID
    item_id: UUID
    outcome: Outcome
    before: Outcome
    reason: Private
    sheet_id: UUID | None = None
    """The sheet it stands on now; another one where the conditions changed."""


@dataclass(frozen=True, kw_only=True)
class ResultSubmitted(Event):
    """The person who worked on the item stands by the result."""

    name = "bench.result_submitted"
    about = "result_id"

    result_id: UUID
    item_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResultChecked(Event):
    """A second person agreed with the result (ISO/IEC 17025:2017, 7.8.1.1)."""

    name = "bench.result_checked"
    about = "result_id"

    result_id: UUID
    item_id: UUID
    checker: str


@dataclass(frozen=True, kw_only=True)
class ResultSentBack(Event):
    """The checker or the signatory wants the result looked at again."""

    name = "bench.result_sent_back"
    about = "result_id"

    result_id: UUID
    item_id: UUID
    reason: Private


@dataclass(frozen=True, kw_only=True)
class ResultAuthorised(Event):
    """The centre answers for the result: counted, charged and certified because of this fact."""

    name = "bench.result_authorised"
    about = "result_id"
    counted = True

    result_id: UUID
    item_id: UUID
    order_id: UUID
    contract_id: UUID | None
    instrument_id: UUID | None
    service_id: UUID
    discipline: Discipline
    field: Field
    area: str
    outcome: Outcome
    units: int
    performed_on: date
    valid_until: date | None
    """Of a verification that passed; None where the law sets no cycle, and for everything else."""


@dataclass(frozen=True, kw_only=True)
class ResultWithdrawn(Event):
    """The centre no longer answers for a result; what hung on it is taken back."""

    name = "bench.result_withdrawn"
    about = "result_id"
    counted = True

    result_id: UUID
    item_id: UUID
    order_id: UUID
    contract_id: UUID | None
    instrument_id: UUID | None
    service_id: UUID
    discipline: Discipline
    field: Field
    area: str
    outcome: Outcome
    units: int
    authorised_on: date
    reason: Private


@dataclass(frozen=True, kw_only=True)
class MinutesIssued(Event):
    """The minutes of one sheet of work were numbered and fixed, fails included."""

    name = "bench.minutes_issued"
    about = "minutes_id"

    minutes_id: UUID
    number: str
    order_id: UUID
    items: int
