"""The due date of an instrument follows the newest verdict that stands."""

from datetime import date

import pytest
from sqlalchemy import select

from lims.bench.models import Result
from lims.customers.commands import EnterInstrument
from lims.customers.models import Instrument
from lims.customers.registry import service
from lims.eventlog import log
from lims.eventlog.log import Entry
from lims.kernel.db import reading, transaction
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, Outcome, ResultState
from tests import factories
from workers import handler, sequencing
from workers.reactions import PROJECTIONS

TODAY = factories.TODAY


@pytest.fixture
def instrument(database):
    with transaction() as session:
        holder, kind = factories.customer(session), factories.instrument_type(session)
        made = service.add_instrument(
            session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial="A1"), by="lan"
        )
    return made.id


def authorise(instrument_id, performed_on, outcome=Outcome.PASS, until=None, discipline=None):
    """Let a result on the instrument be authorised today, and everything that follows happen."""
    with transaction() as session:
        order = factories.order(session)
        what = factories.service(session, discipline or Discipline.VERIFICATION)
        item = factories.item(session, order, what, instrument_id=instrument_id)
        result = factories.result(
            session,
            item,
            state=ResultState.CHECKED,
            outcome=outcome,
            performed_on=performed_on,
        )
        fact = result.authorise(item, order, valid_until=until, by="giamdoc", on=TODAY)
        log.append(session, fact, by="giamdoc")
    sequencing.run_until_idle(PROJECTIONS)
    return result.id


def withdraw(result_id):
    with transaction() as session:
        result = session.get_one(Result, result_id)
        item = session.get_one(Item, result.item_id)
        order = session.get_one(Order, item.order_id)
        fact = result.withdraw(item, order, reason="Nhầm chuẩn", on=TODAY)
        log.append(session, fact, by="giamdoc")
    sequencing.run_until_idle(PROJECTIONS)


def due(instrument_id):
    with reading() as session:
        return session.get_one(Instrument, instrument_id).due_on


def times_told():
    with reading() as session:
        query = select(Entry).where(Entry.name == "customers.instrument_due_set")
        return len(session.scalars(query).all())


def test_a_pass_sets_the_date_and_a_fail_takes_it_away(instrument):
    authorise(instrument, TODAY, until=date(2028, 3, 31))
    assert due(instrument) == date(2028, 3, 31)

    authorise(instrument, date(2026, 3, 4), Outcome.FAIL)

    assert due(instrument) is None
    assert times_told() == 2


def test_older_work_authorised_later_overwrites_nothing(instrument):
    authorise(instrument, TODAY, until=date(2028, 3, 31))

    authorise(instrument, date(2026, 2, 1), Outcome.FAIL)
    authorise(instrument, date(2026, 2, 2), until=date(2028, 2, 29))

    assert due(instrument) == date(2028, 3, 31)
    assert times_told() == 1


def test_when_a_result_is_withdrawn_the_one_before_it_holds_again(instrument):
    first = authorise(instrument, date(2026, 1, 5), until=date(2028, 1, 31))
    second = authorise(instrument, TODAY, Outcome.FAIL)

    withdraw(second)
    assert due(instrument) == date(2028, 1, 31)

    withdraw(first)
    assert due(instrument) is None


@pytest.mark.parametrize(
    ("outcome", "discipline"),
    [
        (Outcome.NOT_PERFORMED, Discipline.VERIFICATION),
        (Outcome.MEASURED, Discipline.CALIBRATION),
    ],
)
def test_only_a_verdict_of_verification_moves_the_date(instrument, outcome, discipline):
    authorise(instrument, date(2026, 1, 5), until=date(2028, 1, 31))

    authorise(instrument, TODAY, outcome, discipline=discipline)

    assert due(instrument) == date(2028, 1, 31)
    assert times_told() == 1


def test_work_on_something_that_is_not_in_the_registry_is_left_alone(database):
    authorise(None, TODAY, until=date(2028, 3, 31))

    assert times_told() == 0


def test_a_fact_that_is_delivered_again_tells_nothing_new(instrument):
    authorise(instrument, TODAY, until=date(2028, 3, 31))
    with reading() as session:
        entry = session.scalars(select(Entry).where(Entry.name == "bench.result_authorised")).one()

    with transaction() as session:
        handler.HANDLERS["customers.set_due_date"].react(session, [entry.fact()])
    sequencing.run_until_idle(PROJECTIONS)

    assert times_told() == 1
