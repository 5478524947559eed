"""The chain: give each fact its position and a hash that covers all before it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from lims.eventlog.events import canonical
from lims.eventlog.log import GENESIS, Delivery, Entry, Head, Outgoing
from lims.kernel import clock

BATCH = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LOG, OUTBOX, HEAD, OWED = (
    cast("Table", model.__table__) for model in (Entry, Outgoing, Head, Delivery)
)
"""Tables, not mapped classes: half of a round's time went into objects that nobody looked at."""

TOP = select(HEAD.c.position, HEAD.c.hash).with_for_update()
WAITING = select(OUTBOX).order_by(OUTBOX.c.seq)

Subscribers = Callable[[str], Iterable[str]]
"""Given the name of a fact, the names of the handlers that are owed it."""


@dataclass(frozen=True)
class Fault:
    """The first position that does not hold, and why."""

    position: int
    why: str


def link(before: str, row: Any, position: int) -> str:  # noqa: ANN401 - an Entry or a row like it
    """Hash one fact onto the hash before it."""
    fields = [
        position,
        str(row.id),
        row.name,
        str(row.on),
        str(row.subject),
        row.by,
        (row.at - _EPOCH) // (_EPOCH.resolution),
        row.payload,
    ]
    return hashlib.sha256((before + canonical(fields)).encode()).hexdigest()


def advance(session: Session, owed_to: Subscribers, *, limit: int = BATCH) -> int:
    """Move facts from the outbox to the log, in order; return how many were moved.

    The head's row is locked first: a second sequencer waits here and then finds nothing.
    """
    position, before = session.execute(TOP).one()
    waiting = session.execute(WAITING.limit(limit)).all()
    if not waiting:
        return 0
    entries = list(_chained(waiting, position, before))
    session.execute(insert(LOG), entries)
    owed = list(_owed(entries, owed_to))
    if owed:
        session.execute(insert(OWED), owed)
    session.execute(delete(OUTBOX).where(OUTBOX.c.seq.in_([row.seq for row in waiting])))
    last = entries[-1]
    session.execute(update(HEAD).values(position=last["position"], hash=last["hash"]))
    return len(entries)


def _chained(waiting: Iterable[Row[Any]], position: int, before: str) -> Iterator[dict[str, Any]]:
    for row in waiting:
        position += 1
        before = link(before, row, position)
        fields = {key: value for key, value in row._mapping.items() if key != "seq"}  # noqa: SLF001
        yield fields | {"position": position, "hash": before}


def _owed(entries: list[dict[str, Any]], owed_to: Subscribers) -> Iterator[dict[str, Any]]:
    born = clock.now()
    for entry in entries:
        for handler in owed_to(entry["name"]):
            yield {
                "handler": handler,
                "position": entry["position"],
                "state": "owed",
                "due": born,
                "tries": 0,
            }


def verify(session: Session) -> Fault | int:
    """Walk the whole chain; return its length, or the first fault.

    The session looks at one instant: what is sequenced during the walk is no fault.
    """
    before, expected = GENESIS, 0
    for row in _walk(session):
        expected += 1
        if row.position != expected:
            return Fault(expected, "missing")
        if link(before, row, row.position) != row.hash:
            return Fault(row.position, "changed")
        before = row.hash
    head = session.execute(select(Head.position, Head.hash)).one()
    if (head.position, head.hash) != (expected, before):
        return Fault(min(head.position, expected) + 1, "the head does not agree with the log")
    return expected


def _walk(session: Session) -> Iterator[Row[Any]]:
    """Read the log in pages: it need not fit into memory."""
    after = -1
    columns = select(*Entry.__table__.columns).order_by(Entry.position).limit(BATCH)
    while rows := session.execute(columns.where(Entry.position > after)).all():
        yield from rows
        after = rows[-1].position
