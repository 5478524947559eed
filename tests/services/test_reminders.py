from datetime import date, timedelta

import pytest

from lims.customers.commands import EnterInstrument
from lims.customers.registry import service as registry
from lims.kernel.db import new_id
from lims.reminders import queries
from lims.reminders.queries import Window
from lims.vocabulary import ContractState, ItemState, ResultState
from tests import factories

TODAY = factories.TODAY


def instrument(session, due_on):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    made = registry.add_instrument(
        session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial="A1"), by="lan"
    )
    registry.set_due(session, made, due_on, result_id=new_id(), on=TODAY, by="worker")
    session.flush()
    return made


@pytest.mark.parametrize(
    ("days", "ahead", "overdue"), [(-1, False, True), (0, True, False), (30, True, False)]
)
def test_an_instrument_falls_due_from_today_to_the_thirtieth_day_and_is_overdue_before(
    session, days, ahead, overdue
):
    instrument(session, TODAY + timedelta(days=days))

    assert bool(queries.due(session, Window.within(30, TODAY))) is ahead
    assert bool(queries.due(session, Window.overdue(TODAY))) is overdue


def test_what_is_due_later_is_not_listed_yet(session):
    instrument(session, TODAY + timedelta(days=31))

    assert queries.due(session, Window.within(30, TODAY)) == []
    assert len(queries.due(session, Window.within(60, TODAY))) == 1


def test_a_contract_in_force_runs_out_on_its_last_day(session):
    def contract(valid_to, **said):
        return factories.contract(session, valid_to=valid_to, **said)

    later, sooner = contract(date(2026, 4, 2)), contract(TODAY)
    contract(date(2026, 3, 2))
    contract(date(2026, 4, 3))
    contract(TODAY, state=ContractState.CLOSED)
    factories.contract(session)

    found = queries.running_out(session, Window.within(30, TODAY), 10)

    assert [row.Contract.id for row in found] == [sooner.id, later.id]
    assert len(queries.running_out(session, Window.within(30, TODAY), 1)) == 1


def order(session, promised_on, *states):
    made = factories.order(session, promised_on=promised_on, item_count=len(states))
    for state in states:
        factories.item(session, made, state=state)
    return made


def test_an_order_is_late_from_the_day_after_the_promise_while_an_item_is_unfinished(session):
    yesterday, done = date(2026, 3, 2), ItemState.AUTHORISED
    late = order(session, yesterday, done, ItemState.CHECKED, ItemState.RECEIVED)
    order(session, yesterday, done, ItemState.CANCELLED, ItemState.NOT_PERFORMED)
    order(session, TODAY, ItemState.RECEIVED)

    (row,) = queries.late(session, TODAY)

    assert (row.Order.id, row.unfinished, row.Order.item_count) == (late.id, 2, 3)


def test_late_orders_come_by_the_day_of_the_promise_page_by_page(session):
    days = [date(2026, 2, day) for day in (20, 5, 10)]
    for day in days:
        order(session, day, ItemState.RECEIVED)

    first = queries.late(session, TODAY, limit=1)
    second = queries.late(session, TODAY, limit=1, after=first[0].Order.id)

    assert [row.Order.promised_on.day for row in first] == [5, 10]
    assert [row.Order.promised_on.day for row in second] == [10, 20]


def test_a_customers_orders_are_those_brought_and_those_paid(session):
    one, other = factories.customer(session), factories.customer(session)
    brought = factories.order(session, one)
    paid = factories.order(session, other, payer_id=one.id)
    factories.order(session, other)

    assert {row.id for row in queries.orders_of(session, one.id, 10)} == {brought.id, paid.id}


def test_each_time_an_instrument_was_in_stands_with_what_was_found(session):
    known = instrument(session, None)
    first = factories.item(session, instrument_id=known.id, state=ItemState.AUTHORISED)
    result = factories.result(session, first, state=ResultState.AUTHORISED)
    factories.result(session, first, state=ResultState.WITHDRAWN)
    second = factories.item(session, instrument_id=known.id)
    factories.item(session)

    found = {row.Item.id: row.Result for row in queries.items_of(session, known.id, 10)}

    assert found == {first.id: result, second.id: None}
