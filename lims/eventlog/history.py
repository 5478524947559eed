"""What happened to a thing, read from its facts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.eventlog import events, private
from lims.eventlog.events import Event
from lims.eventlog.log import facts

MOST = 200


@dataclass(frozen=True)
class HistoryEntry:
    """One fact about a thing, its private texts in place."""

    at: datetime | None
    """None while it is being recorded: the sequencer has not given it its place yet."""

    by: str
    fact: Event


def history(session: Session, *subjects: UUID) -> list[HistoryEntry]:
    """Read what happened to things, the latest first by its own day, whenever it was entered."""
    query = select(facts).where(facts.c.subject.in_(subjects))
    latest = query.order_by(facts.c.at.desc(), facts.c.position.desc()).limit(MOST)
    rows = session.execute(latest).all()
    restored = private.restore(session, [events.load(row.name, row.payload) for row in rows])
    entries = [
        HistoryEntry(None if row.position is None else row.at, row.by, fact)
        for row, fact in zip(rows, restored, strict=True)
    ]
    return sorted(entries, key=lambda entry: entry.fact.happened_on, reverse=True)
