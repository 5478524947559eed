"""Work that the centre answers for is charged once, and the charge follows its result."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from lims.billing.charges.agreement import agree, awaited, quote
from lims.billing.models import Charge
from lims.kernel.db import new_id
from lims.kernel.errors import NotFound
from lims.reception.models import Order
from lims.vocabulary import (
    ChargeState,
    DeliverableKind,
    Discipline,
    Funding,
    Outcome,
    RevenueClass,
)
from tests import factories
from tests.factories import TODAY
from tests.services.changes import as_if


def order_of(session, item):
    return session.get_one(Order, item.order_id)


def charges(session):
    return session.scalars(select(Charge).order_by(Charge.id)).all()


def withdraw(session, result, item):
    told = result.withdraw(item, order_of(session, item), reason="Nhầm số hiệu", on=TODAY)
    factories.log.append(session, told, by="giamdoc")
    return told


def test_an_authorised_result_is_charged_by_the_tariff_to_who_pays(session):
    service = factories.service(session, amount=33_333)
    item = factories.item(session, what=service)
    result, fact = factories.authorised(session, item)

    agree(session, fact, by="worker")

    (charge,) = charges(session)
    assert (charge.source_id, charge.payer_id) == (result.id, order_of(session, item).payer_id)
    assert (charge.net, charge.vat, charge.total) == (33_333, 1_667, 35_000)
    assert (charge.description, charge.earned_on, charge.state) == (
        service.name_vi,
        TODAY,
        ChargeState.EARNED,
    )
    assert charge.revenue_class is RevenueClass.SERVICES


def test_the_same_fact_twice_is_charged_once(session):
    _, fact = factories.authorised(session, factories.item(session))

    agree(session, fact, by="worker")
    agree(session, fact, by="worker")

    assert len(charges(session)) == 1


def test_work_that_the_state_pays_for_is_another_class_of_revenue(session):
    item = factories.item(session, factories.order(session, funding=Funding.STATE))
    _, fact = factories.authorised(session, item)

    agree(session, fact, by="worker")

    assert charges(session)[0].revenue_class is RevenueClass.STATE_PAID_SERVICES


@pytest.mark.parametrize(
    ("outcome", "on_fail", "charged"),
    [
        (Outcome.PASS, False, 1),
        (Outcome.MEASURED, False, 1),
        (Outcome.FAIL, True, 1),
        (Outcome.FAIL, False, 0),
        (Outcome.NOT_PERFORMED, True, 0),
    ],
)
def test_the_tariff_says_whether_a_fail_is_charged_and_what_was_not_done_never_is(
    session, outcome, on_fail, charged
):
    item = factories.item(session, what=factories.service(session, charged_on_fail=on_fail))
    _, fact = factories.authorised(session, item, outcome=outcome)

    agree(session, fact, by="worker")

    assert len(charges(session)) == charged
    assert awaited(session, order_of(session, item)) is False


def test_a_withdrawn_result_takes_its_charge_back(session):
    item = factories.item(session)
    result, fact = factories.authorised(session, item)
    agree(session, fact, by="worker")

    agree(session, withdraw(session, result, item), by="worker")

    (charge,) = charges(session)
    assert charge.state is ChargeState.CANCELLED


def test_a_withdrawal_that_is_heard_first_leaves_nothing_to_charge(session):
    item = factories.item(session)
    result, authorised = factories.authorised(session, item)
    withdrawn = withdraw(session, result, item)

    agree(session, withdrawn, by="worker")
    agree(session, authorised, by="worker")

    assert charges(session) == []


def test_what_is_done_again_after_a_withdrawal_is_another_charge(session):
    item = factories.item(session)
    first, fact = factories.authorised(session, item)
    agree(session, fact, by="worker")
    agree(session, withdraw(session, first, item), by="worker")
    session.flush()

    _, again = factories.authorised(session, item)
    agree(session, again, by="worker")

    assert [one.state for one in charges(session)] == [ChargeState.CANCELLED, ChargeState.EARNED]


def test_what_is_invoiced_stays_charged_when_its_result_is_withdrawn(session):
    item = factories.item(session)
    result, fact = factories.authorised(session, item)
    agree(session, fact, by="worker")
    as_if(session, charges(session)[0], state=ChargeState.INVOICED)

    agree(session, withdraw(session, result, item), by="worker")

    assert charges(session)[0].state is ChargeState.INVOICED


def test_a_contract_has_its_own_price(session):
    service = factories.service(session, amount=30_000, charged_on_fail=False)
    contract = factories.contract(session)
    factories.contract_line(session, contract, service, unit_price=25_000, vat_rate=Decimal("0.08"))

    price = quote(session, service.id, contract.id, TODAY)

    assert (price.amount, price.gross, price.charged_on_fail) == (25_000, 27_000, False)
    assert quote(session, service.id, None, TODAY).amount == 30_000


def test_without_any_price_nothing_is_charged_unseen(session):
    service = factories.service(session)
    long_ago = date(2010, 1, 1)

    with pytest.raises(NotFound, match="has no price"):
        quote(session, service.id, None, long_ago)

    contract = factories.contract(session)
    factories.contract_line(session, contract, service, unit_price=9_000)
    assert quote(session, service.id, contract.id, long_ago).charged_on_fail


def test_an_accepted_deliverable_is_charged_once_under_its_contract(session):
    contract = factories.contract(session, funding=Funding.STATE)
    made = factories.deliverable(session, contract, quantity=3, amount=9_000_000)
    odd = factories.deliverable(
        session, contract, kind=DeliverableKind.PRODUCT, quantity=3, amount=10_000_000
    )
    facts = [one.accept(minutes="NT-01", on=TODAY) for one in (made, odd)]
    factories.log.append(session, *facts, by="kinhdoanh")
    session.flush()

    for fact in [*facts, *facts]:
        agree(session, fact, by="worker")

    first, second = charges(session)
    assert (first.quantity, first.unit_price, first.unit) == (3, 3_000_000, "tiêu chuẩn")
    assert (second.quantity, second.unit_price, second.unit) == (1, 10_000_000, "gói")
    assert (first.net, first.vat, first.contract_id) == (9_000_000, 450_000, contract.id)
    assert (first.discipline, first.revenue_class) == (
        Discipline.TECHNICAL,
        RevenueClass.STATE_PAID_SERVICES,
    )


def test_work_is_awaited_until_it_is_charged(session):
    item = factories.item(session)
    _, fact = factories.authorised(session, item)
    order = order_of(session, item)

    assert awaited(session, order)
    agree(session, fact, by="worker")
    session.flush()

    assert not awaited(session, order)


def test_a_fact_of_a_result_that_is_not_there_is_a_fault_to_be_looked_at(session):
    _, fact = factories.authorised(session, factories.item(session))

    with pytest.raises(LookupError, match="not there"):
        agree(session, replace(fact, result_id=new_id()), by="worker")
