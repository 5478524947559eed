"""Projections follow the log in order: each fact leaves lines, and touched cells are summed again.

Counted again and never added to: a cell is always the sum of its lines, so that a number can be
explained by the facts behind it and rebuilt from them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel.db import Base
from lims.kernel.events import Event
from lims.kernel.log import Entry, Head

BATCH = 2_000

Line = Mapping[str, Any]
Fold = Callable[[Event], Iterable[Line]]
Key = tuple[Any, ...]


class Follower(Base):
    """How far a projection has read the log."""

    __tablename__ = "follower"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Projection:
    """A table of lines (position, measure, keys, amount) and a table of their sums by key.

    `fold` says, without a session, which lines a fact leaves; `facts` names the facts it reads.
    """

    name: str
    line: Table
    cell: Table
    facts: frozenset[str]
    fold: Fold

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns a cell is found by."""
        return tuple(column.name for column in self.cell.primary_key)

    def lines_of(self, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
        """Fold entries of the log into lines."""
        for entry in entries:
            if entry.name in self.facts:
                for line in self.fold(entry.fact()):
                    yield {**line, "position": entry.position}


def behind(session: Session, name: str) -> bool:
    """Tell cheaply whether a projection has facts to read."""
    top = session.scalar(select(Head.position)) or 0
    return (session.scalar(select(Follower.position).where(Follower.name == name)) or 0) < top


def advance(session: Session, projection: Projection, *, limit: int = BATCH) -> int:
    """Read the next facts of the log; return how many were read."""
    place = _place(session, projection.name)
    query = select(Entry).where(Entry.position > place.position).order_by(Entry.position)
    entries = session.scalars(query.limit(limit)).all()
    if not entries:
        return 0
    lines = list(projection.lines_of(entries))
    if lines:
        session.execute(insert(projection.line), lines)
        _sum_again(session, projection, {_key(projection, line) for line in lines})
    place.position = entries[-1].position
    session.flush()
    for entry in entries:
        session.expunge(entry)
    return len(entries)


def _place(session: Session, name: str) -> Follower:
    place = session.get(Follower, name, with_for_update=True, populate_existing=True)
    if place is None:
        place = Follower(name=name)
        session.add(place)
        session.flush()
    return place


def _key(projection: Projection, line: Line) -> Key:
    return tuple(line[name] for name in projection.keys)


def _sum_again(session: Session, projection: Projection, touched: Iterable[Key]) -> None:
    cell, line, keys = projection.cell, projection.line, projection.keys
    here = and_(*(line.c[name] == cell.c[name] for name in keys))
    total = select(func.sum(line.c.amount)).where(here).scalar_subquery()
    rows = [dict(zip(keys, key, strict=True)) for key in sorted(touched, key=repr)]
    session.execute(_unless_there(session, cell), [row | {"amount": 0} for row in rows])
    for row in rows:
        this = and_(*(cell.c[name] == value for name, value in row.items()))
        session.execute(update(cell).where(this).values(amount=total))


def _unless_there(session: Session, cell: Table) -> Any:  # noqa: ANN401 - one of two dialects
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(cell).on_conflict_do_nothing()


def rebuild(session: Session, projection: Projection) -> int:
    """Forget everything and read the log again from its beginning."""
    place = _place(session, projection.name)
    session.execute(delete(projection.cell))
    session.execute(delete(projection.line))
    place.position = 0
    session.flush()
    read = 0
    while count := advance(session, projection):
        read += count
    return read


def differences(session: Session, projection: Projection) -> list[str]:
    """Compare the live tables with the log read again up to where the projection stands."""
    upto = session.scalar(select(Follower.position).where(Follower.name == projection.name)) or 0
    lines: Counter[Key] = Counter()
    sums: Counter[Key] = Counter()
    columns = [column.name for column in projection.line.columns]
    for entries in _pages(session, upto):
        for line in projection.lines_of(entries):
            lines[tuple(line[name] for name in columns)] += 1
            sums[_key(projection, line)] += line["amount"]
    live_lines = Counter(tuple(row) for row in session.execute(select(projection.line)))
    columns_of_cell = [projection.cell.c[name] for name in projection.keys]
    live = {
        tuple(key): amount
        for *key, amount in session.execute(select(*columns_of_cell, projection.cell.c.amount))
    }
    return [
        *_compare(f"{projection.name} line", dict(lines), dict(live_lines)),
        *_compare(f"{projection.name} cell", dict(sums), live),
    ]


def _pages(session: Session, upto: int) -> Iterator[Sequence[Entry]]:
    after = 0
    query = select(Entry).where(Entry.position <= upto).order_by(Entry.position).limit(BATCH)
    while page := session.scalars(query.where(Entry.position > after)).all():
        yield page
        after = page[-1].position
        session.expunge_all()


def _compare(what: str, told: dict[Key, int], live: dict[Key, int]) -> Iterator[str]:
    for key in sorted(told.keys() | live.keys(), key=repr):
        if told.get(key) != live.get(key):
            values = ", ".join(str(value) for value in key)
            yield f"{what} ({values}): log {told.get(key)}, live {live.get(key)}"
