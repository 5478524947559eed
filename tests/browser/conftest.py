"""Real deployments and a real browser; everything here is marked `browser`."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from lims.catalogue.models import Service
from lims.customers.models import Customer
from lims.kernel import clock, db
from lims.kernel.db import transaction
from lims.settings import centre
from lims.vocabulary import Role
from tests import centre as testing
from tests import deployments, factories
from tests.browser.clerk import Clerk, sit_down
from tests.deployments import EMBEDDED, SCALED, Running

HERE = Path(__file__).parent
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The servers live in real time, and so do these tests."""
    with clock.at(clock.datetime.now(clock.UTC)):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("LIMS_TEST_BROWSER")  # noqa: TID251 - the tests' own setting
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "No Chromium here: run scripts/services.sh browser."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(params=[EMBEDDED, SCALED])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A whole deployment with a small centre in it."""
    lack = deployments.lacking(request.param)
    if lack:
        pytest.skip(f"left out: {lack}")
    with deployments.placed(tmp_path, request.param) as place:
        db.connect(place.database_url)
        centre.configure(f"http://127.0.0.1:{place.port}")
        with transaction() as session:
            found = testing.found(session)
            board = session.get_one(Customer, found.board)
            contract = factories.contract(session, board, on_credit=False)
            scale = session.get_one(Service, found.service)
            factories.contract_line(session, contract, scale)
            factories.user(session, Role.DIRECTOR, login="sep")
        db.disconnect()
        running = Running(place, request.param)
        try:
            running.start()
            running.wait_until_ready()
            yield running
        finally:
            running.end()


@pytest.fixture
def seat(browser: Browser, deployment: Running) -> Iterator[Callable[..., Clerk]]:
    """Sign people in; afterwards nobody's browser may have had an error."""
    clerks: list[Clerk] = []

    def sit(login: str, **said: object) -> Clerk:
        clerk = sit_down(browser, f"http://127.0.0.1:{deployment.place.port}", login, **said)
        clerks.append(clerk)
        return clerk

    yield sit
    for clerk in clerks:
        assert clerk.faults == []
        clerk.page.context.close()
