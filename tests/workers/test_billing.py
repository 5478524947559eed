"""Charges follow results through the log; the money of a contract is what the tables say."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from lims.bench.models import Result
from lims.billing import service
from lims.billing.commands import DraftInvoice, TakePayment
from lims.billing.contract_money.projection import MONEY
from lims.billing.models import (
    NO_CONTRACT,
    Allocation,
    Charge,
    Invoice,
    MoneyCell,
    MoneyLine,
    Payment,
)
from lims.eventlog import log, projections
from lims.eventlog.log import Delivery
from lims.kernel import db
from lims.kernel.db import reading, transaction
from lims.kernel.errors import LabError
from lims.reception.models import Item, Order
from lims.vocabulary import (
    ChargeState,
    ContractState,
    InvoiceState,
    MoneyMeasure,
    Outcome,
    PaymentMeans,
    ResultState,
)
from tests import factories
from tests.at_once import at_once
from tests.conftest import NOON
from tests.factories import TODAY
from workers import billing, handler
from workers.sequencing import run_until_idle

pytestmark = pytest.mark.usefixtures("database", "charging")


@pytest.fixture
def charging(no_handlers):
    """Let nobody react but billing: nothing is printed."""
    handler.on(
        billing.ResultAuthorised,
        billing.ResultWithdrawn,
        billing.DeliverableAccepted,
        name="billing.settle_charge",
    )(billing.agree_charge)


def settle_twice():
    """Deliver everything, and then everything again."""
    run_until_idle([MONEY])
    with transaction() as session:
        session.execute(update(Delivery).values(state="owed"))
    run_until_idle([MONEY])


def authorised_order(count, **said):
    with transaction() as session:
        service_line = factories.service(session)
        order = factories.order(session, item_count=count, **said)
        on = factories.sheet(session, order)
        results = []
        for line in range(1, count + 1):
            item = factories.item(session, order, service_line, line=line)
            results.append(factories.authorised(session, item, on=on)[0].id)
        return order.id, results


def withdraw(result_id):
    with transaction() as session:
        result = db.fetch(session, Result, result_id, hold=True)
        item = db.fetch(session, Item, result.item_id, hold=True)
        told = result.withdraw(item, db.fetch(session, Order, item.order_id), reason="x", on=TODAY)
        log.append(session, told, by="giamdoc")


def states():
    with reading() as session:
        return Counter(session.scalars(select(Charge.state)))


def test_results_are_charged_once_however_often_the_fact_comes():
    authorised_order(3)

    settle_twice()

    assert states() == {ChargeState.EARNED: 3}


def test_a_withdrawal_that_overtakes_its_authorisation_leaves_no_charge():
    _, (first, second) = authorised_order(2)
    withdraw(first)

    settle_twice()
    withdraw(second)
    settle_twice()

    assert states() == {ChargeState.CANCELLED: 1}


def test_the_results_of_an_order_are_charged_with_a_handful_of_statements():
    authorised_order(120)
    statements = []

    @event.listens_for(db.engine(), "before_cursor_execute")
    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    run_until_idle([])
    event.remove(db.engine(), "before_cursor_execute", count)

    assert states() == {ChargeState.EARNED: 120}
    assert len(statements) < 60


@dataclass
class Centre:
    """A customer with one order under a contract and one without."""

    orders: list
    services: object


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "earn",
                "earn",
                "fail",
                "withdraw",
                "draft",
                "issue",
                "issue",
                "discard",
                "pay",
                "ahead",
            ]
        ),
        st.integers(0, 7),
        st.integers(1, 70_000),
    ),
    min_size=3,
    max_size=14,
)


def begin():
    with transaction() as session:
        buyer = factories.customer(session)
        line = factories.service(session, amount=33_333)
        contract = factories.contract(session, buyer, state=ContractState.DRAFT, number=None)
        number = f"HD26-{factories.number():05}"
        log.append(session, contract.sign(number, amount=1_000_000, on=TODAY), by="kinhdoanh")
        under = factories.order(session, buyer, contract_id=contract.id)
        return Centre([under.id, factories.order(session, buyer).id], line)


def pick(session, query, n):
    rows = session.scalars(query).all()
    return rows[n % len(rows)] if rows else None


def act(centre, what, n, amount):
    """Try one act; what the rules refuse leaves nothing behind."""
    try:
        with transaction() as session:
            ACT[what](session, centre, n, amount)
    except LabError:
        pass


def earn(session, centre, n, _amount, outcome=Outcome.PASS):
    order = db.fetch(session, Order, centre.orders[n % 2])
    factories.authorised(session, factories.item(session, order, centre.services), outcome=outcome)


def fail(session, centre, n, amount):
    earn(session, centre, n, amount, Outcome.FAIL)


def take_back(session, centre, n, _amount):
    query = (
        select(Result)
        .join(Item)
        .where(Item.order_id.in_(centre.orders), Result.state == ResultState.AUTHORISED)
    )
    result = pick(session, query.order_by(Result.id), n)
    if result is not None:
        item = db.fetch(session, Item, result.item_id, hold=True)
        order = db.fetch(session, Order, item.order_id)
        log.append(session, result.withdraw(item, order, reason="x", on=TODAY), by="giamdoc")


def draft(session, centre, n, _amount):
    order = db.fetch(session, Order, centre.orders[n % 2])
    service.draft_invoice(
        session, DraftInvoice(buyer_id=order.payer_id, order_id=order.id), by="ketoan"
    )


def on_an_invoice(state, verb):
    def do(session, _centre, n, amount):
        query = select(Invoice).where(Invoice.state == state).order_by(Invoice.id.desc())
        invoice = pick(session, query, n)
        if invoice is not None:
            verb(session, invoice.id, amount)

    return do


def pay(session, invoice_id, amount):
    take(session, amount, invoice_id=invoice_id)


def ahead(session, centre, n, amount):
    take(session, amount, order_id=centre.orders[n % 2])


def take(session, amount, **what):
    service.pay(
        session,
        TakePayment(
            amount=amount, means=PaymentMeans.CASH, received_on=TODAY, reference="", **what
        ),
        by="ketoan",
    )


ACT = {
    "earn": earn,
    "fail": fail,
    "withdraw": take_back,
    "draft": draft,
    "issue": on_an_invoice(
        InvoiceState.DRAFT, lambda session, of, _: service.issue(session, of, by="ketoan")
    ),
    "discard": on_an_invoice(
        InvoiceState.DRAFT, lambda session, of, _: service.discard(session, of, by="ketoan")
    ),
    "pay": on_an_invoice(InvoiceState.ISSUED, pay),
    "ahead": ahead,
}


def by_the_tables(session):
    """Add the money up from charges, invoices and payments themselves."""
    sums = {
        MoneyMeasure.DONE: select(Charge.contract_id, func.sum(Charge.net + Charge.vat))
        .where(Charge.state != ChargeState.CANCELLED)
        .group_by(Charge.contract_id),
        MoneyMeasure.REVENUE: select(Charge.contract_id, func.sum(Charge.net))
        .where(Charge.state != ChargeState.CANCELLED)
        .group_by(Charge.contract_id),
        MoneyMeasure.INVOICED: select(Invoice.contract_id, func.sum(Invoice.net + Invoice.vat))
        .where(Invoice.state == InvoiceState.ISSUED)
        .group_by(Invoice.contract_id),
        MoneyMeasure.PAID: select(Payment.contract_id, func.sum(Payment.amount)).group_by(
            Payment.contract_id
        ),
    }
    return {
        (measure, contract or NO_CONTRACT): int(amount)
        for measure, query in sums.items()
        for contract, amount in session.execute(query)
    }


def by_the_projection(session):
    query = select(MoneyCell.measure, MoneyCell.contract_id, func.sum(MoneyCell.amount))
    rows = session.execute(query.group_by(MoneyCell.measure, MoneyCell.contract_id))
    return {
        (measure, contract): int(amount)
        for measure, contract, amount in rows
        if measure is not MoneyMeasure.CONTRACTED and amount
    }


def assert_invoices_add_up(session):
    covered = dict(
        session.execute(
            select(Allocation.invoice_id, func.sum(Allocation.amount)).group_by(
                Allocation.invoice_id
            )
        ).all()
    )
    for invoice in session.scalars(select(Invoice)):
        assert 0 <= invoice.paid <= invoice.total
        assert invoice.paid == covered.get(invoice.id, 0)
    for payment in session.scalars(select(Payment)):
        assert 0 <= payment.allocated <= payment.amount


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_whatever_happens_the_projection_says_what_the_tables_say(acts):
    with transaction() as session:
        if session.scalar(select(func.count()).select_from(factories.Parameter)) == 0:
            factories.books(session)
    centre = begin()

    for what, n, amount in acts:
        act(centre, what, n, amount)
        run_until_idle([])
    settle_twice()

    with transaction() as session:
        assert by_the_projection(session) == by_the_tables(session)
        assert_invoices_add_up(session)
        assert projections.differences(session, MONEY) == []
        lines = session.scalar(select(func.count()).select_from(MoneyLine))
        projections.rebuild(session, MONEY)
        assert session.scalar(select(func.count()).select_from(MoneyLine)) == lines
        assert by_the_projection(session) == by_the_tables(session)


def test_six_people_issue_at_once_without_a_gap_and_nobody_overpays():
    with transaction() as session:
        factories.books(session)
        drafts = []
        for _ in range(6):
            buyer = factories.customer(session)
            factories.charge(session, buyer)
            drafts.append(
                service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan").id
            )

    def issue(of):
        return lambda session: service.issue(session, of, by="ketoan")

    assert at_once(*(issue(one) for one in drafts), when=NOON) == []
    refused = at_once(*[lambda session: pay(session, drafts[0], 10_000)] * 6, when=NOON)

    with reading() as session:
        numbers = session.scalars(select(Invoice.number).order_by(Invoice.number)).all()
        assert numbers == [1, 2, 3, 4, 5, 6]
        assert session.get_one(Invoice, drafts[0]).paid == 30_000
        receipts = session.scalars(select(Payment.number).order_by(Payment.number)).all()
        assert receipts == ["PT26-00001", "PT26-00002", "PT26-00003"]
    assert len(refused) == 3
