"""The two queues: a message is the name of a handler and up to 500 positions of the log."""

from collections.abc import Sequence

import dramatiq

from workers import broker, handler, reactions

__all__ = ["broker", "reactions", "send"]


@dramatiq.actor(queue_name="fast", max_retries=0)
def fast(name: str, positions: list[int]) -> None:
    """React to facts in batches."""
    handler.perform(name, positions)


@dramatiq.actor(queue_name="documents", max_retries=0)
def documents(name: str, positions: list[int]) -> None:
    """Do one slow thing."""
    handler.perform(name, positions)


ACTORS = {"fast": fast, "documents": documents}


def send(name: str, positions: Sequence[int]) -> None:
    """Hand a share of what is owed to the queue of its handler."""
    ACTORS[handler.HANDLERS[name].queue].send(name, list(positions))
