"""Receipts, leases, retries: the machinery around every reaction."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lims.eventlog import deliveries, log
from lims.eventlog.log import Delivery, Entry
from lims.identity.events import UserDisabled
from lims.indicators import service as indicators
from lims.indicators.commands import DefineIndicator
from lims.indicators.models import Indicator
from lims.kernel import clock
from lims.kernel.db import new_id, reading, transaction
from tests.conftest import NOON
from tests.factories import TODAY
from workers import handler, sequencing
from workers.handler import on

pytestmark = pytest.mark.usefixtures("database", "no_handlers")


def tell(*logins):
    with transaction() as session:
        for login in logins:
            log.append(session, UserDisabled(user_id=new_id(), login=login, on=TODAY), by="admin")


def leave_a_mark(session, login):
    """An effect that would show if it were done twice."""
    number = session.scalar(select(func.count()).select_from(Indicator))
    indicators.define(
        session,
        DefineIndicator(code=f"{login}-{number}", name_vi=login, name_en=login),
        by="worker",
    )
    session.flush()


def marks():
    with reading() as session:
        return sorted(session.scalars(select(Indicator.name_en)))


def states():
    with reading() as session:
        rows = session.execute(
            select(Delivery.position, Delivery.state).order_by(Delivery.position)
        )
        return dict(rows.all())


def sent():
    messages = []
    sequencing.run_round(lambda name, positions: messages.append((name, tuple(positions))))
    return messages


def follow():
    @on(UserDisabled, name="test.mark")
    def mark(session, fact):
        if fact.login == "poison":
            raise ValueError("no such user")
        leave_a_mark(session, fact.login)


def test_a_message_delivered_twice_has_its_effect_once():
    follow()
    tell("lan", "minh")

    (message,) = sent()
    handler.perform(*message)
    handler.perform(*message)

    assert message == ("test.mark", (1, 2))
    assert marks() == ["lan", "minh"]
    assert states() == {1: "done", 2: "done"}


def test_one_poisonous_fact_does_not_spoil_its_batch(caplog):
    follow()
    tell("lan", "poison", "minh")

    handler.perform(*sent()[0])

    assert marks() == ["lan", "minh"]
    assert states() == {1: "done", 2: "owed", 3: "done"}
    with reading() as session:
        failure = session.get(Delivery, ("test.mark", 2))
        assert (failure.tries, failure.error) == (1, "ValueError: no such user")


def test_what_fails_its_last_try_waits_for_a_person_and_can_be_retried(caplog):
    follow()
    tell("poison")
    handler.perform(*sent()[0])
    for attempt in range(1, deliveries.TRIES):
        with clock.at(NOON + timedelta(hours=attempt)):
            handler.perform(*sent()[0])

    assert states() == {1: "failed"}
    with clock.at(NOON + timedelta(days=1)):
        assert sent() == []
        with transaction() as session:
            assert deliveries.retry(session) == 1
        assert sent() == [("test.mark", (1,))]


def test_a_message_that_was_lost_is_sent_again_when_its_lease_runs_out():
    follow()
    tell("lan")

    assert len(sent()) == 1
    assert sent() == []
    with clock.at(NOON + deliveries.FAST + timedelta(seconds=1)):
        assert len(sent()) == 1


def test_a_slow_effect_is_prepared_outside_and_settled_with_its_receipt():
    prepared = []

    @on(UserDisabled, name="test.slow")
    class Slow:
        def prepare(self, reader, fact):
            prepared.append(fact.login)
            return fact.login.upper()

        def settle(self, session, fact, prepared):
            leave_a_mark(session, prepared)

    tell("lan")
    (message,) = sent()
    handler.perform(*message)
    handler.perform(*message)

    assert prepared == ["lan"]
    assert marks() == ["LAN"]


def test_a_big_burst_goes_out_in_messages_of_500():
    follow()
    tell(*[f"u{n}" for n in range(1_100)])

    assert [len(positions) for _, positions in sent()] == [500, 500, 100]


def test_two_sequencers_at_once_leave_one_dense_chain():
    follow()
    for start in range(0, 60, 5):
        tell(*[f"u{n}" for n in range(start, start + 5)])

    def run():
        with clock.at(NOON):
            while sent():
                pass

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading() as session:
        positions = session.scalars(select(Entry.position).order_by(Entry.position)).all()
        assert positions == list(range(1, 61))
