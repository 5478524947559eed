"""Several people who act in the same moment, each in a transaction and a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime
from threading import Barrier

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lims.kernel import clock
from lims.kernel.db import transaction
from lims.kernel.errors import LabError


def at_once(
    *acts: Callable[[Session], object], when: datetime | None = None
) -> list[LabError | IntegrityError]:
    """Let all begin when all are there; return what was refused."""
    gate = Barrier(len(acts))

    def do(act: Callable[[Session], object]) -> LabError | IntegrityError | None:
        gate.wait()
        try:
            with clock.at(when) if when else nullcontext(), transaction() as session:
                act(session)
        except (LabError, IntegrityError) as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(acts)) as people:
        return [refusal for refusal in people.map(do, acts) if refusal is not None]
