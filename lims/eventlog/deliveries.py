"""What the workers owe: leased, received with the effect, tried again, or failed for a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lims.eventlog.log import Delivery, Entry
from lims.kernel import clock

WINDOW = 2_000
"""How many deliveries one lease takes at the most."""

TRIES = 8
"""After so many failures a person is asked."""

FAST, SLOW = timedelta(seconds=15), timedelta(seconds=120)


@dataclass(frozen=True)
class Lease:
    """One handler's share of what was leased, in order."""

    handler: str
    positions: tuple[int, ...]


def lease(session: Session, leases: Mapping[str, timedelta]) -> list[Lease]:
    """Take what is due, until its lease runs out; a message is sent for it after the commit.

    `leases` says for how long, by the name of the handler; a handler that this process does
    not know is left alone.
    """
    now = clock.now()
    due = (
        select(Delivery.handler, Delivery.position)
        .where(Delivery.state == "owed", Delivery.due <= now, Delivery.handler.in_(list(leases)))
        .order_by(Delivery.due, Delivery.position)
        .limit(WINDOW)
        .with_for_update(skip_locked=True)
    )
    taken: dict[str, list[int]] = defaultdict(list)
    for handler, position in session.execute(due):
        taken[handler].append(position)
    for handler, positions in taken.items():
        session.execute(
            update(Delivery)
            .where(Delivery.handler == handler, Delivery.position.in_(positions))
            .values(due=now + leases[handler])
            .execution_options(synchronize_session=False)
        )
    return [Lease(handler, tuple(sorted(positions))) for handler, positions in taken.items()]


def any_due(session: Session, handlers: Sequence[str]) -> bool:
    """Tell cheaply whether a lease would find something."""
    due = select(Delivery.position).where(
        Delivery.state == "owed", Delivery.due <= clock.now(), Delivery.handler.in_(handlers)
    )
    return session.execute(due.limit(1)).first() is not None


def receive(session: Session, handler: str, positions: Sequence[int]) -> list[Entry]:
    """Write the receipt, in the transaction of the effect; return the facts still owed."""
    received = session.scalars(
        update(Delivery)
        .where(
            Delivery.handler == handler,
            Delivery.position.in_(positions),
            Delivery.state == "owed",
        )
        .values(state="done", error=None)
        .returning(Delivery.position)
        .execution_options(synchronize_session=False)
    ).all()
    query = select(Entry).where(Entry.position.in_(received)).order_by(Entry.position)
    return list(session.scalars(query))


def owed(session: Session, handler: str, positions: Sequence[int]) -> list[Entry]:
    """Look at what a handler still owes, without a receipt: for the half that prepares."""
    query = (
        select(Entry)
        .join(Delivery, Delivery.position == Entry.position)
        .where(
            Delivery.handler == handler,
            Delivery.position.in_(positions),
            Delivery.state == "owed",
        )
    )
    return list(session.scalars(query.order_by(Entry.position)))


def fail(session: Session, handler: str, position: int, error: str) -> None:
    """Note a failure: try again later and later, and in the end ask a person.

    What another worker has done meanwhile stays done.
    """
    row = session.get_one(Delivery, (handler, position), with_for_update=True)
    if row.state != "owed":
        return
    row.error = error[:2_000]
    row.tries += 1
    row.due = clock.now() + timedelta(seconds=min(2**row.tries, 600))
    if row.tries >= TRIES:
        row.state = "failed"


def make_due(session: Session) -> None:
    """Let everything owed be sent again now: the queue in memory died with its process."""
    session.execute(
        update(Delivery)
        .where(Delivery.state == "owed")
        .values(due=clock.now())
        .execution_options(synchronize_session=False)
    )


def retry(session: Session, handler: str | None = None, position: int | None = None) -> int:
    """Owe again what had failed: all of it, or one; return how many."""
    query = update(Delivery).where(Delivery.state == "failed")
    if handler is not None:
        query = query.where(Delivery.handler == handler)
    if position is not None:
        query = query.where(Delivery.position == position)
    again = query.values(state="owed", due=clock.now(), tries=0).returning(Delivery.position)
    return len(session.scalars(again.execution_options(synchronize_session=False)).all())


def listed(session: Session, state: str, *, limit: int = 200) -> list[tuple[Delivery, Entry]]:
    """List what is owed or failed, oldest first, each with its fact."""
    query = (
        select(Delivery, Entry)
        .join(Entry, Entry.position == Delivery.position)
        .where(Delivery.state == state)
        .order_by(Delivery.position)
        .limit(limit)
    )
    return [(delivery, entry) for delivery, entry in session.execute(query)]


def counted(session: Session) -> dict[tuple[str, str], int]:
    """Count what is owed and failed by handler."""
    query = (
        select(Delivery.handler, Delivery.state, func.count())
        .where(Delivery.state != "done")
        .group_by(Delivery.handler, Delivery.state)
    )
    return {(handler, state): count for handler, state, count in session.execute(query)}
