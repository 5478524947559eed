"""One item over the counter, through the real server, with durable settings."""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode
from uuid import uuid4

import psutil

from tests import centre, deployments, settled
from tests.benchmarks import inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure
from tests.deployments import Place, Running

BAR = 12.0
ALL_BAR = 7.0
FEW, MANY = 60, 300
WARM = 30


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure what the web, and what all processes spend on one, by a machine and by a browser."""
    kind = deployments.SCALED if place.broker_url else deployments.EMBEDDED
    with inside.opened(place) as here:
        cookie = here.cookie("reception")
        running = Running(place, kind)
        running.start()
        try:
            running.wait_until_ready()
            ask = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
            count = FEW if quick else MANY
            yield from _spent("the API", running, machine(here, ask), count)
            yield from _spent("the form", running, _person(here, ask, cookie), count)
        finally:
            running.end()


def _spent(by: str, running: Running, post: Callable[[], None], count: int) -> Iterator[Figure]:
    for _ in range(WARM):
        post()
    deployments.until(settled.handled, "the workers")
    walls = []
    web, all_of_them = running.processes("web"), running.every_process()
    web_before, before = cpu(web), cpu(all_of_them)
    for _ in range(count):
        begun = time.perf_counter()
        post()
        walls.append((time.perf_counter() - begun) * 1000)
    deployments.until(settled.handled, "the workers")
    web_cpu, every_cpu = (cpu(web) - web_before) / count, (cpu(all_of_them) - before) / count
    what = f"intake of one item over HTTP, {by}, {running.kind}"
    note = f"{count} requests; wall {statistics.median(walls):.1f} ms"
    yield Figure(f"{what}: the web", BAR, "CPU ms", web_cpu, web_cpu, note)
    yield Figure(f"{what}: every process", ALL_BAR, "CPU ms", every_cpu, every_cpu, note)


def cpu(processes: Iterable[psutil.Process]) -> float:
    """Return the milliseconds that processes have spent until now."""
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times) * 1000


def machine(here: Inside, ask: http.client.HTTPConnection) -> Callable[[], None]:
    """Return what posts an order of one item as a machine does."""
    token = here.centre.hands["reception"].token

    def post() -> None:
        body = json.dumps(inside.order(here.centre, f"H{uuid4().hex[:12]}-", 1))
        head = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        _answered(ask, "/api/v1/orders", body, head, 201)

    return post


def _person(here: Inside, ask: http.client.HTTPConnection, cookie: str) -> Callable[[], None]:
    made = here.centre

    def post() -> None:
        form = {
            "_key": str(uuid4()),
            "requester_id": str(made.board),
            "place": "site",
            "certificate_mode": "list",
            "blocks.0.service_id": str(made.service),
            "blocks.0.serials": uuid4().hex[:12],
            "blocks.0.user_name": "Hộ kinh doanh 1",
            "area": centre.AREA,
        }
        head = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        _answered(ask, "/reception/orders/new", urlencode(form), head, 303)

    return post


def _answered(
    ask: http.client.HTTPConnection, path: str, body: str, head: dict[str, str], status: int
) -> None:
    ask.request("POST", path, body, head)
    answer = ask.getresponse()
    said = answer.read()
    if answer.status != status:
        raise AssertionError(f"{path}: {answer.status} {said[:500]!r}")
