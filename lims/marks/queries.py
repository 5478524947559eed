"""What pages ask about stickers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lims.identity.models import User
from lims.marks.models import Book, Sticker
from lims.vocabulary import StickerState


@dataclass(frozen=True)
class Stock:
    """A book, who holds it, and what became of its numbers."""

    book: Book
    holder: User
    active: int
    reserved: int

    @property
    def spoiled(self) -> int:
        """Count what was skipped or put out of use."""
        return self.book.next - self.book.first - self.active - self.reserved


def books(
    session: Session,
    *,
    holder_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Stock]:
    """List books, the newest first; one row more than `limit`."""
    query = select(Book, User).join(User, User.id == Book.holder_id)
    if holder_id is not None:
        query = query.where(Book.holder_id == holder_id)
    if after is not None:
        query = query.where(Book.id < after)
    rows = session.execute(query.order_by(Book.id.desc()).limit(limit + 1)).all()
    used = _used(session, [book.id for book, _ in rows])
    return [
        Stock(
            book,
            holder,
            used.get((book.id, StickerState.ACTIVE), 0),
            used.get((book.id, StickerState.RESERVED), 0),
        )
        for book, holder in rows
    ]


def _used(session: Session, ids: Sequence[UUID]) -> dict[tuple[UUID, StickerState], int]:
    query = (
        select(Sticker.book_id, Sticker.state, func.count())
        .where(Sticker.book_id.in_(ids))
        .group_by(Sticker.book_id, Sticker.state)
    )
    return {(book, state): count for book, state, count in session.execute(query)}
