"""What is counted by hand."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private


@dataclass(frozen=True, kw_only=True)
class IndicatorCounted(Event):
    """So many of an activity that is not laboratory work were done; negative to correct."""

    name = "indicators.counted"
    about = "count_id"

    count_id: UUID
    indicator: str
    quantity: int
    note: Private


@dataclass(frozen=True, kw_only=True)
class IndicatorDefined(Event):
    """An activity was named, to be counted from now on."""

    name = "indicators.defined"
    about = "indicator_id"

    indicator_id: UUID
    code: str
