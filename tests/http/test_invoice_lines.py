"""An invoice as the accountant sees it: what it is for, how far it is paid, what it takes."""

import pytest
from lxml import html
from sqlalchemy import select

from lims.billing import service
from lims.billing.commands import DraftInvoice, TakePayment
from lims.billing.models import Charge, Invoice
from lims.identity import service as identity
from lims.kernel import db
from lims.vocabulary import PaymentMeans, Role
from tests import factories
from tests.factories import TODAY


@pytest.fixture
def accountant(signed_in):
    return signed_in(Role.ACCOUNTANT, login="ketoan")


@pytest.fixture
def waiting(app):
    """Two orders of one payer, two charges each; and what to issue by."""
    with db.transaction() as session:
        factories.books(session)
        buyer = factories.customer(session, name="Chợ Rạch Sỏi", folded="cho rach soi")
        orders = [factories.order(session, buyer) for _ in range(2)]
        charges = [
            factories.charge(
                session,
                buyer,
                order_id=order.id,
                item_id=factories.item(session, order, line=line, serial=f"UX101{line}").id,
            ).id
            for order in orders
            for line in (1, 2)
        ]
        return {
            "buyer": buyer.id,
            "numbers": [order.number for order in orders],
            "charges": [str(charge_id) for charge_id in charges],
            "pick": f"/billing/invoices/pick?buyer_id={buyer.id}",
        }


def issued(waiting, paid):
    with db.transaction() as session:
        drafted = service.draft_invoice(
            session, DraftInvoice(buyer_id=waiting["buyer"]), by="ketoan"
        )
        invoice = service.issue(session, drafted.id, by="ketoan")
        money = TakePayment(
            invoice_id=invoice.id, amount=paid, means=PaymentMeans.CASH, received_on=TODAY
        )
        service.pay(session, money, by="ketoan")
        return invoice


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(answer, status=200):
    return " ".join(page(answer, status).text_content().split())


def post(client, path, **said):
    return client.post(path, data={"_key": factories.key(), **said})


def test_an_invoice_that_is_paid_says_paid_and_a_part_says_what_is_open(accountant, waiting):
    invoice = issued(waiting, 100_000)
    address = f"/billing/invoices/{invoice.id}"
    places = ("/billing/invoices", address, "/billing/receivables")

    for place in places:
        assert "thu một phần" in words(accountant.get(place))
        assert "còn phải thu: 26.000 đ" in words(accountant.get(place))
    assert "thu một phần" in words(accountant.get("/search?q=C26TAA-00000001"))
    post(accountant, f"{address}/pay", amount=26_000, means="cash", received_on=TODAY)

    for place in places[:2]:
        assert "đã thu đủ" in words(accountant.get(place))
    assert "00000001" in words(accountant.get("/billing/invoices?standing=paid"))
    assert "00000001" not in words(accountant.get("/billing/invoices?standing=part_paid"))


def test_a_machine_reads_how_far_an_invoice_is_paid(app, waiting):
    invoice = issued(waiting, 126_000)
    with db.transaction() as session:
        user = factories.user(session, Role.ACCOUNTANT, login="may")
        token = identity.make_token(session, user.id, label="thử", by="admin")
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    shown = client.get(f"/api/v1/invoices/{invoice.id}", headers=headers).json
    listed = client.get("/api/v1/invoices?standing=paid", headers=headers).json["items"]

    assert (shown["state"], shown["standing"]) == ("issued", "paid")
    assert [one["id"] for one in listed] == [str(invoice.id)]


def test_the_lines_of_a_draft_say_what_they_are_for(accountant, waiting):
    answer = post(accountant, "/billing/invoices/new", buyer_id=waiting["buyer"])

    shown = words(accountant.get(answer.location))
    listed = words(accountant.get("/billing/charges"))
    for number in waiting["numbers"]:
        assert f"{number}: UX1011, UX1012" in shown
        assert f"{number} · UX1012" in listed


def test_the_ticks_choose_what_goes_on_the_draft(accountant, waiting):
    assert waiting["pick"] in accountant.get("/billing").text
    shown = page(accountant.get(waiting["pick"]))
    ticked = shown.xpath("//input[@name='charge_ids'][@checked]/@value")
    assert ticked == waiting["charges"]
    assert "126.000" in shown.xpath("string(//*[@data-picked-sum])")
    assert len(shown.xpath("//input[@data-pick-part]")) == 2

    chosen = {"buyer_id": waiting["buyer"], "charge_ids": ticked[:3]}
    answer = post(accountant, waiting["pick"], **chosen)

    assert answer.status_code == 303
    with db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        on_it = session.scalars(select(Charge.id).where(Charge.invoice_id == invoice.id)).all()
    assert {str(charge_id) for charge_id in on_it} == set(ticked[:3])
    rest = page(accountant.get(waiting["pick"]))
    assert rest.xpath("//input[@name='charge_ids']/@value") == ticked[3:]


def test_who_ticks_no_charge_is_asked_to_tick_and_nothing_is_drafted(accountant, waiting):
    answer = post(accountant, waiting["pick"], buyer_id=waiting["buyer"])

    assert "Hãy đánh dấu" in page(answer, 422).get_element_by_id("e-charge_ids").text_content()
    with db.reading() as session:
        assert session.scalars(select(Invoice)).all() == []


def test_the_page_of_ticks_without_a_payer_or_a_charge_leads_on(accountant, waiting):
    with db.transaction() as session:
        other = factories.customer(session)
        contract = factories.contract(session, other)

    empty = f"/billing/invoices/pick?buyer_id={other.id}&contract_id={contract.id}"

    for address in ("/billing/invoices/pick", empty):
        assert "Đã lập hóa đơn hết" in words(accountant.get(address))
