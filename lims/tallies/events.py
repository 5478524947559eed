"""What the tallies tell."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanSet(Event):
    """A year's plan was entered or changed."""

    name = "tallies.plan_set"
    about = "plan_id"

    plan_id: UUID
    year: int
    measure: str
    discipline: str
    quantity: int
