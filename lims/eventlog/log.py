"""The outbox, which only shrinks, and the event log, which only grows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    event,
    insert,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import events, private
from lims.eventlog.events import Event
from lims.eventlog.private import PrivateValue
from lims.kernel import clock
from lims.kernel.db import Base, Instant, new_id

GENESIS = "0" * 64
"""The hash before the first fact."""

_PENDING = "facts of this transaction"
_PRIVATE = "private texts of these facts"


class Outgoing(Base):
    """A fact that the sequencer has not given its place yet."""

    __tablename__ = "outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own name

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    on: Mapped[date]
    subject: Mapped[UUID] = mapped_column(index=True)
    by: Mapped[str]
    at: Mapped[datetime]
    payload: Mapped[str]


class Entry(Base):
    """One fact in its place for ever. Triggers refuse UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "event_log"
    __table_args__ = (Index("ix__event_log__on_name", "on", "name"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    on: Mapped[date]
    subject: Mapped[UUID] = mapped_column(index=True)
    by: Mapped[str]
    at: Mapped[datetime]
    payload: Mapped[str]
    hash: Mapped[str]

    def fact(self) -> Event:
        """Read the fact back."""
        return events.load(self.name, self.payload)


class Head(Base):
    """Where the log ends. Its one row is the sequencer's lock."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    position: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default=GENESIS)
    epoch: Mapped[int] = mapped_column(default=1)


class Delivery(Base):
    """What one handler owes one fact: queue, lease, receipt, retry count and dead letter."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix__delivery__owed",
            "due",
            "position",
            sqlite_where=text("state = 'owed'"),
            postgresql_where=text("state = 'owed'"),
        ),
        Index(
            "ix__delivery__failed",
            "position",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    handler: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(ForeignKey(Entry.position), primary_key=True)
    due: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="owed")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(default=None)


facts = Table(
    "facts",
    Base.metadata,
    Column("position", BigInteger, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("on", Date),
    Column("subject", Uuid),
    Column("by", Text),
    Column("at", Instant),
    Column("payload", Text),
    info={"is_view": True},
)
"""The facts as a history shows them: the log, and the outbox as "being recorded"."""


def append(session: Session, *new_facts: Event, by: str) -> None:
    """Write facts down in the transaction that made them true."""
    pending = session.info.setdefault(_PENDING, [])
    private_values = session.info.setdefault(_PRIVATE, [])
    at = clock.now()
    for new_fact in new_facts:
        fact, texts = private.withhold(new_fact)
        private_values += texts
        pending.append(
            {
                "id": new_id(),
                "name": fact.name,
                "on": fact.on,
                "subject": fact.subject,
                "by": by,
                "at": at,
                "payload": events.dump(fact),
            }
        )


def write(session: Session) -> None:
    """Put what was appended into the outbox; on PostgreSQL its trigger wakes the sequencer."""
    rows: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    if not rows:
        return
    session.flush()
    if texts := session.info.pop(_PRIVATE, []):
        session.execute(insert(PrivateValue), texts)
    session.execute(insert(Outgoing), rows)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    write(session)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, _previous: object) -> None:
    session.info.pop(_PENDING, None)
    session.info.pop(_PRIVATE, None)
