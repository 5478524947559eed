"""What every test may ask for: real databases, each test with a fresh one."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lims.app import create_app
from lims.config import Settings
from lims.kernel import clock, db, words
from lims.kernel.errors import LabError
from lims.vocabulary import Role
from tests import deployments, factories, servers
from tests.databases import WipedDatabase, WipedSqlite, engine, wiped_postgres

NOON = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""Twelve o'clock at the counter, on a Tuesday."""

POSTGRES = servers.postgres_url()
DATABASES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
ON_BOTH = {"services", "workers"}
"""The tiers that run on both databases in `make test`; the others do in `make full`."""

REFUSALS = json.loads((Path(__file__).parent / "golden/refusals.json").read_text(encoding="utf-8"))
"""Each sentence with the fields it may be about: `python -m tests.golden` writes the list."""

VALUE = re.compile(r"%\((\w+)\)[sd]")
"""A value that a sentence names."""

hypothesis.settings.register_profile(
    "test", derandomize=True, max_examples=25, deadline=None, database=None
)
hypothesis.settings.register_profile("full", max_examples=100, deadline=None, print_blob=True)
"""No deadline in either: on a loaded machine it says nothing about our code."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="every test on both databases, at random")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("full" if config.getoption("--full") else "test")


def pytest_report_header(config: pytest.Config) -> str:
    if "postgresql" not in DATABASES:
        left_out = "PostgreSQL does not answer (LIMS_TEST_POSTGRES_URL)"
        return f"databases: SQLite only. LEFT OUT: {left_out}"
    if config.getoption("--full"):
        return "databases: SQLite and PostgreSQL"
    return f"databases: SQLite; {' and '.join(sorted(ON_BOTH))} on PostgreSQL too"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    tier = metafunc.definition.path.parent.name
    both = metafunc.config.getoption("--full") or tier in ON_BOTH
    for fixture in ("database_url", "own_database_url"):
        if fixture in metafunc.fixturenames:
            kinds = DATABASES if both else ["sqlite"]
            metafunc.parametrize(fixture, kinds, indirect=True)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> WipedDatabase:
    return WipedSqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[WipedDatabase]:
    with wiped_postgres() as one:
        yield one


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database: the test runs on each kind that answers."""
    one: WipedDatabase = request.getfixturevalue(request.param)
    yield one.url
    one.wipe()


@pytest.fixture
def own_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database without tables, for a test that changes more than rows."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.db'}"
        return
    with deployments.postgres_database("own") as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def nothing_is_remembered() -> None:
    """Empty our caches: `make mutants` forks what has run every test on the code as it is."""
    modules = [module for name, module in sys.modules.items() if name.startswith("lims.")]
    for value in [value for module in modules for value in vars(module).values()]:
        if hasattr(type(value), "cache_clear"):
            value.cache_clear()


@pytest.fixture(autouse=True)
def every_refusal_is_listed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Rules and services refuse in Vietnamese too, about a listed field, with every value."""
    refusals: list[LabError] = []
    begin = LabError.__init__

    def note(refusal: LabError, *arguments: object, **values: object) -> None:
        begin(refusal, *arguments, **values)
        refusals.append(refusal)

    if request.path.parent.name in {"rules", "services"}:
        monkeypatch.setattr(LabError, "__init__", note)
    yield
    assert [refusal.message for refusal in refusals if not is_listed(refusal)] == []


def is_listed(refusal: LabError) -> bool:
    fields = REFUSALS.get(refusal.message, ["*"])
    translated = words.say(refusal.message, "vi") != refusal.message
    values = [refusal.values.get(name) for name in VALUE.findall(refusal.message)]
    return translated and None not in values and ("*" in fields or (refusal.field or "") in fields)


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    """It is always the same noon, unless a test says otherwise."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def database(database_url: str) -> Iterator[str]:
    """Connect the application to the test's database."""
    db.use(engine(database_url))
    yield database_url
    db.disconnect()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A writing session that is never committed: for services and queries."""
    with db.transaction() as session:
        yield session
        session.rollback()


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database, secret_key="x" * 40)


@pytest.fixture(scope="session")
def one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The pages, described and compiled once; each test gives them its own database."""
    folder = tmp_path_factory.mktemp("app")
    url = f"sqlite:///{folder / 'never-asked.db'}"
    return create_app(Settings(data_dir=folder, database_url=url, secret_key="x" * 40))


@pytest.fixture
def app(one_app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application on the test's database, without what an earlier test has set."""
    config = dict(one_app.config)
    one_app.config["SETTINGS"] = settings
    yield one_app
    one_app.config.clear()
    one_app.config.update(config)


Sign = Callable[..., FlaskClient]


@pytest.fixture
def signed_in(app: Flask) -> Sign:
    """Give a browser in which somebody with these roles is signed in: `signed_in(Role.ADMIN)`."""

    def sign(*roles: Role, login: str | None = None) -> FlaskClient:
        with db.transaction() as session:
            user = factories.user(session, *roles, login=login or f"u{uuid4().hex[:6]}")
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["user"], cookie["epoch"] = str(user.id), user.epoch
        return client

    return sign


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()
