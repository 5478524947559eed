"""Projections follow the log in order: each fact leaves lines, and touched cells are summed again.

Counted again and never added to: a cell is always the sum of its lines, so that a number can be
explained by the facts behind it and rebuilt from them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol, cast

from sqlalchemy import Executable, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import events
from lims.eventlog.events import Event
from lims.eventlog.log import Entry, Head
from lims.kernel.db import Base

BATCH = 2_000

Line = Mapping[str, Any]
Key = tuple[Any, ...]
LoggedFact = tuple[int, str, str]
"""A fact as a projection reads it: position, name, payload."""


class Fold(Protocol):
    """A `functools.singledispatch` function from a fact to its lines."""

    @property
    def registry(self) -> Mapping[Any, Callable[..., Iterable[Line]]]:
        """Return the branch of each kind of fact."""

    def __call__(self, fact: Event, /) -> Iterable[Line]:
        """Return the lines a fact leaves; none unless its kind is registered."""


class Follower(Base):
    """How far a projection has read the log."""

    __tablename__ = "follower"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


LOG, PLACES = (cast("Table", model.__table__) for model in (Entry, Follower))
"""Tables, not mapped classes: half of a round's time went into objects that nobody looked at."""

LOGGED_FACTS = select(LOG.c.position, LOG.c.name, LOG.c.payload).order_by(LOG.c.position)


@dataclass(frozen=True)
class Projection:
    """A table of lines (position, measure, keys, amount) and a table of their sums by key.

    `fold` says, without a session, which lines a fact leaves: a single-dispatch function in which
    each kind of fact that counts is registered, once. What is registered there is what is read.
    """

    name: str
    line: Table
    cell: Table
    fold: Fold

    @cached_property
    def facts(self) -> frozenset[str]:
        """Name the facts it reads: those that `fold` has a branch for."""
        kinds = [
            kind for kind in self.fold.registry if issubclass(kind, Event) and kind is not Event
        ]
        return frozenset(kind.name for kind in kinds)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns a cell is found by."""
        return tuple(column.name for column in self.cell.primary_key)

    def lines_of(self, entries: Iterable[LoggedFact]) -> Iterator[dict[str, Any]]:
        """Fold entries of the log into lines."""
        for position, name, payload in entries:
            if name in self.facts:
                for line in self.fold(events.load(name, payload)):
                    yield {**line, "position": position}


def require_counted(projections: Iterable[Projection], kinds: Iterable[type[Event]]) -> None:
    """Refuse to start when a fact that claims to count is read by no projection, or the reverse."""
    read = {name for projection in projections for name in projection.facts}
    claimed = {kind.name for kind in kinds if kind.counted}
    if disagreeing := sorted(read ^ claimed):
        raise TypeError(f"`counted` and the projections disagree about {', '.join(disagreeing)}.")


def behind(session: Session, name: str) -> bool:
    """Tell cheaply whether a projection has facts to read."""
    top = session.scalar(select(Head.position)) or 0
    return (session.scalar(select(Follower.position).where(Follower.name == name)) or 0) < top


def advance(session: Session, projection: Projection, *, limit: int = BATCH) -> int:
    """Read the next facts of the log; return how many were read."""
    at = _hold(session, projection.name)
    query = LOGGED_FACTS.where(LOG.c.position > at).limit(limit)
    entries = session.execute(query).all()
    if not entries:
        return 0
    lines = list(projection.lines_of(entries))
    if lines:
        session.execute(insert(projection.line), lines)
        _sum_again(session, projection, {_key(projection, line) for line in lines})
    _move(session, projection.name, entries[-1][0])
    return len(entries)


def _hold(session: Session, name: str) -> int:
    """Return how far a projection has read, and keep others from moving it."""
    at = session.scalar(select(PLACES.c.position).where(PLACES.c.name == name).with_for_update())
    if at is None:
        at = 0
        session.execute(insert(PLACES), {"name": name, "position": at})
    return at


def _move(session: Session, name: str, position: int) -> None:
    session.execute(update(PLACES).where(PLACES.c.name == name).values(position=position))


def _key(projection: Projection, line: Line) -> Key:
    return tuple(line[name] for name in projection.keys)


def _sum_again(session: Session, projection: Projection, touched: Iterable[Key]) -> None:
    rows = [
        {f"the_{name}": value for name, value in zip(projection.keys, key, strict=True)}
        for key in sorted(touched, key=repr)
    ]
    session.execute(_summing(projection, session.get_bind().dialect.name), rows)


@cache
def _summing(projection: Projection, dialect: str) -> Executable:
    """Build the statement that sums one cell; once, for it is the same at every round."""
    insert_or_update = sqlite.insert if dialect == "sqlite" else postgresql.insert
    cell, line, keys = projection.cell, projection.line, projection.keys
    columns = [line.c[name] for name in keys]
    total = (
        select(*columns, func.sum(line.c.amount))
        .where(
            *(line.c[name] == bindparam(f"the_{name}", type_=cell.c[name].type) for name in keys)
        )
        .group_by(*columns)
    )
    write = insert_or_update(cell).from_select([*keys, "amount"], total)
    return write.on_conflict_do_update(
        index_elements=list(keys), set_={"amount": write.excluded.amount}
    )


def rebuild(session: Session, projection: Projection) -> int:
    """Forget everything and read the log again from its beginning."""
    _hold(session, projection.name)
    session.execute(delete(projection.cell))
    session.execute(delete(projection.line))
    _move(session, projection.name, 0)
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


def _pages(session: Session, upto: int) -> Iterator[Sequence[LoggedFact]]:
    after = 0
    query = LOGGED_FACTS.where(LOG.c.position <= upto).limit(BATCH)
    while page := session.execute(query.where(LOG.c.position > after)).all():
        yield page
        after = page[-1][0]


def _compare(subject: str, expected: dict[Key, int], live: dict[Key, int]) -> Iterator[str]:
    for key in sorted(expected.keys() | live.keys(), key=repr):
        if expected.get(key) != live.get(key):
            values = ", ".join(str(value) for value in key)
            yield f"{subject} ({values}): log {expected.get(key)}, live {live.get(key)}"
