"""Lines that say what they are for, and the charges that wait to be picked."""

from sqlalchemy import select

from lims.billing import queries, service
from lims.billing.commands import DraftInvoice, FindInvoices, TakePayment
from lims.billing.invoices import lines
from lims.documents.store import Document
from lims.vocabulary import InvoiceStanding, PaymentMeans
from tests import factories
from tests.factories import TODAY


def order_of(session, buyer, serials, **said):
    """An order whose items are charged alike."""
    order = factories.order(session, buyer)
    for line, serial in enumerate(serials, 1):
        item = factories.item(session, order, line=line, serial=serial)
        factories.charge(session, buyer, order_id=order.id, item_id=item.id, **said)
    return order


def draft(session, buyer):
    return service.draft_invoice(session, DraftInvoice(buyer_id=buyer.id), by="ketoan")


def test_equal_charges_of_an_order_are_one_line_that_names_the_serials(session):
    factories.books(session)
    buyer = factories.customer(session)
    first = order_of(session, buyer, [f"A{n:03}" for n in range(1, 41)])
    second = order_of(session, buyer, ["UX1019", ""])
    loose = factories.charge(session, buyer, description="Tư vấn")
    invoice = draft(session, buyer)

    shown = lines.of_invoice(session, invoice.id)
    service.issue(session, invoice.id, by="ketoan")

    by_order = {line.order: line for line in shown}
    assert by_order[first.number].quantity == 40
    assert by_order[first.number].named == ["A001..A040"]
    assert by_order[second.number].named == ["UX1019", f"{second.number}-002"]
    assert (by_order[""].description, by_order[""].named) == (loose.description, [])
    paper = session.scalars(select(Document).where(Document.of == invoice.id)).one().content()
    names = {line["name"] for line in paper["lines"]}
    assert any(f"(đơn {first.number}: A001..A040)" in name for name in names)
    assert any(f"(đơn {second.number}: UX1019, {second.number}-002)" in name for name in names)
    assert "Tư vấn" in names
    assert sum(line.total for line in shown) == invoice.total


def test_a_line_names_twenty_and_says_that_there_are_more(session):
    factories.books(session)
    buyer = factories.customer(session)
    order_of(session, buyer, [f"K{n}" for n in range(1, 51, 2)])
    invoice = draft(session, buyer)

    (line,) = lines.of_invoice(session, invoice.id)
    service.issue(session, invoice.id, by="ketoan")

    assert (len(line.named), line.more, line.quantity) == (20, True, 25)
    paper = session.scalars(select(Document).where(Document.of == invoice.id)).one().content()
    assert paper["lines"][0]["name"].endswith(", …)")


def test_an_order_whose_charges_name_no_item_is_named_alone(session):
    factories.books(session)
    buyer = factories.customer(session)
    order = factories.order(session, buyer)
    factories.charge(session, buyer, order_id=order.id)
    invoice = draft(session, buyer)

    service.issue(session, invoice.id, by="ketoan")

    paper = session.scalars(select(Document).where(Document.of == invoice.id)).one().content()
    assert paper["lines"][0]["name"].endswith(f"(đơn {order.number})")


def test_what_waits_of_a_payer_is_listed_by_order_and_contract(session):
    buyer = factories.customer(session)
    contract = factories.contract(session, buyer)
    order = order_of(session, buyer, ["A1", "A2"])
    bound = factories.charge(session, buyer, contract_id=contract.id)

    loose = lines.waiting(session, buyer.id, None)
    under = lines.waiting(session, buyer.id, contract.id)

    assert [(row.order, row.mark) for row in loose] == [(order.number, "A1"), (order.number, "A2")]
    assert [row.charge.id for row in under] == [bound.id]
    assert lines.purposes(session, [bound])[bound.id].order == ""


def test_invoices_are_listed_by_how_far_they_are_paid(session):
    factories.books(session)
    buyer = factories.customer(session)
    made = {}
    for standing, amount in (("issued", 0), ("part_paid", 500), ("paid", 31_500)):
        factories.charge(session, buyer)
        made[standing] = service.issue(session, draft(session, buyer).id, by="ketoan")
        if amount:
            payment = TakePayment(
                invoice_id=made[standing].id,
                amount=amount,
                means=PaymentMeans.CASH,
                received_on=TODAY,
            )
            service.pay(session, payment, by="ketoan")
    factories.charge(session, buyer)
    made["draft"] = draft(session, buyer)

    for standing, invoice in made.items():
        wanted = FindInvoices(standing=InvoiceStanding(standing))
        rows = queries.invoices(session, wanted)
        assert [row.Invoice.id for row in rows] == [invoice.id]
        assert invoice.standing is InvoiceStanding(standing)
