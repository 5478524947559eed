"""What people and machines ask of the tallies, typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lims.vocabulary import Discipline, Measure

Planned = tuple[Measure, Discipline]


@dataclass(frozen=True, kw_only=True)
class SumCounts:
    """Sum the counts of a period by dimensions, joined by commas."""

    first: date
    last: date
    by: str


@dataclass(frozen=True, kw_only=True)
class PlannedNumber:
    """So many of a measure in a year."""

    measure: Measure
    discipline: Discipline
    quantity: int


@dataclass(frozen=True, kw_only=True)
class PlanYear:
    """The plan of a year."""

    items: tuple[PlannedNumber, ...]

    @property
    def quantities(self) -> Mapping[Planned, int]:
        """Return the numbers by what they count."""
        return {(row.measure, row.discipline): row.quantity for row in self.items}
