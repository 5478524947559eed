"""What is asked about stickers, typed."""

from dataclasses import dataclass
from uuid import UUID

from lims.vocabulary import Discipline


@dataclass(frozen=True, kw_only=True)
class HandOutBook:
    """Hand a run of stickers to a person, who answers for it."""

    holder_id: UUID
    series: str
    first: int
    last: int
    discipline: Discipline
