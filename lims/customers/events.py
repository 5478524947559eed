"""What the customer register tells the rest of the centre."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.eventlog.events import Event
from lims.vocabulary import CustomerKind


@dataclass(frozen=True, kw_only=True)
class CustomerAdded(Event):
    """A customer was entered; facts carry no personal number."""

    name = "customers.customer_added"
    about = "customer_id"

    customer_id: UUID
    kind: CustomerKind


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """A customer's particulars changed; what was issued before stays as it was."""

    name = "customers.customer_changed"
    about = "customer_id"

    customer_id: UUID
    fields: str
    """Names of what changed, joined by blanks."""


@dataclass(frozen=True, kw_only=True)
class InstrumentRegistered(Event):
    """An instrument was seen for the first time."""

    name = "customers.instrument_registered"
    about = "instrument_id"

    instrument_id: UUID
    type_code: str


@dataclass(frozen=True, kw_only=True)
class InstrumentDueSet(Event):
    """An instrument's verification holds until a day, or no longer holds at all."""

    name = "customers.instrument_due_set"
    about = "instrument_id"

    instrument_id: UUID
    result_id: UUID
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class InstrumentChanged(Event):
    """What the registry says of an instrument was corrected; certificates keep what they say."""

    name = "customers.instrument_changed"
    about = "instrument_id"

    instrument_id: UUID
    fields: str
    """Names of what changed, joined by blanks."""
