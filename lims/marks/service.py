"""What is done with stickers: books handed out, numbers reserved, activated and spoiled."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lims.eventlog import log
from lims.identity.models import User
from lims.kernel import clock
from lims.kernel.db import fetch, new_id
from lims.kernel.errors import RuleBroken
from lims.marks.commands import HandOutBook
from lims.marks.events import BookHandedOut
from lims.marks.models import Book, Sticker, spelled
from lims.vocabulary import Discipline, StickerState

CHUNK = 500
"""How many ids one statement names."""


def hand_out(session: Session, command: HandOutBook, *, by: str) -> Book:
    """Hand a run of stickers to a person, who answers for it."""
    if command.last < command.first:
        raise RuleBroken("The last number comes before the first.", field="last")
    holder = fetch(session, User, command.holder_id)
    _require_free(session, command.series, command.first, command.last)
    book = Book(
        series=command.series,
        first=command.first,
        last=command.last,
        next=command.first,
        discipline=command.discipline,
        holder_id=holder.id,
        handed_out_on=clock.today(),
    )
    session.add(book)
    handed_out = BookHandedOut(
        book_id=book.id,
        series=book.series,
        first=book.first,
        last=book.last,
        holder=holder.login,
        on=clock.today(),
    )
    log.append(session, handed_out, by=by)
    return book


def _require_free(session: Session, series: str, first: int, last: int) -> None:
    query = select(Book).where(Book.series == series, Book.first <= last, Book.last >= first)
    other = session.scalars(query.limit(1)).first()
    if other is not None:
        raise RuleBroken(
            "Stickers %(first)s to %(last)s of %(series)s were handed out already: choose other "
            "numbers.",
            field="first",
            first=spelled(series, other.first),
            last=spelled(series, other.last),
            series=series,
        )


def book_of(session: Session, holder_id: UUID, discipline: Discipline) -> Book | None:
    """Return the book a person takes the next sticker from; None when there is none left."""
    return next(iter(_books(session, holder_id, discipline)), None)


def _books(
    session: Session, holder_id: UUID, discipline: Discipline, *, hold: bool = False
) -> list[Book]:
    """List a person's books with numbers left, the one begun first at the head."""
    query = (
        select(Book)
        .where(Book.holder_id == holder_id, Book.discipline == discipline, Book.next <= Book.last)
        .order_by(Book.id)
    )
    query = query.with_for_update() if hold else query
    return list(session.scalars(query.execution_options(populate_existing=hold)))


def reserve(
    session: Session,
    holder_id: UUID,
    result_ids: Sequence[UUID],
    *,
    discipline: Discipline,
    first: int | None,
) -> dict[UUID, str]:
    """Reserve stickers for results, in their order, from `first` or from where the books stand.

    Locks: the person's books, in key order. A named first number must lie in one book together
    with all that follow; without it the next book goes on where one ends. The reservation is told
    with the result it is for; its own fact comes with the authorisation.
    """
    if not result_ids:
        return {}
    books = _books(session, holder_id, discipline, hold=True)
    if first is not None:
        books = [book for book in books if book.first <= first <= book.last] or books[:1]
    taken = list(_taken(books, len(result_ids), first))
    _require_enough(len(result_ids), len(taken))
    session.flush()
    rows = [
        _reserved(book, number, result_id)
        for result_id, (book, number) in zip(result_ids, taken, strict=True)
    ]
    session.execute(insert(Sticker), rows)
    return {row["result_id"]: spelled(row["series"], row["number"]) for row in rows}


def _require_enough(wanted: int, taken: int) -> None:
    if taken < wanted:
        raise RuleBroken(
            "%(count)s stickers are needed and %(left)s are left in your books: ask the quality "
            "manager to hand out another book.",
            field="sticker",
            count=wanted,
            left=taken,
        )


class StickerRow(TypedDict):
    """The columns of a reserved sticker: a dictionary, since hundreds go into one statement."""

    id: UUID
    book_id: UUID
    series: str
    number: int
    result_id: UUID
    state: StickerState


def _reserved(book: Book, number: int, result_id: UUID) -> StickerRow:
    return StickerRow(
        id=new_id(),
        book_id=book.id,
        series=book.series,
        number=number,
        result_id=result_id,
        state=StickerState.RESERVED,
    )


def _taken(books: Sequence[Book], count: int, first: int | None) -> Iterator[tuple[Book, int]]:
    if first is not None:
        for book in books[:1]:
            yield from ((book, number) for number in book.take(count, first=first))
        return
    for book in books:
        share = min(count, book.left)
        yield from ((book, number) for number in book.take(share))
        count -= share
        if not count:
            return


def activate(session: Session, result_ids: Sequence[UUID], *, on: date, by: str) -> dict[UUID, str]:
    """Bring the stickers reserved for results into force; return the sticker of each result."""
    held = _held(session, result_ids)
    for sticker in held:
        if sticker.state is StickerState.RESERVED:
            log.append(session, sticker.activate(on=on), by=by)
    return {sticker.result_id: spelled(sticker.series, sticker.number) for sticker in held}


def spoil(session: Session, result_ids: Sequence[UUID], *, reason: str, on: date, by: str) -> None:
    """Put the stickers of results out of use: sent back, withdrawn, torn."""
    for sticker in _held(session, result_ids):
        log.append(session, sticker.spoil(reason=reason, on=on), by=by)


def _held(session: Session, result_ids: Sequence[UUID]) -> list[Sticker]:
    """Lock the stickers of results that are not spoiled, in key order."""
    stickers: list[Sticker] = []
    for chunk in _chunks(sorted(set(result_ids))):
        query = select(Sticker).where(
            Sticker.result_id.in_(chunk), Sticker.state != StickerState.SPOILED
        )
        locked = query.order_by(Sticker.id).with_for_update()
        stickers += session.scalars(locked.execution_options(populate_existing=True))
    return stickers


def labels(session: Session, result_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the sticker of each result that has one."""
    labels: dict[UUID, str] = {}
    for chunk in _chunks(sorted(set(result_ids))):
        query = select(Sticker.result_id, Sticker.series, Sticker.number).where(
            Sticker.result_id.in_(chunk), Sticker.state != StickerState.SPOILED
        )
        labels |= {key: spelled(series, number) for key, series, number in session.execute(query)}
    return labels


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
