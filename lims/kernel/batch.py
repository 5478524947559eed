"""The one way to do a batch: every row is tried, and every refusal is said at once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from lims.kernel.errors import LabError, Refusals

R = TypeVar("R")
T = TypeVar("T")


def each(rows: Iterable[R], act: Callable[[R], T], *, batch: str = "items") -> list[T]:
    """Do the same with every row; raise `Refusals` that name each row refused.

    `batch` is what the sender calls the list, for the address of a refusal (`items.3.serial`).
    """
    done: list[T] = []
    refused: dict[int, LabError] = {}
    for place, row in enumerate(rows):
        try:
            done.append(act(row))
        except LabError as refusal:
            refused[place] = refusal
    if refused:
        raise Refusals(refused, batch=batch)
    return done
