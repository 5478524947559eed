"""Drafts, gapless numbers, payments in parts and ahead, and what may go back to its owner."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from lims.billing import queries, service
from lims.billing.charges.accounts import account, rows_of
from lims.billing.charges.agreement import agree
from lims.billing.commands import DraftInvoice, HandOverItems, ServeWalkIn, TakePayment
from lims.billing.models import Allocation, Charge
from lims.documents.store import Document
from lims.kernel.db import new_id
from lims.kernel.errors import NotFound, RuleBroken, WrongState
from lims.reception.models import Item, Order
from lims.settings import periods
from lims.settings.commands import ClosePeriod
from lims.vocabulary import (
    ChargeState,
    CustomerKind,
    InvoiceState,
    ItemState,
    Outcome,
    PaymentMeans,
    PeriodKind,
    Role,
)
from tests import factories
from tests.factories import TODAY

CASH = {
    "means": PaymentMeans.CASH,
    "received_on": TODAY,
    "reference": "",
}


def document(session, of):
    return session.scalars(select(Document).where(Document.of == of)).one().content()


def drafted(session, buyer, count=1, **said):
    for _ in range(count):
        factories.charge(session, buyer, **said)
    return service.draft_invoice(
        session, DraftInvoice(buyer_id=buyer.id, contract_id=said.get("contract_id")), by="ketoan"
    )


def issued(session, buyer, count=1, **said):
    return service.issue(session, drafted(session, buyer, count, **said).id, by="ketoan")


def test_a_draft_has_no_number_and_holds_everything_that_has_no_contract(session):
    buyer, other = factories.customer(session), factories.customer(session)
    contract = factories.contract(session, buyer)
    loose = [factories.charge(session, buyer) for _ in range(2)]
    factories.charge(session, buyer, contract_id=contract.id)
    factories.charge(session, other)

    invoice = service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan")

    on_it = session.scalars(select(Charge).where(Charge.invoice_id == invoice.id)).all()
    assert {one.id for one in on_it} == {one.id for one in loose}
    assert (invoice.number, invoice.label, invoice.contract_id) == (None, "", None)


def test_an_order_a_contract_and_what_was_picked_can_be_invoiced(session):
    buyer = factories.customer(session)
    contract = factories.contract(session, buyer)
    order = factories.order(session, buyer, contract_id=contract.id)
    of_order = factories.charge(session, buyer, order_id=order.id, contract_id=contract.id)
    of_contract = factories.charge(session, buyer, contract_id=contract.id)
    loose = factories.charge(session, buyer)

    def draft(**said):
        made = service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id, **said), by="ketoan")
        session.expire_all()
        return made

    assert draft(order_id=order.id).contract_id == contract.id
    assert of_order.invoice_id is not None
    assert of_contract.invoice_id is None
    assert draft(contract_id=contract.id).id == of_contract.invoice_id
    assert draft(charge_ids=[loose.id]).id == loose.invoice_id


def test_an_invoice_is_for_one_contract_and_of_charges_that_are_free(session):
    buyer = factories.customer(session)
    loose = factories.charge(session, buyer)
    bound = factories.charge(session, buyer, contract_id=factories.contract(session, buyer).id)

    def draft(*charges):
        ids = [one.id for one in charges]
        return service.draft_invoice(
            session, DraftInvoice(buyer_id=buyer.id, charge_ids=tuple(ids)), by="ketoan"
        )

    with pytest.raises(RuleBroken, match="one invoice for each"):
        draft(loose, bound)
    draft(loose)
    with pytest.raises(RuleBroken, match="on another invoice"):
        draft(loose)
    with pytest.raises(RuleBroken, match="Nothing of"):
        service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan")


def test_thousands_of_items_make_one_invoice_of_a_few_lines(session):
    factories.books(session)
    buyer = factories.customer(session, tax_code="1700000018")
    session.bulk_insert_mappings(
        Charge,
        [row(buyer, 33_333 if n % 2 else 50_000) for n in range(1_200)],
    )

    invoice = service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan")
    service.issue(session, invoice.id, by="ketoan")

    lines = rows_of(session, Charge.invoice_id == invoice.id)
    assert [(one.quantity, one.unit_price) for one in lines] == [(600, 33_333), (600, 50_000)]
    assert (invoice.net, invoice.vat) == (600 * 83_333, 600 * (1_667 + 2_500))
    said = document(session, invoice.id)
    assert [one["quantity"] for one in said["lines"]] == ["600", "600"]
    assert said["vat"] == [
        {"rate": "5 %", "net": "49.999.800", "tax": "2.500.200", "sum": "52.500.000"}
    ]


def row(buyer, price):
    rate = Decimal("0.05")
    return {
        "id": new_id(),
        "source_id": new_id(),
        "payer_id": buyer.id,
        "description": "Kiểm định công tơ điện",
        "unit": "cái",
        "discipline": "verification",
        "field": "electricity",
        "revenue_class": "d",
        "quantity": 1,
        "unit_price": price,
        "net": price,
        "vat_rate": rate,
        "vat": factories.vat(price, rate),
        "earned_on": TODAY,
        "state": ChargeState.EARNED,
    }


def test_numbers_are_given_at_issue_without_a_gap_and_the_paper_says_all(session):
    factories.books(session)
    factories.user(session, Role.DIRECTOR, full_name="Nguyễn Xuân Niệm", title="Giám đốc")
    buyer = factories.customer(session, tax_code="1700000018", name="Công ty Cấp nước")
    first, second = drafted(session, buyer), drafted(session, buyer, 2)
    service.discard(session, first.id, by="ketoan")

    service.issue(session, second.id, by="ketoan")
    third = issued(session, buyer)

    assert [second.label, third.label] == ["C26TAA-00000001", "C26TAA-00000002"]
    assert (second.state, second.total, second.issued_on) == (InvoiceState.ISSUED, 63_000, TODAY)
    said = document(session, second.id)
    assert (said["number"], said["series"], said["form"]) == ("00000001", "C26TAA", "1")
    assert said["buyer"] == {
        "name": "Công ty Cấp nước",
        "tax_code": "1700000018",
        "address": buyer.address,
    }
    assert said["total_words"] == "Sáu mươi ba nghìn đồng"
    assert said["issued_at"] == "03/03/2026 12:00"
    (line,) = said["lines"]
    assert (line["quantity"], line["price"], line["rate"]) == ("2", "30.000", "5 %")


def test_who_gives_no_code_is_sold_to_as_a_consumer_and_a_sales_invoice_has_no_vat_line(session):
    factories.parameter(session, "invoice.form", "2")
    factories.parameter(session, "invoice.series", "C26TBB")
    factories.parameter(session, "centre.tax_code", "1700000001")
    buyer = factories.customer(session, kind=CustomerKind.PERSON)

    invoice = issued(session, buyer, 2)

    said = document(session, invoice.id)
    assert said["buyer"] == {"consumer": True}
    assert said["kind"] == "sales"
    assert "vat" not in said
    assert said["lines"][0]["price"] == "31.500"
    assert said["lines"][0]["amount"] == said["total"] == "63.000"


def test_without_form_and_series_nothing_is_issued_and_the_remedy_is_named(session):
    invoice = drafted(session, factories.customer(session))

    with pytest.raises(NotFound, match=r"invoice\.form .* Administration"):
        service.issue(session, invoice.id, by="ketoan")


def test_an_issued_invoice_is_neither_issued_again_nor_discarded(session):
    factories.books(session)
    invoice = issued(session, factories.customer(session))

    with pytest.raises(WrongState, match="not a draft"):
        service.issue(session, invoice.id, by="ketoan")
    with pytest.raises(WrongState, match="corrected by another"):
        service.discard(session, invoice.id, by="ketoan")


def test_a_discarded_draft_frees_its_charges(session):
    buyer = factories.customer(session)
    invoice = drafted(session, buyer)

    service.discard(session, invoice.id, by="ketoan")

    assert (
        service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan").id
        != invoice.id
    )


def test_a_withdrawal_takes_its_charge_off_the_draft(session):
    factories.books(session)
    item = factories.item(session)
    result, fact = factories.authorised(session, item)
    agree(session, fact, by="worker")
    order = session.get_one(Order, item.order_id)
    session.flush()
    invoice = service.draft_invoice(session, DraftInvoice(buyer_id=order.payer_id), by="ketoan")
    told = result.withdraw(item, order, reason="Nhầm", on=TODAY)
    factories.log.append(session, told, by="giamdoc")

    agree(session, told, by="worker")
    session.flush()

    with pytest.raises(RuleBroken, match="Nothing is left"):
        service.issue(session, invoice.id, by="ketoan")


def test_an_invoice_is_paid_in_parts_and_never_over(session):
    factories.books(session)
    factories.user(session, Role.ACCOUNTANT, login="ketoan", full_name="Trần Thị Thu")
    invoice = issued(session, factories.customer(session))

    first = service.pay(
        session, TakePayment(invoice_id=invoice.id, amount=20_000, **CASH), by="ketoan"
    )
    with pytest.raises(RuleBroken, match="11500 đ are still to be paid") as refusal:
        service.pay(session, TakePayment(invoice_id=invoice.id, amount=11_501, **CASH), by="ketoan")
    second = service.pay(
        session, TakePayment(invoice_id=invoice.id, amount=11_500, **CASH), by="ketoan"
    )

    assert refusal.value.field == "amount"
    assert (first.number, second.number) == ("PT26-00001", "PT26-00002")
    assert (invoice.paid, invoice.open) == (31_500, 0)
    said = document(session, first.id)
    assert (said["amount"], said["method"], said["prepared_by"]) == (
        "20.000",
        "Tiền mặt",
        "Trần Thị Thu",
    )
    assert said["reason"] == "Thanh toán hóa đơn C26TAA số 00000001"


def test_money_comes_in_for_one_thing_in_a_positive_amount_and_not_tomorrow(session):
    factories.books(session)
    draft = drafted(session, factories.customer(session))

    def pay(**said):
        return service.pay(session, TakePayment(**{**CASH, "amount": 1_000, **said}), by="ketoan")

    with pytest.raises(RuleBroken, match="not both"):
        pay()
    with pytest.raises(RuleBroken, match="amount that came in"):
        pay(invoice_id=draft.id, amount=0)
    with pytest.raises(RuleBroken, match="later day"):
        pay(invoice_id=draft.id, received_on=TODAY + timedelta(days=1))
    with pytest.raises(WrongState, match="issue it"):
        pay(invoice_id=draft.id)


def charged_order(session, count=1, **said):
    order = factories.order(session, **said)
    for _ in range(count):
        _, fact = factories.authorised(session, factories.item(session, order))
        agree(session, fact, by="worker")
    session.flush()
    return order


def test_what_is_paid_ahead_is_set_against_the_invoice_when_it_is_issued(session):
    factories.books(session)
    order = charged_order(session, 2)
    advance = service.pay(
        session, TakePayment(order_id=order.id, amount=63_000, **CASH), by="ketoan"
    )
    some = session.scalars(select(Charge).where(Charge.order_id == order.id)).all()

    def issue(charge):
        draft = service.draft_invoice(
            session, DraftInvoice(buyer_id=order.payer_id, charge_ids=(charge.id,)), by="ketoan"
        )
        return service.issue(session, draft.id, by="ketoan")

    first, second = issue(some[0]), issue(some[1])

    assert (first.open, second.open, advance.left) == (0, 0, 0)
    parts = session.scalars(select(Allocation.amount)).all()
    assert parts == [31_500, 31_500]
    assert document(session, first.id)["payment"] == "Tiền mặt"
    with pytest.raises(WrongState, match="is left"):
        advance.allocate(first, TODAY)


def test_what_others_paid_ahead_stays_theirs(session):
    factories.books(session)
    order, other = charged_order(session), charged_order(session)
    advance = service.pay(
        session, TakePayment(order_id=other.id, amount=31_500, **CASH), by="ketoan"
    )
    draft = service.draft_invoice(session, DraftInvoice(buyer_id=order.payer_id), by="ketoan")

    invoice = service.issue(session, draft.id, by="ketoan")

    assert (invoice.open, advance.left) == (31_500, 31_500)


def test_nobody_pays_ahead_more_than_the_work_will_cost(session):
    order = factories.order(session)
    factories.item(session, order)

    with pytest.raises(RuleBroken, match="31500 đ more at the most"):
        service.pay(session, TakePayment(order_id=order.id, amount=31_501, **CASH), by="ketoan")


def test_what_is_invoiced_is_paid_on_its_invoice(session):
    factories.books(session)
    order = charged_order(session)
    draft = service.draft_invoice(session, DraftInvoice(buyer_id=order.payer_id), by="ketoan")
    service.issue(session, draft.id, by="ketoan")

    with pytest.raises(RuleBroken, match="on that invoice"):
        service.pay(session, TakePayment(order_id=order.id, amount=1_000, **CASH), by="ketoan")
    service.pay(session, TakePayment(invoice_id=draft.id, amount=31_500, **CASH), by="ketoan")
    with pytest.raises(RuleBroken, match="comes to 0 đ more"):
        service.pay(session, TakePayment(order_id=order.id, amount=1_000, **CASH), by="ketoan")


def test_work_goes_out_when_it_is_paid_ahead_or_on_its_invoice(session):
    factories.books(session)
    order = charged_order(session, 2)

    def hand_over():
        return service.hand_over(session, order.id, HandOverItems(to="Bà Sáu"), by="tiepnhan")

    with pytest.raises(RuleBroken, match=r"63000 đ of order N26-\d+ are not paid"):
        hand_over()
    service.pay(session, TakePayment(order_id=order.id, amount=20_000, **CASH), by="ketoan")
    assert account(session, order).due == 43_000
    draft = service.draft_invoice(session, DraftInvoice(buyer_id=order.payer_id), by="ketoan")
    invoice = service.issue(session, draft.id, by="ketoan")
    assert account(session, order).due == invoice.open == 43_000
    service.pay(session, TakePayment(invoice_id=invoice.id, amount=43_000, **CASH), by="ketoan")

    assert hand_over().item_count == 2
    assert set(session.scalars(select(Item.state))) == {ItemState.HANDED_OVER}
    with pytest.raises(WrongState, match="Everything of order"):
        hand_over()


def test_work_goes_out_unpaid_only_under_a_contract_on_credit(session):
    contract = factories.contract(session, on_credit=True)
    order = charged_order(session, contract_id=contract.id)

    made = service.hand_over(session, order.id, HandOverItems(to="Ông Hai"), by="tiepnhan")

    assert made.item_count == 1


def test_nothing_goes_out_before_its_charge_is_known(session):
    item = factories.item(session)
    factories.authorised(session, item)

    with pytest.raises(WrongState, match="try again in a moment"):
        service.hand_over(session, item.order_id, HandOverItems(to="Ông Hai"), by="tiepnhan")


def test_what_was_not_performed_goes_back_without_money(session):
    item = factories.item(session)
    factories.authorised(session, item, outcome=Outcome.NOT_PERFORMED)

    service.hand_over(session, item.order_id, HandOverItems(to="Ông Hai"), by="tiepnhan")

    assert item.state is ItemState.HANDED_OVER


def walk_in(session, **said):
    said.setdefault("customer_name", "Nguyễn Văn Sáu")
    said.setdefault("serial", "AK-77")
    return service.walk_in(session, ServeWalkIn(**said), by="tiepnhan")


def test_a_walk_in_is_taken_with_its_cash_and_a_receipt_in_one_act(session):
    service_line = factories.service(session, amount=100_000)

    visit = walk_in(session, service_id=service_line.id)

    (item,) = session.scalars(select(Item).where(Item.order_id == visit.order.id))
    assert (item.serial, visit.order.requester_id) == ("AK-77", visit.payment.payer_id)
    assert (visit.payment.amount, visit.payment.number) == (105_000, "PT26-00001")
    said = document(session, visit.payment.id)
    assert said["amount_words"] == "Một trăm linh năm nghìn đồng"
    assert visit.order.number in said["reason"]
    assert account(session, visit.order).payable == 0


def test_a_walk_in_who_was_here_before_is_found_by_name_or_picked(session):
    service_line = factories.service(session)

    first = walk_in(session, service_id=service_line.id)
    second = walk_in(
        session, service_id=service_line.id, customer_name="nguyen van sau", serial="2"
    )
    third = walk_in(
        session,
        service_id=service_line.id,
        customer_name="khác",
        serial="3",
        customer_id=first.order.requester_id,
        amount=10_000,
    )

    assert first.order.requester_id == second.order.requester_id == third.order.requester_id
    assert third.payment.amount == 10_000


def test_what_the_tariff_does_not_know_cannot_be_paid_ahead(session):
    service_line = factories.service(session)
    order = factories.order(session, received_on=TODAY.replace(year=2010))
    factories.item(session, order, service_line)

    assert account(session, order).expected == 0


def test_an_advance_stays_with_its_order_until_there_is_an_invoice_with_room(session):
    factories.books(session)
    order = charged_order(session, 2)
    service.pay(session, TakePayment(order_id=order.id, amount=31_500, **CASH), by="ketoan")
    second = service.pay(
        session, TakePayment(order_id=order.id, amount=31_500, **CASH), by="ketoan"
    )
    picked = session.scalars(select(Charge).where(Charge.order_id == order.id)).first()
    draft = service.draft_invoice(
        session, DraftInvoice(buyer_id=order.payer_id, charge_ids=(picked.id,)), by="ketoan"
    )

    invoice = service.issue(session, draft.id, by="ketoan")

    assert (invoice.open, second.left) == (0, 31_500)
    assert account(session, order).due == 0


def test_the_signatory_signs_receipts_where_there_is_no_director(session):
    factories.user(session, Role.ACCOUNTANT)
    factories.user(session, Role.SIGNATORY, full_name="Lý Văn Khởi", title="Phó giám đốc")
    factories.books(session)
    invoice = issued(session, factories.customer(session))

    payment = service.pay(
        session, TakePayment(invoice_id=invoice.id, amount=1, **CASH), by="ketoan"
    )

    assert document(session, payment.id)["signatory"] == {
        "title": "Phó giám đốc",
        "name": "Lý Văn Khởi",
    }


def test_receivables_are_paged_from_the_oldest(session):
    factories.books(session)
    buyer = factories.customer(session)
    first, second, third = (issued(session, buyer) for _ in range(3))
    session.flush()

    page = queries.receivables(session, limit=1)
    following = queries.receivables(session, limit=2, after=first.id)

    assert [row.Invoice for row in page] == [first, second]  # and no more than shows there is more
    assert [row.Invoice for row in following] == [second, third]


def test_a_payment_is_not_dated_into_a_closed_period(session):
    january = ClosePeriod(kind=PeriodKind.MONEY, first=date(2025, 1, 1), last=date(2025, 1, 31))
    periods.close(session, january, by="director")
    session.flush()
    command = TakePayment(order_id=new_id(), amount=1_000, **{**CASH, "received_on": january.last})

    with pytest.raises(RuleBroken, match="lies in a closed period") as refusal:
        service.pay(session, command, by="ketoan")

    assert refusal.value.field == "received_on"
