"""Both deployments as they are run: real processes, a real broker, real kills and stops.

The processes of a deployment are started once; the tests follow each other on them.
"""

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import func, select

from lims.billing.models import Charge
from lims.certificates.models import CertificatePlace
from lims.config import ROOT
from lims.documents.store import Document
from lims.eventlog import chain, projections
from lims.kernel import db
from lims.kernel.numbering import Series
from lims.reception.models import Item, Order
from lims.tallies.models import CountCell
from lims.vocabulary import Measure
from tests import centre, deployments, settled
from tests.benchmarks import inside
from tests.centre import Centre
from tests.deployments import EMBEDDED, SCALED, UNREACHABLE, Place, Running, until
from workers.reactions import PROJECTIONS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

LEASES = 180.0
"""Seconds after which whatever was lost with Redis has been sent again."""

SLOW_CLIENTS = 50
"""Of each kind: six times as many as the server has threads."""

ELSEWHERE = "203.0.113.9"
"""An address of the documentation (RFC 5737)."""

CLERKS, ORDERS_EACH, ITEMS_EACH = 10, 4, 3

KINDS = [
    pytest.param(
        kind,
        marks=pytest.mark.skipif(
            deployments.lacking(kind) is not None, reason=str(deployments.lacking(kind))
        ),
    )
    for kind in (EMBEDDED, SCALED)
]
embedded_alone = pytest.mark.parametrize("started", KINDS[:1], indirect=True)
scaled_alone = pytest.mark.parametrize("started", KINDS[1:], indirect=True)


@pytest.fixture(scope="module", params=KINDS)
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Centre]]:
    """A deployment at work; scaled out, its web is told of a Redis that does not answer."""
    folder = tmp_path_factory.mktemp("deployment")
    with deployments.placed(folder, request.param) as place:
        db.connect(place.database_url)
        with db.transaction() as session:
            made = centre.found(session)
        running = Running(place, request.param)
        if request.param == SCALED:
            running.settings["web"] = {"LIMS_BROKER_URL": UNREACHABLE}
        try:
            running.start()
            running.wait_until_ready()
            yield running, made
        finally:
            running.end()
            db.disconnect()


@pytest.fixture
def running(started: tuple[Running, Centre]) -> Running:
    db.connect(started[0].place.database_url)  # whatever the test before was connected to
    return started[0]


@pytest.fixture
def made(started: tuple[Running, Centre]) -> Centre:
    return started[1]


def ask(place: Place, made: Centre, by: str, path: str, body: Any, key: str | None = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
    head = {
        "Authorization": f"Bearer {made.hands[by].token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key or str(uuid4()),
    }
    connection.request("POST", f"/api/v1{path}", json.dumps(body), head)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status < 300, (path, answer.status, said)
    return json.loads(said)


def order(place: Place, made: Centre, prefix: str, count: int) -> Any:
    return ask(place, made, "reception", "/orders", inside.order(made, prefix, count))


def recorded(place: Place, made: Centre, taken: Any) -> list[str]:
    """Write down a verdict on each scale of an order; the last one fails."""
    items = [one["id"] for one in taken["items"]]
    rows = [
        {
            "item_id": item,
            "method": made.method_code,
            "standards": [made.standard_code],
            "environment": centre.ENVIRONMENT,
            "performed_on": taken["received_on"],
            "outcome": "fail" if item == items[-1] else "pass",
            "reason": "Vượt sai số cho phép" if item == items[-1] else "",
        }
        for item in items
    ]
    return [one["id"] for one in ask(place, made, "technician", "/results", rows)["items"]]


def verified(place: Place, made: Centre, taken: Any) -> list[str]:
    """Take the scales of an order to the signature."""
    ids = recorded(place, made, taken)
    ask(place, made, "technician", "/results/submit", {"ids": ids})
    ask(place, made, "checker", "/results/check", {"ids": ids})
    ask(place, made, "signatory", "/certificates/sign", {"ids": ids})
    return ids


def counted(measure: Measure) -> int:
    with db.reading() as session:
        query = select(func.sum(CountCell.amount)).where(CountCell.measure == measure)
        return session.scalar(query) or 0


def given() -> int:
    """Return the last number of the orders."""
    with db.reading() as session:
        return session.scalar(select(Series.last).where(Series.name == "order")) or 0


def test_everything_after_the_signature_happens_of_itself(running, made):
    taken = order(running.place, made, "A", 8)
    ids = verified(running.place, made, taken)
    until(settled.handled, "the workers", seconds=LEASES)

    assert counted(Measure.RECEIVED) == 8
    assert counted(Measure.INSTRUMENTS) == 8
    assert counted(Measure.FAILED) == 1
    with db.reading() as session:
        assert {str(one) for one in session.scalars(select(Charge.source_id))} == set(ids)
        assert session.scalar(select(func.count()).select_from(CertificatePlace)) == 7
        assert session.scalars(select(Document.number).where(Document.sha256.is_(None))).all() == []
        assert session.scalar(select(func.count()).select_from(Document)) >= 2
        assert isinstance(chain.verify(session), int)
        assert [projections.differences(session, one) for one in PROJECTIONS] == [[], []]


def test_ten_clerks_over_http_get_every_number_once(running, made):
    before = given()

    def clerk(rank: int) -> list[str]:
        return [
            order(running.place, made, f"C{rank}-{n}-", ITEMS_EACH)["number"]
            for n in range(ORDERS_EACH)
        ]

    with ThreadPoolExecutor(CLERKS) as clerks:
        numbers = [number for taken in clerks.map(clerk, range(CLERKS)) for number in taken]

    assert_every_number_once(numbers, before)


def test_one_request_sent_six_times_at_once_is_done_once(running, made):
    before = given()
    taken = order(running.place, made, "O", 2)
    results = recorded(running.place, made, taken)

    def at_once(by: str, path: str, body: Any) -> list[Any]:
        key = str(uuid4())
        with ThreadPoolExecutor(6) as clerks:
            asked = [clerks.submit(ask, running.place, made, by, path, body, key) for _ in range(6)]
        return [one.result() for one in asked]

    orders = at_once("reception", "/orders", inside.order(made, "P", 2))
    submitted = at_once("technician", "/results/submit", {"ids": results})

    assert orders == [orders[0]] * 6
    assert submitted == [submitted[0]] * 6
    assert given() == before + 2


@scaled_alone
def test_reception_goes_on_while_redis_is_away(running, made):
    taken = order(running.place, made, "R", 1)

    assert running.settings["web"]["LIMS_BROKER_URL"] == UNREACHABLE
    assert taken["item_count"] == 1


@embedded_alone
def test_whoever_says_where_he_comes_from_is_not_believed_without_a_proxy(running):
    told = deployments.get(running.place.port, "/metrics", {"X-Forwarded-For": ELSEWHERE})

    assert told == 200


def test_clients_that_are_slow_keep_nobody_waiting(running):
    head = f"Host: 127.0.0.1:{running.place.port}\r\n"
    halves = (
        f"GET /healthz HTTP/1.1\r\n{head}X-Slow: ",
        f"POST /login HTTP/1.1\r\n{head}Content-Length: 9000\r\n\r\nname=",
    )

    with ExitStack() as stack:
        for half in halves * SLOW_CLIENTS:
            client = socket.create_connection(("127.0.0.1", running.place.port), timeout=10)
            stack.enter_context(client).sendall(half.encode())
        statuses = [deployments.get(running.place.port, "/healthz") for _ in range(20)]

    assert statuses == [200] * 20


@scaled_alone
def test_a_web_process_that_was_killed_is_replaced_while_the_other_answers(running):
    _parent, killed, other = running.processes("web")

    killed.kill()
    answer = deployments.get(running.place.port, "/healthz")
    until(lambda: len(running.processes("web")) == 3, "another process")

    assert answer == 200
    assert other in running.processes("web")


@scaled_alone
def test_web_processes_whose_parent_was_killed_stop_of_themselves(running):
    parent, *forked = running.processes("web")

    parent.kill()

    _gone, alive = psutil.wait_procs(forked, timeout=30)
    assert alive == []
    running.children.pop("web").wait()
    running.start("web")
    running.wait_until_ready()


@scaled_alone
def test_a_second_sequencer_waits_and_takes_over_when_the_first_is_killed(running, made):
    second = Running(running.place, SCALED)
    second.start("sequencer")
    until(lambda: second.processes("sequencer")[0].num_threads() > 3, "the second sequencer")

    running.children["sequencer"].send_signal(signal.SIGKILL)
    running.children.pop("sequencer").wait()
    before = counted(Measure.RECEIVED)
    order(running.place, made, "T", 3)
    until(lambda: counted(Measure.RECEIVED) >= before + 3 and settled.followed(), "the second one")

    running.children |= second.children


@scaled_alone
def test_a_worker_whose_master_was_killed_stops_of_itself(running):
    master, *forked = running.processes("worker")

    master.kill()

    _gone, alive = psutil.wait_procs(forked, timeout=60)
    assert alive == []
    running.children.pop("worker").wait()


@embedded_alone
def test_the_worker_of_a_killed_launcher_stops_and_what_it_owed_is_done_by_the_next(running, made):
    before = counted(Measure.INSTRUMENTS)
    workers = running.processes("worker")

    verified(running.place, made, order(running.place, made, "K", 5))
    running.children["web"].kill()
    running.children.pop("web").wait()

    _gone, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []
    running.start()
    until(settled.handled, "the next worker")
    assert counted(Measure.INSTRUMENTS) == before + 5


def arrived(running: Running) -> bool:
    """Tell whether the web has taken a call."""
    return any(
        one.status == psutil.CONN_ESTABLISHED and one.laddr.port == running.place.port
        for process in running.processes("web")
        for one in process.net_connections("tcp")
    )


def test_a_gentle_stop_finishes_the_request_that_runs(running, made):
    running.wait_until_ready()
    answers = []

    def busy() -> None:
        answers.append(order(running.place, made, "S", 1_000)["item_count"])

    clerk = threading.Thread(target=busy)
    clerk.start()
    until(lambda: arrived(running), "the request")
    running.stop("web")
    clerk.join()

    assert answers == [1_000]
    assert deployments.get(running.place.port, "/healthz") == 0


def test_the_address_of_a_visitor_is_what_the_trusted_proxy_says(tmp_path: Path):
    with deployments.placed(tmp_path, EMBEDDED) as place:
        behind_proxy = Running(place, EMBEDDED, settings={"web": {"LIMS_TRUSTED_PROXIES": "1"}})
        try:
            behind_proxy.start()
            behind_proxy.wait_until_ready()
            from_here = deployments.get(place.port, "/metrics")
            from_elsewhere = deployments.get(
                place.port, "/metrics", {"X-Forwarded-For": f"127.0.0.1, {ELSEWHERE}"}
            )
            pretended = deployments.get(
                place.port, "/metrics", {"X-Forwarded-For": ELSEWHERE, "X_Forwarded_For": "::1"}
            )
        finally:
            behind_proxy.end()

    assert (from_here, from_elsewhere, pretended) == (200, 403, 403)


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place = Place(tmp_path, f"sqlite:///{tmp_path / 'lims.db'}", port)
        ended = [place.lims(name, "--port", str(port)) for name in ("serve", "web")]

    assert [one.returncode for one in ended] == [1, 1]
    assert all(f"Cannot listen on 127.0.0.1:{port}" in one.stderr for one in ended)
    assert all("Traceback" not in one.stderr for one in ended)


def test_the_web_imports_neither_dramatiq_nor_redis(tmp_path: Path):
    program = (
        "import sys; import lims.cli; "
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


def test_ten_clerks_in_one_process_get_every_number_once(database):
    with db.transaction() as session:
        made = centre.found(session)

    def clerk(rank: int) -> list[str]:
        numbers = []
        for n in range(ORDERS_EACH):
            with db.transaction() as session:
                items = centre.brought(made, f"C{rank}-{n}-", ITEMS_EACH)
                numbers.append(centre.receive(session, made, items).number)
        return numbers

    with ThreadPoolExecutor(CLERKS) as clerks:
        numbers = [number for taken in clerks.map(clerk, range(CLERKS)) for number in taken]

    assert_every_number_once(numbers, 0)


def assert_every_number_once(numbers: list[str], before: int) -> None:
    total = CLERKS * ORDERS_EACH
    said = Counter(int(number.split("-")[-1]) for number in numbers)
    assert said == Counter(range(before + 1, before + total + 1))
    assert given() == before + total
    with db.reading() as session:
        whole = select(func.count()).select_from(Order).where(Order.number.in_(numbers))
        assert session.scalar(whole) == total
        items = select(func.count()).select_from(Item).join(Order, Order.id == Item.order_id)
        assert session.scalar(items.where(Order.number.in_(numbers))) == total * ITEMS_EACH
