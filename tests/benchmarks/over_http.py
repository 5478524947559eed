"""One item over the counter, through the real server, with durable settings."""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode
from uuid import uuid4

import psutil

from lims.kernel import db
from tests import centre
from tests.benchmarks import inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure
from tests.deployments import Place, Running

BAR = 12.0
FEW, MANY = 60, 300
WARM = 30


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure what the web process spends on one, by a machine and by a browser."""
    with inside.opened(place) as here:
        cookie = here.cookie("reception")
    running = Running(place, "embedded")
    running.start()
    try:
        running.wait_until_ready()
        (web,) = running.processes("web")
        ask = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
        count = FEW if quick else MANY
        yield _spent("intake of one item over HTTP, the API", web, _machine(here, ask), count)
        yield _spent(
            "intake of one item over HTTP, the form", web, _person(here, ask, cookie), count
        )
    finally:
        running.stop()
        db.disconnect()


def _spent(what: str, web: psutil.Process, post: Callable[[], None], count: int) -> Figure:
    for _ in range(WARM):
        post()
    walls = []
    before = _cpu(web)
    for _ in range(count):
        begun = time.perf_counter()
        post()
        walls.append((time.perf_counter() - begun) * 1000)
    cpu = (_cpu(web) - before) / count
    note = f"CPU of the web process, {count} requests; wall {statistics.median(walls):.1f} ms"
    return Figure(what, BAR, "CPU ms", cpu, cpu, note)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return (times.user + times.system) * 1000


def _machine(here: Inside, ask: http.client.HTTPConnection) -> Callable[[], None]:
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
