"""How a function becomes a reaction to a fact: receipt, batches, retries. Written once.

A reaction only makes the state agree with the fact. Its receipt is written in the transaction of
its effect, so that a second delivery does nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy.orm import Session

from lims.eventlog import deliveries
from lims.eventlog.events import Event
from lims.eventlog.log import Entry
from lims.kernel.db import reading, transaction

logger = logging.getLogger(__name__)

WORKER = "worker"
"""Who a reaction acts as."""

F = TypeVar("F")
Reaction = Callable[[Session, Any], None]


class TwoHalves(Protocol):
    """A slow effect: prepared while nothing is written, settled with the receipt."""

    def prepare(self, reader: Session, fact: Any) -> Any:  # noqa: ANN401 - its own fact and work
        """Do the slow part; it may be done twice."""

    def settle(self, session: Session, fact: Any, prepared: Any) -> None:  # noqa: ANN401
        """Write down what was prepared."""


@dataclass(frozen=True)
class Handler:
    """A reaction under the name the deliveries know it by, for ever."""

    name: str
    queue: str
    lease: timedelta
    batch: int
    react: Reaction | None = None
    together: bool = False
    """It takes the facts of a batch at once, so that what they share is read once."""

    slow: TwoHalves | None = None


HANDLERS: dict[str, Handler] = {}
SUBSCRIBED: dict[str, list[str]] = defaultdict(list)


def owed_to(fact: str) -> Iterable[str]:
    """Name the handlers that are owed a fact."""
    return SUBSCRIBED.get(fact, ())


def leases() -> dict[str, timedelta]:
    """Say for how long each handler leases."""
    return {handler.name: handler.lease for handler in HANDLERS.values()}


def on(*facts: type[Event], name: str, together: bool = False) -> Callable[[F], F]:
    """Let a function of (session, fact) follow facts; or a class with two halves, if it is slow.

    One that works `together` is a function of (session, facts), called once for a batch.

    `name` stands in the deliveries for ever, whatever the function is called later: under another
    name what is owed would never be done.
    """
    if name in HANDLERS:
        raise TypeError(f"Two handlers are called {name}.")

    def register(reaction: F) -> F:
        code = cast("Any", reaction)
        HANDLERS[name] = (
            Handler(name, "documents", deliveries.SLOW, 1, slow=code())
            if isinstance(code, type)
            else Handler(name, "fast", deliveries.FAST, 500, react=code, together=together)
        )
        for fact in facts:
            SUBSCRIBED[fact.name].append(name)
        return reaction

    return register


def perform(name: str, positions: Sequence[int]) -> None:
    """Do what one message asks: all of it at once, or else one fact at a time."""
    handler = HANDLERS[name]
    if handler.slow is not None:
        for position in positions:
            _guarded(handler, position, lambda at: _perform_slowly(handler, at))
        return
    try:
        with transaction() as session:
            _react(session, handler, deliveries.receive(session, name, positions))
    except Exception:  # whatever it was, the facts are tried one by one and each told apart
        logger.exception("%s: a batch of %d failed", name, len(positions))
        for position in positions:
            _guarded(handler, position, lambda at: _perform_one(handler, at))


def _react(session: Session, handler: Handler, entries: Sequence[Entry]) -> None:
    if handler.react is None or not entries:
        return
    facts = [entry.fact() for entry in entries]
    for subject in [facts] if handler.together else facts:
        handler.react(session, subject)


def _perform_one(handler: Handler, position: int) -> None:
    with transaction() as session:
        _react(session, handler, deliveries.receive(session, handler.name, [position]))


def _perform_slowly(handler: Handler, position: int) -> None:
    slow = cast("TwoHalves", handler.slow)
    with reading() as reader:
        facts = [entry.fact() for entry in deliveries.owed(reader, handler.name, [position])]
        prepared = [slow.prepare(reader, fact) for fact in facts]
    if not facts:
        return
    with transaction() as session:
        for entry in deliveries.receive(session, handler.name, [position]):
            slow.settle(session, entry.fact(), prepared[0])


def _guarded(handler: Handler, position: int, work: Callable[[int], None]) -> None:
    """Try one fact; what fails is noted with its error and tried later, or shown to a person."""
    try:
        work(position)
    except Exception as error:
        logger.exception("%s: fact %d failed", handler.name, position)
        with transaction() as session:
            deliveries.fail(session, handler.name, position, f"{type(error).__name__}: {error}")
