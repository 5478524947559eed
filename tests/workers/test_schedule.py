"""The schedule survives downtime and fires once; the seal holds the log it sealed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text

from lims.eventlog import chain, schedule, seal
from lims.eventlog.log import Entry, Outgoing
from lims.kernel import clock
from lims.kernel.db import reading, transaction
from tests import databases
from workers import sequencing

pytestmark = pytest.mark.usefixtures("database")


def begin():
    with transaction() as session:
        schedule.begin(session)


def fired():
    with reading() as session:
        rows = session.execute(select(Outgoing.name, Outgoing.on).order_by(Outgoing.seq))
        return [(name.removeprefix("kernel."), on.isoformat()) for name, on in rows]


def test_nothing_fires_before_its_time():
    begin()
    sequencing.tick()

    assert fired() == []


def test_what_was_missed_while_the_machine_was_off_fires_once_for_each_period():
    begin()
    with clock.at(datetime(2026, 5, 1, 1, tzinfo=UTC)):
        sequencing.tick()
        sequencing.tick()

    months = [on for name, on in fired() if name == "month_ended"]
    days = [on for name, on in fired() if name == "day_ended"]
    assert months == ["2026-03-31", "2026-04-30"]
    assert (days[0], days[-1], len(days)) == ("2026-03-03", "2026-04-30", 59)


def test_a_month_ends_at_midnight_of_the_laboratory_not_of_utc():
    begin()
    with clock.at(datetime(2026, 3, 31, 16, 59, tzinfo=UTC)):
        sequencing.tick()
        assert "month_ended" not in [name for name, _ in fired()]
    with clock.at(datetime(2026, 3, 31, 17, 0, tzinfo=UTC)):
        sequencing.tick()
        assert ("month_ended", "2026-03-31") in fired()


@pytest.fixture
def sealed(tmp_path):
    """Two days, sealed each, with copies where the database is not."""
    begin()
    key = seal.key(tmp_path)
    for day in (1, 2):
        with clock.at(datetime(2026, 3, 3, 17, 1, tzinfo=UTC) + timedelta(days=day)):
            sequencing.tick()
            sequencing.run_round(lambda *_: None)
            with reading() as reader:
                made = seal.prepare(reader, key)
            seal.copy_out(made, tmp_path / "seals")
            with transaction() as session:
                session.add(made)
    return tmp_path / "seals"


def test_a_seal_holds_the_log_it_sealed(sealed):
    with reading() as session:
        assert list(seal.faults(session, sealed)) == []
        assert len(list(sealed.iterdir())) == 2


def test_a_log_cut_short_behind_the_back_fails_against_its_seals(sealed):
    with transaction() as session:
        databases.stand_aside(session, "event_log_no_delete")
        session.execute(text("DELETE FROM delivery"))
        last = session.scalar(select(Entry.position).order_by(Entry.position.desc()).limit(1))
        session.execute(delete(Entry).where(Entry.position == last))
        before = session.scalar(select(Entry.hash).where(Entry.position == last - 1))
        session.execute(
            text("UPDATE log_head SET position = :p, hash = :h"), {"p": last - 1, "h": before}
        )

    with reading() as session:
        assert chain.verify(session) == last - 1, "the chain alone cannot see a lost tail"
        assert {fault.position for fault in seal.faults(session, sealed)} == {last}
