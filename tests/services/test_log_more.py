"""What is done behind the log's back is found, wherever it is done; and the small print."""

import json
from datetime import timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import sessionmaker

from lims.documents import store
from lims.eventlog import chain, deliveries, seal
from lims.eventlog.chain import Fault
from lims.eventlog.log import Delivery, Entry, Head
from lims.eventlog.seal import Seal
from lims.kernel import clock, db
from lims.kernel.db import new_id, reading, transaction
from lims.kernel.errors import NotFound
from tests import databases, servers
from tests.factories import TODAY
from tests.services.test_log import advance, tell

BACKEND = select(func.pg_backend_pid())


def cut(*, position):
    """Take a fact out of the middle of the log."""
    with transaction() as session:
        databases.stand_aside(session, "event_log_no_delete")
        session.execute(delete(Delivery))
        session.execute(delete(Entry).where(Entry.position == position))


def test_a_fact_taken_out_of_the_middle_is_missed_at_its_position(database):
    tell(5)
    advance()

    cut(position=3)

    with reading() as session:
        assert chain.verify(session) == Fault(3, "missing")


def test_a_head_that_was_moved_does_not_agree_with_the_log(database):
    tell(3)
    advance()

    with transaction() as session:
        session.execute(update(Head).values(position=2))

    with reading() as session:
        assert chain.verify(session) == Fault(3, "the head does not agree with the log")


@pytest.fixture
def sealed(database, tmp_path):
    """Three facts under a seal, with a copy in a folder."""
    tell(3)
    advance()
    with reading() as session:
        made = seal.prepare(session, seal.key(tmp_path))
    with transaction() as session:
        session.add(made)
    seal.copy_out(made, tmp_path / "seals")
    return tmp_path / "seals"


def test_a_log_that_stands_still_is_not_sealed_twice(sealed):
    with reading() as session:
        assert seal.prepare(session, seal.key(sealed.parent)) is None


def test_a_log_without_facts_is_not_sealed(database, tmp_path):
    with reading() as session:
        assert seal.prepare(session, seal.key(tmp_path)) is None


@pytest.mark.parametrize(
    "forged",
    [{"hash": "f" * 64}, {"signature": "00" * 64}, {"public_key": "not hex"}, {"before": "aa"}],
)
def test_a_forged_seal_is_not_genuine(sealed, forged):
    with transaction() as session:
        session.execute(update(Seal).values(**forged))

    with reading() as session:
        assert Fault(3, "the seal is not genuine") in list(seal.faults(session))


def test_a_copy_that_says_otherwise_is_found_in_the_folder(sealed):
    (copy,) = sealed.iterdir()
    said = json.loads(copy.read_text(encoding="utf-8"))
    said["sealed"][1] = "f" * 64
    copy.write_text(json.dumps(said), encoding="utf-8")

    with reading() as session:
        assert list(seal.faults(session, sealed)) == [Fault(3, "the log is not what was sealed")]


def test_without_the_folder_the_seals_of_the_database_are_checked(sealed):
    with reading() as session:
        assert list(seal.faults(session, sealed / "not there")) == []


def test_only_an_ed25519_key_seals(tmp_path):
    ours = seal.key(tmp_path)
    assert seal.key(tmp_path).public == ours.public

    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "seal_key.pem").write_bytes(
        other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )

    with pytest.raises(TypeError, match="no Ed25519 key"):
        seal.key(tmp_path)


@pytest.fixture
def owed(database):
    """Two facts that two handlers owe something, both failed."""
    tell(2)
    advance()
    with transaction() as session:
        session.execute(update(Delivery).values(state="failed", tries=8))


def test_a_failure_that_comes_late_does_not_undo_what_another_worker_has_done(owed):
    with transaction() as session:
        session.execute(update(Delivery).values(state="done", error="", tries=0))

        deliveries.fail(session, "one", 1, "The lease ran out.")

        row = session.get_one(Delivery, ("one", 1))
        assert (row.state, row.error, row.tries) == ("done", "", 0)


@pytest.mark.parametrize(
    ("handler", "position", "again", "left"),
    [(None, None, 4, {}), ("one", None, 2, {"two": 2}), ("one", 2, 1, {"one": 1, "two": 2})],
)
def test_all_that_failed_is_owed_again_or_what_is_named(owed, handler, position, again, left):
    with transaction() as session:
        assert deliveries.retry(session, handler, position) == again

    with reading() as session:
        counted = deliveries.counted(session)
    assert {name: count for (name, state), count in counted.items() if state == "failed"} == left
    assert sum(count for (_, state), count in counted.items() if state == "owed") == again


def test_what_the_memory_lost_with_its_process_is_due_at_once(database):
    tell(1)
    advance()
    with transaction() as session:
        later = clock.now() + timedelta(minutes=2)
        session.execute(update(Delivery).values(due=later))
    with transaction() as session:
        deliveries.make_due(session)

    with reading() as session:
        assert deliveries.any_due(session, ["one"])


def test_everything_is_seen_as_it_stood_at_one_instant(database):
    tell(2)
    advance()
    with db.snapshot() as session:
        before = chain.verify(session)
        beside = db.make_engine(database)
        with sessionmaker(beside)() as other, other.begin():
            other.execute(update(Head).values(epoch=9))
        beside.dispose()
        assert session.scalar(select(Head.epoch)) == 1

    assert before == 2


@pytest.mark.skipif(servers.postgres_url() is None, reason="PostgreSQL does not answer")
def test_a_connection_that_the_server_has_closed_is_replaced_before_its_use(postgresql):
    pinged = db.make_engine(postgresql.url)
    with pinged.connect() as connection:
        before = connection.scalar(BACKEND)
    with psycopg.connect(postgresql.url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s, 5000)", [before])

    with pinged.connect() as connection:
        after = connection.scalar(BACKEND)

    pinged.dispose()
    assert after != before


def test_a_program_that_never_connected_is_told_so(database):
    bound = db.engine()
    db._writer.configure(bind=None)  # noqa: SLF001 - as a program begins

    with pytest.raises(TypeError, match="connect comes first"):
        db.engine()

    db.use(bound)


def test_bytes_that_are_missing_from_the_shelf_are_named(session):
    document = store.Document(
        kind="slip", of=new_id(), template="1", number="N26-00001", frozen="{}", on=TODAY
    )
    document.printed("0" * 64, TODAY)

    with pytest.raises(NotFound, match=r"document .* are missing") as refusal:
        store.bytes_of(session, document)

    assert refusal.value.values["number"] == "N26-00001"
