"""From the counter's commit to the day's tally, at twenty orders a second."""

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lims.config import ROOT
from lims.eventlog.log import Entry
from lims.kernel import db
from lims.reception.events import ItemReceived
from lims.tallies.fold import COUNTS
from tests import deployments, settled
from tests.benchmarks import filling, inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure, percentile
from tests.deployments import Place, Running
from workers import sequencing
from workers.reactions import PROJECTIONS

P50, P99 = 80.0, 400.0
RATE = 20
CLERKS = 4
ALREADY = 20_000
SECONDS, FEW_SECONDS = 60, 10


@dataclass
class Commits:
    """When each item's commit returned."""

    items: dict[UUID, float] = field(default_factory=dict)
    by_thread: dict[int, float] = field(default_factory=dict)

    def committed(self, _session: Session) -> None:
        """Note the instant, in the thread that committed."""
        self.by_thread[threading.get_ident()] = time.monotonic()


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure with the deployment's own sequencer and workers; this process is the web."""
    kind = deployments.SCALED if place.broker_url else deployments.EMBEDDED
    with inside.opened(place) as here:
        filling.facts(2_000 if quick else ALREADY)
        sequencing.run_until_idle(PROJECTIONS)
        running = Running(place, kind)
        running.start()
        try:
            running.wait_until_ready()
            taken = _minute(here, place, FEW_SECONDS if quick else SECONDS)
        finally:
            running.end()
        yield from _figures(kind, taken)


def _figures(kind: str, taken: list[float]) -> Iterator[Figure]:
    name = "scaled out" if kind == deployments.SCALED else kind
    note = f"{len(taken)} orders, the slowest {max(taken):.0f} ms"
    for share, bar in ((50, P50), (99, P99)):
        what = f"fact → tally, {name}, p{share}"
        yield Figure(what, bar, "ms", percentile(taken, share), note=note)


def _minute(here: Inside, place: Place, seconds: int) -> list[float]:
    _load(here, Commits(), 2)  # everybody is awake
    deployments.until(settled.followed, "the followers")
    commits = Commits()
    event.listen(Session, "after_commit", commits.committed)
    with _watched(place) as seen:
        _load(here, commits, seconds)
        deployments.until(settled.followed, "the followers")
    event.remove(Session, "after_commit", commits.committed)
    return _latencies(commits, seen)


def _load(here: Inside, commits: Commits, seconds: int) -> None:
    """Take single items in at the rate, whatever each takes: a slow answer delays nobody else."""
    begun = time.monotonic() + 0.1

    def clerk(rank: int) -> None:
        time.sleep(max(0.0, begun + rank / RATE - time.monotonic()))
        body = inside.order(here.centre, f"L{begun:.3f}-{rank}-", 1)
        answer = here.post("/orders", body, "reception")
        commits.items[UUID(answer.json["items"][0]["id"])] = commits.by_thread.get(
            threading.get_ident(), 0.0
        )

    with ThreadPoolExecutor(CLERKS) as clerks:
        for done in [clerks.submit(clerk, rank) for rank in range(seconds * RATE)]:
            done.result()


@contextmanager
def _watched(place: Place) -> Iterator[list[tuple[float, int]]]:
    command = [sys.executable, "-m", "tests.benchmarks.watcher", place.database_url, COUNTS.name]
    watcher = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(1)
    seen: list[tuple[float, int]] = []
    yield seen
    said, _ = watcher.communicate(b"")
    seen += [(instant, position) for instant, position in json.loads(said)]


def _latencies(commits: Commits, seen: list[tuple[float, int]]) -> list[float]:
    positions = [position for _, position in seen]
    query = select(Entry.subject, Entry.position).where(Entry.name == ItemReceived.name)
    with db.reading() as session:
        placed = dict(session.execute(query).all())
    return [
        (seen[bisect_left(positions, placed[item])][0] - committed) * 1000
        for item, committed in commits.items.items()
    ]
