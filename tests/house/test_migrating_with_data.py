"""A database that the release before has filled goes up and down with its rows, and works on.

`release_3afe80c.jsonl.xz` holds the rows as SQLite keeps them, a table a line. The services of that
commit wrote them: orders at every stage, results that passed, failed, were sent back and withdrawn,
certificates replaced and withdrawn, invoices, payments, contracts, expenses, dated values; facts
that hold names and telephones. Most papers wait for the printer, and one fact for the sequencer.
"""

import base64
import json
import lzma
from hashlib import sha256
from uuid import UUID

import pytest
from flask import url_for
from sqlalchemy import (
    column,
    create_engine,
    delete,
    insert,
    inspect,
    literal_column,
    select,
    table,
    text,
)

from lims import migrating
from lims.bench.models import Result
from lims.certificates import service as certificates
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.models import LIVE, Certificate, CertificatePlace
from lims.certificates.signing import replacing
from lims.config import ROOT
from lims.documents.store import Document, bytes_of
from lims.eventlog import chain, events, projections
from lims.eventlog.log import Delivery, Entry
from lims.eventlog.private import PrivateValue
from lims.identity.models import User
from lims.kernel import db
from lims.reception.models import Item
from lims.vocabulary import ItemState, ResultState, Role
from workers import sequencing
from workers.reactions import PROJECTIONS

pytestmark = pytest.mark.slow

RELEASE = ROOT / "tests" / "data" / "release_3afe80c.jsonl.xz"
REVISION = "20261122_0913"
EVERYTHING = select(literal_column("*"))
TABLES = {"user_id": "person", "type_id": "instrument_type"}
"""Where the ids of an address stand, when the table is not called like them."""

MOST = 40
"""Rows of a table whose pages are asked for: every order, item and result, not every type."""

ELSEWHERE = {
    "bench.calibration": {200, 302},  # an item of another kind, or that is no longer on the bench
    "bench.item": {302},  # to the page of its kind
    "bench.testing": {200, 302},
    "cash.facts": {404},  # asks for a measure
    "certificates_api.printed": {200, 503},  # most are not printed yet
    "contracts.price": {204},  # no service is named
    "documents.show": {200, 503},
    "identity.login": {302},  # somebody is signed in
    "tallies_api.tallies": {422},  # asks for days
}
"""Pages that rightly answer otherwise than with 200."""


def as_driver_takes(stored, dialect):
    if isinstance(stored, dict):
        return base64.b64decode(stored["base64"])
    return stored if stored is None or dialect == "sqlite" else str(stored)


def load(url):
    """Lay the tables of the release out and put its rows into them, unseen by triggers."""
    migrating.upgrade(url, REVISION)
    engine = create_engine(url)
    dialect = engine.dialect.name
    with engine.begin() as connection, lzma.open(RELEASE, "rt", encoding="utf-8") as lines:
        if dialect == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        for name in inspect(connection).get_table_names():
            connection.execute(delete(table(name)))
        for line in map(json.loads, lines):
            target = table(line["table"], *map(column, line["columns"]))
            connection.execute(
                insert(target),
                [
                    {
                        name: as_driver_takes(stored, dialect)
                        for name, stored in zip(line["columns"], row, strict=True)
                    }
                    for row in line["rows"]
                ],
            )
    engine.dispose()


def rows(url):
    """Return every row of every table as it is stored."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = {
            name: sorted(
                repr(sorted(row.items()))
                for row in connection.execute(EVERYTHING.select_from(table(name))).mappings()
            )
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return tables


@pytest.fixture
def release(own_database_url):
    load(own_database_url)
    return own_database_url


@pytest.fixture
def database(release):
    """The release's database at the newest revision, for the application."""
    migrating.upgrade(release)
    db.connect(release)
    yield release
    db.disconnect()


def test_the_rows_go_up_come_down_as_they_were_and_go_up_again(release):
    before = rows(release)

    migrating.upgrade(release)
    above = rows(release)
    migrating.downgrade(release, REVISION)

    assert rows(release) == before
    migrating.upgrade(release)
    assert rows(release) == above


def test_the_chain_holds_every_fact_loads_and_the_tallies_are_what_they_were(database):
    before = rows(database)
    with db.snapshot() as session:
        entries = session.scalars(select(Entry)).all()
        assert chain.verify(session) == len(entries)
        for entry in entries:
            written = json.loads(entry.payload)
            loaded = json.loads(events.dump(events.load(entry.name, entry.payload)))
            assert {name: loaded[name] for name in written} == written
        assert [d for one in PROJECTIONS for d in projections.differences(session, one)] == []

    for projection in PROJECTIONS:
        with db.transaction() as session:
            projections.rebuild(session, projection)

    assert rows(database) == before


def arguments_of(rule):
    """Name what stands in an address, for every row of the release."""
    if not rule.arguments:
        return [{}]
    (name,) = rule.arguments
    if name == "year":
        return [{name: 2026}]
    with db.reading() as session:
        if name in ("number", "code"):
            return [{name: key} for key in session.scalars(select(getattr(Certificate, name)))]
        rows_of = table(TABLES.get(name, name.removesuffix("_id")), column("id"))
        keys = session.scalars(select(rows_of.c.id).limit(MOST))
        return [{name: UUID(str(key))} for key in keys]


def answer(browsers, address):
    """Ask as one person after the other until somebody may, who is asked first the next time."""
    for rank, browser in enumerate(browsers):
        status = browser.get(address).status_code
        if status != 403:
            browsers.insert(0, browsers.pop(rank))
            return status
    return 403


def test_every_page_of_every_row_answers(database, app):
    with db.reading() as session:
        people = session.scalars(select(User)).all()
    browsers = [app.test_client() for _ in people]
    for browser, person in zip(browsers, people, strict=True):
        with browser.session_transaction() as cookie:
            cookie["user"], cookie["epoch"] = str(person.id), person.epoch

    wrong = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ("static", "help.topic"):
            continue
        for arguments in arguments_of(rule):
            with app.test_request_context():
                address = url_for(rule.endpoint, **arguments)
            status = answer(browsers, address)
            if status not in ELSEWHERE.get(rule.endpoint, {200}):
                wrong[address] = status

    assert wrong == {}


def test_a_history_still_says_whom_an_old_fact_names(database, signed_in):
    with db.reading() as session:
        item_id = session.scalar(select(Item.id).where(Item.state == ItemState.HANDED_OVER))

    page = signed_in(Role.RECEPTION).get(f"/reception/items/{item_id}").text

    assert "Ông Hai" in page


def correct(session, certificate):
    """Replace a certificate, with one of its texts written otherwise."""
    document = replacing.document_of(session, certificate)
    place, _, words = replacing.correctable(document.content())[0]
    command = SupersedeCertificate(reason="ghi sai", changes={place: f"{words} *"})
    certificates.supersede(session, certificate.id, command, by="ky")


def test_what_the_release_began_is_finished_and_then_there_is_no_way_back(database):
    """Its papers are printed, its results signed, its certificates replaced and printed again."""
    sequencing.run_until_idle(PROJECTIONS)
    with db.transaction() as session:
        live = select(CertificatePlace.certificate_id).where(LIVE).distinct()
        for key in session.scalars(live).all():
            correct(session, session.get_one(Certificate, key))
        checked = select(Result.id).where(Result.state == ResultState.CHECKED)
        certificates.sign(session, session.scalars(checked).all(), by="ky")
    sequencing.run_until_idle(PROJECTIONS)

    with db.snapshot() as session:
        assert session.scalars(select(Delivery.handler).where(Delivery.state != "done")).all() == []
        for document in session.scalars(select(Document)):
            assert document.sha256 == sha256(bytes_of(session, document)).hexdigest()
        assert isinstance(chain.verify(session), int)
        assert [d for one in PROJECTIONS for d in projections.differences(session, one)] == []
        assert session.scalar(select(PrivateValue.id).limit(1))
    db.disconnect()
    with pytest.raises(RuntimeError, match="restore a backup"):
        migrating.downgrade(database, REVISION)
