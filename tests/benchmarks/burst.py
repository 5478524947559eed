"""A year's work imported at once: how soon everything is handled, and what memory it takes."""

import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Self

import psutil
from sqlalchemy import func, select

from lims.eventlog.log import Entry
from lims.kernel import db
from tests import centre, settled
from tests.benchmarks import inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure
from tests.deployments import Place, Running, until

SECONDS, MEGABYTES = 15.0, 20.0
ITEMS, FEW_ITEMS = 22_048, 2_048
PER_ORDER = 1_000


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Import in one transaction beside a running, warm worker."""
    names = count()
    with inside.opened(place) as here:
        running = Running(place, "embedded")
        running.start()
        try:
            running.wait_until_ready()
            for _ in range(3):  # it has worked before
                _import(here, 400, names)
                until(settled.handled, "the worker")
            worker = running.processes("worker")[-1]
            with Watch(worker) as watch:
                total = FEW_ITEMS if quick else ITEMS
                _import(here, total, names)
                begun = time.monotonic()
                until(settled.handled, "the worker", seconds=120)
                took = time.monotonic() - begun
        finally:
            running.end()
        with db.reading() as session:
            facts = session.scalar(select(func.count()).select_from(Entry))
    note = f"{total:,} items; the log holds {facts:,} facts"
    yield Figure("burst handled, after commit", SECONDS, "s", took, note=note)
    grown = f"{watch.first:.0f} → {watch.most:.0f} MB of its own"
    yield Figure(
        "growth of the worker's memory", MEGABYTES, "MB", watch.most - watch.first, note=grown
    )


def _import(here: Inside, total: int, names: Iterator[int]) -> None:
    with db.transaction() as session:
        for start in range(0, total, PER_ORDER):
            size = min(PER_ORDER, total - start)
            centre.receive(
                session, here.centre, centre.brought(here.centre, f"U{next(names)}-", size)
            )


class Watch:
    """Look at a process's own memory ten times a second."""

    def __init__(self, process: psutil.Process) -> None:
        self.pid = process.pid
        self.first = self.most = self._own()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.done.wait(0.1):
            self.most = max(self.most, self._own())

    def _own(self) -> float:
        """Return what is its own: pages of the database file that it maps are not."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        (own,) = (line.split()[1] for line in lines if line.startswith("RssAnon"))
        return int(own) / 1024
