"""One round of the sequencer: append in order, lease what is due, hand it on."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from lims.kernel import answers, chain, deliveries, projections, schedule
from lims.kernel.db import reading, transaction
from lims.kernel.deliveries import Lease
from lims.kernel.log import Outgoing
from lims.kernel.projections import Projection
from workers import handler

Send = Callable[[str, Sequence[int]], None]


def pump(send: Send) -> int:
    """Move facts into the log and hand on what is owed; return how much was done.

    Looks before it writes, so that an idle centre has an idle disk. The message goes out after
    the commit: if the process dies between, the lease runs out and it is sent again.
    """
    with reading() as reader:
        waiting = reader.scalar(select(Outgoing.seq).limit(1)) is not None
        due = deliveries.any_due(reader, list(handler.HANDLERS))
    if not (waiting or due):
        return 0
    with transaction() as session:
        moved = chain.advance(session, handler.owed_to) if waiting else 0
        leased = deliveries.lease(session, handler.leases())
    for one in leased:
        for positions in _messages(one):
            send(one.handler, positions)
    return moved + len(leased)


def _messages(lease: Lease) -> list[tuple[int, ...]]:
    size = handler.HANDLERS[lease.handler].batch
    return [lease.positions[at : at + size] for at in range(0, len(lease.positions), size)]


def tick() -> None:
    """Let the schedule fire, and forget old answers at the end of a day."""
    with reading() as reader:
        due = schedule.any_due(reader)
    if due:
        with transaction() as session:
            schedule.fire(session)
            answers.forget(session)


def follow(projection: Projection) -> int:
    """Let one projection read what is new; return how much that was."""
    with reading() as reader:
        behind = projections.behind(reader, projection.name)
    if not behind:
        return 0
    with transaction() as session:
        return projections.advance(session, projection)


def settle(projected: Sequence[Projection]) -> None:
    """Do here and now everything that is owed: for the demonstration and the tests."""
    todo: list[tuple[str, Sequence[int]]] = []
    while pump(lambda name, positions: todo.append((name, positions))) or todo:
        batch, todo[:] = list(todo), []
        for name, positions in batch:
            handler.perform(name, positions)
    for projection in projected:
        while follow(projection):
            pass
