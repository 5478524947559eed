"""Stickers: books of numbers in somebody's hands, and what became of each number."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lims.identity.models import User
from lims.kernel.db import Base, new_id
from lims.kernel.errors import RuleBroken
from lims.marks.events import StickersActivated, StickerSpoiled
from lims.vocabulary import Discipline, StickerState


class Book(Base):
    """A run of sticker numbers of one series, in one person's hands."""

    __tablename__ = "sticker_book"
    __table_args__ = (UniqueConstraint("series", "first"),)

    series: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]
    """The lowest number not used yet; taken under the row's lock."""

    discipline: Mapped[Discipline]
    holder_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    handed_out_on: Mapped[date]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def left(self) -> int:
        """Return how many numbers are left."""
        return self.last - self.next + 1

    def take(self, count: int, *, first: int | None = None) -> range:
        """Take consecutive numbers, from `first` or from where the book stands.

        Numbers skipped over count as spoiled: stickers are used in order.
        """
        start = self.next if first is None else first
        if start < self.next or start + count - 1 > self.last:
            raise RuleBroken(
                "Stickers %(from)s to %(to)s are not free in your book %(series)s, whose next "
                "number is %(next)s and last is %(last)s.",
                field="sticker",
                series=self.series,
                next=self.next,
                last=self.last,
                **{"from": start, "to": start + count - 1},
            )
        self.next = start + count
        return range(start, start + count)


class Sticker(Base):
    """One used number: reserved at the result, active at its authorisation."""

    __tablename__ = "sticker"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        Index(
            "uq__sticker__result",
            "result_id",
            unique=True,
            sqlite_where=text("state <> 'spoiled'"),
            postgresql_where=text("state <> 'spoiled'"),
        ),
    )

    book_id: Mapped[UUID] = mapped_column(ForeignKey(Book.id), index=True)
    series: Mapped[str]
    number: Mapped[int]
    result_id: Mapped[UUID]
    state: Mapped[StickerState] = mapped_column(default=StickerState.RESERVED)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def label(self) -> str:
        """Return what is printed on it: 26V-00001."""
        return spelled(self.series, self.number)

    def activate(self, *, on: date) -> StickersActivated:
        """Bring it into force with the result it was reserved for."""
        self.state = StickerState.ACTIVE
        return StickersActivated(
            book_id=self.book_id,
            result_id=self.result_id,
            sticker=self.label,
            sticker_id=self.id,
            on=on,
        )

    def spoil(self, *, reason: str, on: date) -> StickerSpoiled:
        """Put it out of use for ever."""
        self.state = StickerState.SPOILED
        return StickerSpoiled(sticker_id=self.id, sticker=self.label, reason=reason, on=on)


def spelled(series: str, number: int) -> str:
    """Write a sticker as it is printed."""
    return f"{series}-{number:05}"
