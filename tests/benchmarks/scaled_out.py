"""Scaled out: what an idle worker spends, and how many clerks' orders a second two cores take."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil

from tests import deployments, settled
from tests.benchmarks import inside, over_http
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure
from tests.deployments import SCALED, Place, Running

IDLE = 1.0
"""Per cent of a core."""

PER_ORDER = 10.0
"""Milliseconds: a hundred orders a second."""

CLERKS = 8
SECONDS, FEW_SECONDS = 20, 5


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure the programs of the Procfile: at rest, then with clerks who never pause."""
    seconds = FEW_SECONDS if quick else SECONDS
    running = Running(place, SCALED)
    with inside.opened(place) as here:
        running.start()
        try:
            running.wait_until_ready()
            yield from _idle(running, seconds)
            yield _rate(here, running, seconds)
        finally:
            running.end()


def _idle(running: Running, seconds: int) -> Iterator[Figure]:
    time.sleep(3)  # everybody has started
    for name in ("worker", "sequencer"):
        processes = running.processes(name)
        spent = _spent_by_each(processes, seconds)
        note = f"the busiest of {len(processes)} processes, {seconds} s"
        yield Figure(f"idle {name}, scaled out", IDLE, "% of a core", max(spent), note=note)


def _spent_by_each(processes: list[psutil.Process], seconds: int) -> list[float]:
    before = [over_http.cpu([process]) for process in processes]
    time.sleep(seconds)
    after = [over_http.cpu([process]) for process in processes]
    return [(late - early) / seconds / 10 for early, late in zip(before, after, strict=True)]


def _rate(here: Inside, running: Running, seconds: int) -> Figure:
    _clerks(here, running.place, 2)  # everybody is awake
    programs = {name: running.processes(name) for name in running.programs}
    before = {name: over_http.cpu(processes) for name, processes in programs.items()}
    begun = time.monotonic()
    orders = _clerks(here, running.place, seconds)
    took = (time.monotonic() - begun) * 1000 / orders
    deployments.until(settled.handled, "the workers")
    spent = ", ".join(
        f"{name} {(over_http.cpu(processes) - before[name]) / orders:.1f}"
        for name, processes in programs.items()
    )
    note = f"{1000 / took:.0f} orders a second, {CLERKS} clerks; CPU ms an order: {spent}"
    return Figure("single orders over HTTP, scaled out", PER_ORDER, "ms", took, note=note)


def _clerks(here: Inside, place: Place, seconds: int) -> int:
    """Take single orders in, each clerk one after the other; return how many."""
    until = time.monotonic() + seconds

    def clerk(_rank: int) -> int:
        ask = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
        post, count = over_http.machine(here, ask), 0
        while time.monotonic() < until:
            post()
            count += 1
        ask.close()
        return count

    with ThreadPoolExecutor(CLERKS) as clerks:
        return sum(clerks.map(clerk, range(CLERKS)))
