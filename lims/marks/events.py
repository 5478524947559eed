"""What the sticker stock tells the rest of the centre."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private


@dataclass(frozen=True, kw_only=True)
class BookHandedOut(Event):
    """A run of stickers was handed to an inspector, who answers for it."""

    name = "marks.book_handed_out"
    about = "book_id"

    book_id: UUID
    series: str
    first: int
    last: int
    holder: str


@dataclass(frozen=True, kw_only=True)
class StickersActivated(Event):
    """Stickers came into force with the results they were reserved for."""

    name = "marks.stickers_activated"
    about = "book_id"

    book_id: UUID
    result_id: UUID
    sticker: str
    sticker_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class StickerSpoiled(Event):
    """A sticker cannot be used any more: torn, or its result was sent back or withdrawn."""

    name = "marks.sticker_spoiled"
    about = "sticker_id"

    sticker_id: UUID
    sticker: str
    reason: Private
