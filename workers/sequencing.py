"""One round of the sequencer: append in order, lease what is due, hand it on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lims.eventlog import chain, deliveries, projections, schedule
from lims.eventlog.deliveries import Lease
from lims.eventlog.log import Outgoing
from lims.eventlog.projections import Projection
from lims.kernel import idempotency
from lims.kernel.db import reading, transaction
from workers import handler

Send = Callable[[str, Sequence[int]], None]


@dataclass(frozen=True)
class Round:
    """What one round did."""

    facts: frozenset[str] = frozenset()
    """The names of the facts that were moved."""

    moved: int = 0
    leased: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything was done."""
        return bool(self.moved or self.leased)

    @property
    def full(self) -> bool:
        """Tell whether as much was done as one round can, so that more may wait."""
        return self.moved >= chain.BATCH or self.leased >= deliveries.WINDOW


def run_round(send: Send, *, woken: bool = False) -> Round:
    """Move facts into the log and hand on what is owed; return what was done.

    Looks before it writes, so that an idle centre has an idle disk; when it was woken,
    facts are there and only what they make due is. The message goes out after the commit: if
    the process dies between, the lease runs out and it is sent again.
    """
    waiting, due = (True, False) if woken else _look()
    if not (waiting or due):
        return Round()
    names: set[str] = set()
    with transaction() as session:
        moved = chain.advance(session, _noting(names)) if waiting else 0
        due = due or any(handler.owed_to(name) for name in names)
        leased = deliveries.lease(session, handler.leases()) if due else []
    for share in leased:
        for positions in _messages(share):
            send(share.handler, positions)
    return Round(frozenset(names), moved, sum(len(share.positions) for share in leased))


def _look() -> tuple[bool, bool]:
    with reading() as reader:
        waiting = reader.scalar(select(Outgoing.seq).limit(1)) is not None
        return waiting, deliveries.any_due(reader, list(handler.HANDLERS))


def _noting(names: set[str]) -> Callable[[str], Iterable[str]]:
    """Ask who is owed a fact, and remember that there was one of this name."""

    def owed_to(name: str) -> Iterable[str]:
        names.add(name)
        return handler.owed_to(name)

    return owed_to


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
            idempotency.forget(session)


def follow(projection: Projection, *, woken: bool = False) -> int:
    """Let one projection read what is new; return how much that was."""
    if not (woken or _behind(projection)):
        return 0
    with transaction() as session:
        return projections.advance(session, projection)


def _behind(projection: Projection) -> bool:
    with reading() as reader:
        return projections.behind(reader, projection.name)


def run_until_idle(projected: Sequence[Projection]) -> None:
    """Do here and now everything that is owed: for the demonstration and the tests."""
    todo: list[tuple[str, Sequence[int]]] = []
    while run_round(lambda name, positions: todo.append((name, positions))) or todo:
        batch, todo[:] = list(todo), []
        for name, positions in batch:
            handler.perform(name, positions)
    for projection in projected:
        while follow(projection):
            pass
