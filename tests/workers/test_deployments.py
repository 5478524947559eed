"""Both deployments as they are run: real processes, a real broker, real kills and stops."""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import func, select

from lims.bench.models import Result
from lims.billing.models import Charge
from lims.certificates.models import CertificatePlace
from lims.config import ROOT
from lims.kernel import db
from lims.kernel.log import Entry
from lims.kernel.numbering import Series
from lims.kernel.shelf import Paper
from lims.reception.models import Item, Order
from lims.tallies.models import CountCell
from lims.vocabulary import Measure
from tests import centre, deployments, settled
from tests.bench import inside
from tests.centre import Centre
from tests.deployments import EMBEDDED, SCALED, UNREACHABLE, Place, Running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

CLERKS, ORDERS_EACH, ITEMS_EACH = 10, 5, 3

KINDS = [
    pytest.param(
        kind,
        marks=pytest.mark.skipif(
            deployments.lacking(kind) is not None, reason=str(deployments.lacking(kind))
        ),
    )
    for kind in (EMBEDDED, SCALED)
]


@pytest.fixture(params=KINDS)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A deployment that is set up and not started yet."""
    with deployments.placed(tmp_path / "data", request.param) as place:
        db.connect(place.database_url)
        made = Running(place, request.param)
        try:
            yield made
        finally:
            made.end()
            db.disconnect()


@pytest.fixture
def scaled(running: Running) -> Running:
    """The scaled-out deployment alone."""
    if running.kind != SCALED:
        pytest.skip(reason="Only the scaled-out deployment has a sequencer process and Redis.")
    return running


@pytest.fixture
def made(running: Running) -> Centre:
    with db.transaction() as session:
        return centre.found(session)


def ask(place: Place, made: Centre, by: str, path: str, body: Any = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
    head = {
        "Authorization": f"Bearer {made.hands[by].token}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
    }
    method = "GET" if body is None else "POST"
    connection.request(method, f"/api/v1{path}", body and json.dumps(body), head)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status < 300, (path, answer.status, said)
    return json.loads(said)


def order(place: Place, made: Centre, prefix: str, count: int) -> Any:
    return ask(place, made, "reception", "/orders", inside.order(made, prefix, count))


def verified(place: Place, made: Centre, items: list[str], day: str) -> list[str]:
    """Take scales to the signature; the last one fails."""
    rows = [
        {
            "item_id": item,
            "method": made.method_code,
            "standards": [made.standard_code],
            "environment": centre.ENVIRONMENT,
            "performed_on": day,
            "outcome": "fail" if item == items[-1] else "pass",
            "reason": "Vượt sai số cho phép" if item == items[-1] else "",
        }
        for item in items
    ]
    recorded = ask(place, made, "technician", "/results", rows)["items"]
    ids = [one["id"] for one in recorded]
    ask(place, made, "technician", "/results/submit", {"ids": ids})
    ask(place, made, "checker", "/results/check", {"ids": ids})
    ask(place, made, "signatory", "/certificates/sign", {"ids": ids})
    return ids


def at_work(running: Running, made: Centre) -> None:
    """Start everything, and see that it has handled something."""
    running.start()
    with db.transaction() as session:
        centre.receive(session, made, centre.brought(made, "W", 1))
    until(settled.followed, "the workers")
    until(lambda: len(running.processes("worker")) > 1, "the worker")
    running.wait_until_ready()


def counted(measure: Measure) -> int:
    with db.reading() as session:
        query = select(func.sum(CountCell.amount)).where(CountCell.measure == measure)
        return session.scalar(query) or 0


def test_everything_after_the_signature_happens_of_itself(running, made):
    running.start()
    running.wait_until_ready()

    taken = order(running.place, made, "A", 8)
    ids = verified(running.place, made, [one["id"] for one in taken["items"]], taken["received_on"])
    until(settled.handled, "the workers")

    assert counted(Measure.RECEIVED) == 8
    assert counted(Measure.INSTRUMENTS) == 8
    assert counted(Measure.FAILED) == 1
    with db.reading() as session:
        assert {str(one) for one in session.scalars(select(Charge.source_id))} == set(ids)
        assert session.scalar(select(func.count()).select_from(CertificatePlace)) == 7
        assert session.scalars(select(Paper.number).where(Paper.sha256.is_(None))).all() == []
        assert session.scalar(select(func.count()).select_from(Paper)) >= 2
    assert running.place.lims("log", "verify").returncode == 0
    assert running.place.lims("tally", "rebuild", "--check").returncode == 0


def test_a_gentle_stop_finishes_the_request_that_runs(running, made):
    running.start()
    running.wait_until_ready()
    answers = []

    def busy() -> None:
        answers.append(order(running.place, made, "S", 1_000)["item_count"])

    clerk = threading.Thread(target=busy)
    clerk.start()
    until(lambda: _threads_at_work(running) or bool(answers), "the request to begin")
    running.stop("web")
    clerk.join()

    assert answers == [1_000]
    assert deployments.get(running.place.port, "/healthz") == 0


def _threads_at_work(running: Running) -> bool:
    """Tell whether somebody's request has reached the web."""
    return any(
        one.status == psutil.CONN_ESTABLISHED and one.laddr.port == running.place.port
        for process in running.processes("web")
        for one in process.net_connections("tcp")
    )


def test_what_was_owed_when_everything_was_killed_is_done_afterwards(running, made):
    running.start()
    running.wait_until_ready()
    taken = order(running.place, made, "K", 5)
    verified(running.place, made, [one["id"] for one in taken["items"]], taken["received_on"])

    running.end()
    assert deployments.strays(running.place) == []
    running.start()
    until(settled.handled, "the workers", seconds=180)

    assert counted(Measure.INSTRUMENTS) == 5
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Charge)) == 5


def test_a_worker_whose_master_was_killed_stops_of_itself(running, made):
    at_work(running, made)
    master, *forked = running.processes("worker")

    master.kill()

    _gone, alive = psutil.wait_procs(forked, timeout=60)
    assert alive == []


def test_the_worker_of_a_killed_launcher_stops_of_itself(running, made):
    if running.kind != EMBEDDED:
        pytest.skip(reason="Scaled out there is no launcher.")
    at_work(running, made)
    workers = running.processes("worker")

    running.children["web"].kill()
    running.children["web"].wait()

    _gone, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []


def test_reception_goes_on_while_redis_is_away(scaled, made):
    away = Place(
        scaled.place.folder, scaled.place.database_url, scaled.place.port, broker_url=UNREACHABLE
    )
    without_redis = Running(away, SCALED)
    try:
        without_redis.start("web")
        without_redis.wait_until_ready()

        taken = order(away, made, "R", 2)

        assert taken["number"].startswith("N")
    finally:
        without_redis.end()


def test_the_web_imports_neither_dramatiq_nor_redis(tmp_path):
    program = (
        "import sys; import lims.cli, lims.wsgi; "
        "print(sorted({'dramatiq', 'redis', 'workers'} & set(sys.modules)))"
    )
    place = Place(tmp_path, f"sqlite:///{tmp_path / 'lims.db'}", 0)

    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=place.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.strip() == "[]"


def test_a_second_sequencer_waits_and_takes_over_when_the_first_is_killed(scaled, made):
    first, second = scaled, Running(scaled.place, SCALED)
    first.start("sequencer")
    with db.transaction() as session:
        centre.receive(session, made, centre.brought(made, "A", 1))
    until(settled.followed, "the first sequencer")
    try:
        second.start("sequencer")
        time.sleep(2)  # it waits for its place
        first.children["sequencer"].send_signal(signal.SIGKILL)
        with db.transaction() as session:
            centre.receive(session, made, centre.brought(made, "B", 3))

        until(settled.followed, "the second sequencer")

        assert counted(Measure.RECEIVED) == 4
    finally:
        second.end()


def test_ten_clerks_over_http_get_every_number_once(running, made):
    running.start()
    running.wait_until_ready()

    def clerk(rank: int) -> list[str]:
        return [
            order(running.place, made, f"C{rank}-{n}-", ITEMS_EACH)["number"]
            for n in range(ORDERS_EACH)
        ]

    with ThreadPoolExecutor(CLERKS) as clerks:
        numbers = [number for taken in clerks.map(clerk, range(CLERKS)) for number in taken]

    assert_every_number_once(numbers)


def test_ten_clerks_in_one_process_get_every_number_once(running, made):
    def clerk(rank: int) -> list[str]:
        numbers = []
        for n in range(ORDERS_EACH):
            with db.transaction() as session:
                items = centre.brought(made, f"C{rank}-{n}-", ITEMS_EACH)
                numbers.append(centre.receive(session, made, items).number)
        return numbers

    with ThreadPoolExecutor(CLERKS) as clerks:
        numbers = [number for taken in clerks.map(clerk, range(CLERKS)) for number in taken]

    assert_every_number_once(numbers)


def assert_every_number_once(numbers: list[str]) -> None:
    total = CLERKS * ORDERS_EACH
    given = Counter(int(number.split("-")[-1]) for number in numbers)
    assert given == Counter(range(1, total + 1))
    with db.reading() as session:
        assert session.scalar(select(Series.last).where(Series.name == "order")) == total
        assert session.scalar(select(func.count()).select_from(Order)) == total
        assert session.scalar(select(func.count()).select_from(Item)) == total * ITEMS_EACH
        assert session.scalar(select(func.count()).select_from(Result)) == 0
        assert session.scalar(select(func.count()).select_from(Entry)) is not None
