"""What the administrator asks of the settings and of the deliveries, typed."""

from dataclasses import dataclass
from datetime import date

from lims.vocabulary import PeriodKind


@dataclass(frozen=True, kw_only=True)
class SetParameter:
    """Enter a value that holds from a day on."""

    name: str
    valid_from: date
    value: str
    source: str


@dataclass(frozen=True, kw_only=True)
class SetHoliday:
    """Declare a day of rest, or of work in exchange for another."""

    day: date
    name: str
    working: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class RetryDeliveries:
    """Owe again what had failed: one delivery, those of a handler, or all."""

    handler: str | None = None
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClosePeriod:
    """The days of one kind that are closed, the first and the last included."""

    kind: PeriodKind
    first: date
    last: date
