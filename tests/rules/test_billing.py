"""Rules of charges, invoices and payments, and what a fact moves; without a database."""

from decimal import Decimal

import pytest

from lims.billing.charges.agreement import Quote
from lims.billing.contract_money.projection import moved
from lims.billing.events import InvoiceIssued
from lims.billing.models import NO_CONTRACT, Charge, Invoice, Payment
from lims.kernel.db import new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.reception.events import ItemHandedOver
from lims.vocabulary import (
    ChargeState,
    Discipline,
    Field,
    InvoiceState,
    MoneyMeasure,
    Outcome,
    PaymentMeans,
    RevenueClass,
)
from tests.factories import TODAY


def charge(**said):
    said = {
        "source_id": new_id(),
        "payer_id": new_id(),
        "description": "Kiểm định áp kế",
        "unit": "cái",
        "discipline": Discipline.VERIFICATION,
        "field": Field.PRESSURE,
        "revenue_class": RevenueClass.SERVICES,
        "quantity": 1,
        "unit_price": 100_000,
        "net": 100_000,
        "vat_rate": Decimal("0.05"),
        "vat": 5_000,
        "earned_on": TODAY,
    } | said
    return Charge(**said)


def payment(amount=1_000):
    return Payment(
        number="PT26-00001",
        payer_id=new_id(),
        means=PaymentMeans.CASH,
        amount=amount,
        received_on=TODAY,
        received_by="ketoan",
    )


def invoice(**said):
    return Invoice(buyer_id=new_id(), drafted_on=TODAY, **said)


def test_a_cancelled_charge_leaves_its_draft_and_says_what_is_not_owed():
    one = charge(invoice_id=new_id())

    fact = one.cancel(reason="Nhầm", on=TODAY)

    assert (one.state, one.invoice_id) == (ChargeState.CANCELLED, None)
    assert (fact.net, fact.vat, fact.reason) == (100_000, 5_000, "Nhầm")
    with pytest.raises(WrongState, match="is cancelled"):
        one.cancel(reason="Nhầm", on=TODAY)


def test_an_invoiced_charge_is_not_cancelled():
    with pytest.raises(WrongState, match="is invoiced"):
        charge(state=ChargeState.INVOICED).cancel(reason="x", on=TODAY)


def test_an_invoice_takes_what_is_open_and_no_more():
    one = invoice(net=100_000, vat=5_000, paid=5_000, state=InvoiceState.ISSUED)

    one.require_owed(100_000)
    with pytest.raises(RuleBroken, match="100000 đ"):
        one.require_owed(100_001)
    with pytest.raises(WrongState, match="issue it"):
        invoice().require_owed(1)


def test_a_payment_is_set_against_invoices_until_nothing_is_left():
    paid = payment(1_000)
    first = invoice(net=600, state=InvoiceState.ISSUED)
    second = invoice(net=600, state=InvoiceState.ISSUED)

    told = [paid.allocate(one, TODAY) for one in (first, second)]

    assert [one.amount for one in told] == [600, 400]
    assert (first.open, second.open, paid.left) == (0, 200, 0)
    with pytest.raises(WrongState, match="Nothing of payment PT26-00001"):
        paid.allocate(second, TODAY)


@pytest.mark.parametrize(
    ("outcome", "owed"),
    [(Outcome.PASS, True), (Outcome.FAIL, False), (Outcome.NOT_PERFORMED, False)],
)
def test_a_price_knows_what_it_is_owed_for(outcome, owed):
    price = Quote(33_333, Decimal("0.05"), charged_on_fail=False)

    assert price.owed(outcome) is owed
    assert price.gross == 35_000


def test_what_is_earned_moves_done_with_vat_and_revenue_without():
    lines = {line["measure"]: line for line in moved(charge().earned())}

    assert {measure: line["amount"] for measure, line in lines.items()} == {
        MoneyMeasure.DONE: 105_000,
        MoneyMeasure.REVENUE: 100_000,
    }
    assert lines[MoneyMeasure.DONE]["contract_id"] == NO_CONTRACT
    assert lines[MoneyMeasure.DONE]["revenue_class"] == "d"


def test_what_is_cancelled_moves_the_same_back():
    amounts = [line["amount"] for line in moved(charge().cancel(reason="x", on=TODAY))]

    assert amounts == [-105_000, -100_000]


def test_money_in_and_invoices_move_their_contract_and_other_facts_nothing():
    contract_id = new_id()
    issued = InvoiceIssued(
        invoice_id=new_id(),
        series="C26TAA",
        number=1,
        buyer_id=new_id(),
        contract_id=contract_id,
        net=100,
        vat=5,
        total=105,
        on=TODAY,
    )

    (line,) = moved(issued)
    (paid,) = moved(payment().received())

    assert (line["measure"], line["amount"], line["contract_id"]) == (
        MoneyMeasure.INVOICED,
        105,
        contract_id,
    )
    assert (paid["measure"], paid["amount"]) == (MoneyMeasure.PAID, 1_000)
    other = ItemHandedOver(item_id=new_id(), order_id=new_id(), to="x", on=TODAY)
    assert list(moved(other)) == []
