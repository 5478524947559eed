"""What people ask of the activities that are counted by hand, typed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class DefineIndicator:
    """Name an activity that will be counted by hand."""

    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class CountActivity:
    """Count so many on a day; a negative count corrects and must say why."""

    counted_on: date
    quantity: int
    note: str = ""
