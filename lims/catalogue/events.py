"""What the catalogue tells the rest of the centre."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.eventlog.events import Event


@dataclass(frozen=True, kw_only=True)
class PriceSet(Event):
    """A price was decided, to hold from a day on; what was charged before stays as it was."""

    name = "catalogue.price_set"
    about = "service_id"

    service_id: UUID
    code: str
    amount: int
    vat_rate: str
    charged_on_fail: bool
    valid_from: date
    price_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueLoaded(Event):
    """Types, cycles, methods or prices were loaded from a data file."""

    name = "catalogue.loaded"
    about = "load_id"

    load_id: UUID
    what: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class EntryAdded(Event):
    """An instrument type, a method or a service was added to the catalogue."""

    name = "catalogue.entry_added"
    about = "entry_id"

    entry_id: UUID
    what: str
    code: str


@dataclass(frozen=True, kw_only=True)
class EntryChanged(Event):
    """An instrument type, a method or a service was given other words or another state."""

    name = "catalogue.entry_changed"
    about = "entry_id"

    entry_id: UUID
    what: str
    code: str


@dataclass(frozen=True, kw_only=True)
class CycleSet(Event):
    """The legal verification cycle of a type was entered, to hold from a day on."""

    name = "catalogue.cycle_set"
    about = "type_id"

    type_id: UUID
    code: str
    months: int
    valid_from: date
    source: str
    cycle_id: UUID | None = None
