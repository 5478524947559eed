"""The accountant's pages and the counter's cash, as a browser and a machine see them."""

import pytest
from lxml import html
from sqlalchemy import select

from lims.billing.models import NO_CONTRACT, Charge, Invoice, Payment
from lims.eventlog import projections
from lims.identity import service as identity
from lims.kernel import clock, db
from lims.reception.models import Item, Order
from lims.vocabulary import ItemState, MoneyMeasure, Role
from tests import factories
from tests.conftest import NOON
from tests.factories import TODAY
from workers import handler, reactions
from workers.sequencing import run_until_idle


@pytest.fixture
def charging():
    """Let nobody react but billing, for the time of a test: nothing is printed."""
    name = "billing.settle_charge"
    handlers, subscribed = dict(handler.HANDLERS), dict(handler.SUBSCRIBED)
    kept = {fact: [name] for fact, names in subscribed.items() if name in names}
    _become(handler.HANDLERS, {name: handlers[name]})
    _become(handler.SUBSCRIBED, kept)
    yield
    _become(handler.HANDLERS, handlers)
    _become(handler.SUBSCRIBED, subscribed)


def _become(known, wanted):
    known.clear()
    known.update(wanted)


@pytest.fixture
def accountant(signed_in):
    return signed_in(Role.ACCOUNTANT, login="ketoan")


@pytest.fixture
def clerk(signed_in):
    return signed_in(Role.RECEPTION, login="tiepnhan")


@pytest.fixture
def work(app, charging):
    """Two scales of one order under no contract, authorised and charged; and what to issue by."""
    with db.transaction() as session:
        factories.books(session)
        buyer = factories.customer(session, name="Chợ Rạch Sỏi", folded="cho rach soi")
        line = factories.service(session, amount=100_000)
        order = factories.order(session, buyer, place="laboratory", item_count=2)
        for number in (1, 2):
            item = factories.item(session, order, line, line=number)
            factories.authorised(session, item)
    run_until_idle([reactions.MONEY])
    return {"buyer": buyer.id, "order": order.id, "service": line.id, "number": order.number}


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(answer, status=200):
    return " ".join(page(answer, status).text_content().split())


def post(client, path, **said):
    return client.post(path, data={"_key": factories.key(), **said})


def only(model):
    with db.reading() as session:
        return session.scalars(select(model)).one()


def item_ids():
    with db.reading() as session:
        return [str(item_id) for item_id in session.scalars(select(Item.id))]


def drafted(accountant, work):
    answer = post(accountant, "/billing/invoices/new", buyer_id=work["buyer"])
    assert answer.status_code == 303, answer.text
    return answer.location


def issued(accountant, work):
    address = drafted(accountant, work)
    assert post(accountant, f"{address}/issue").status_code == 303
    return address


def pay(client, address, amount, **said):
    said = {"means": "cash", "received_on": TODAY, "amount": amount} | said
    return post(client, f"{address}/pay", **said)


def test_work_is_drafted_issued_and_paid_by_the_accountant(accountant, work):
    assert "210.000" in words(accountant.get("/billing"))
    assert "Kiểm định cân" in words(accountant.get("/billing/charges?state=earned"))

    address = drafted(accountant, work)
    assert "210.000" in words(accountant.get("/billing/invoices?state=draft"))
    assert "Phát hành" in words(accountant.get(address))
    post(accountant, f"{address}/issue")
    assert "C26TAA-00000001" in words(accountant.get(address))
    assert "C26TAA-00000001" in words(accountant.get("/billing/receivables"))
    assert pay(accountant, address, "100.000").status_code == 303
    assert pay(accountant, address, 110_000, means="bank", reference="UNC 7").status_code == 303

    assert only(Invoice).open == 0
    assert "PT26-00002" in words(accountant.get("/billing/payments"))
    assert "PT26-00002" in words(accountant.get(address))
    assert "C26TAA-00000001" not in words(accountant.get("/billing/receivables"))


def test_an_overpayment_comes_back_with_the_remedy_beside_the_amount(accountant, work):
    address = issued(accountant, work)

    answer = pay(accountant, address, 300_000)

    shown = page(answer, 422)
    assert "210.000" in shown.get_element_by_id("e-amount").text_content()
    assert shown.get_element_by_id("f-amount").get("value") == "300000"


def test_a_discarded_draft_leads_back_to_what_waits(accountant, work):
    address = drafted(accountant, work)

    assert post(accountant, f"{address}/discard").location == "/billing"

    assert "210.000" in words(accountant.get("/billing"))
    assert "210.000" in words(accountant.get("/billing/invoices/new"))
    assert post(accountant, f"{address}/discard").status_code == 409


def test_receivables_grow_old(accountant, work):
    issued(accountant, work)

    with clock.at(NOON.replace(month=6)):
        client = accountant.get("/billing/receivables")

    assert "210.000" in words(client)
    assert page(client).xpath("//*[contains(@class, 'is-bad')]")


def test_the_money_of_contracts_sums_to_the_total_and_opens_its_facts(accountant, work):
    with db.transaction() as session:
        contract = factories.contract(session)
    shown = page(accountant.get("/billing/money"))
    links = shown.xpath("//tfoot//a/@href")

    assert contract.number in shown.text_content()
    assert [link for link in links if str(NO_CONTRACT) in link]
    for link in links:
        assert "210.000" in words(accountant.get(link))
    only_new = f"/billing/money/facts?measure=done&contract={contract.id}"
    assert contract.number in words(accountant.get(only_new))


def test_a_number_that_does_not_exist_is_not_found(accountant, work):
    for wrong in ("measure=x", "measure=done&from=x", "measure=done&class=x"):
        assert accountant.get(f"/billing/money/facts?{wrong}").status_code == 404


def test_the_page_of_a_contract_says_how_far_its_money_has_come(accountant, signed_in, work):
    with db.transaction() as session:
        contract = factories.contract(session)

    address = f"/contracts/{contract.id}"

    assert "Tiền của hợp đồng" in words(accountant.get(address))
    assert "Tiền của hợp đồng" not in words(signed_in(Role.TECHNICIAN).get(address))
    assert accountant.get("/billing/charges?order_id=x").status_code == 200


def test_other_roles_look_or_are_kept_out(signed_in, clerk, work):
    director = signed_in(Role.DIRECTOR)
    technician = signed_in(Role.TECHNICIAN)

    assert director.get("/billing").status_code == 200
    assert post(director, "/billing/invoices/new", buyer_id=work["buyer"]).status_code == 403
    assert clerk.get("/billing").status_code == 403
    assert technician.get("/billing").status_code == 403
    order = f"/reception/orders/{work['order']}"
    assert "Tiền của đơn" not in words(technician.get(order))
    assert "Tiền của đơn" in words(clerk.get(order))


def test_the_home_page_says_what_waits(accountant, signed_in, work):
    assert "Chợ Rạch Sỏi" in words(accountant.get("/"))
    issued(accountant, work)
    home = words(accountant.get("/"))
    assert "210.000" in home
    assert "210.000" in words(signed_in(Role.DIRECTOR).get("/"))


def test_a_withdrawal_after_the_invoice_is_shown_to_be_corrected(accountant, work):
    issued(accountant, work)
    with db.transaction() as session:
        item = session.scalars(select(Item).order_by(Item.line)).first()
        result = session.scalars(
            select(factories.Result).where(factories.Result.item_id == item.id)
        ).one()
        told = result.withdraw(item, session.get_one(Order, item.order_id), reason="x", on=TODAY)
        factories.log.append(session, told, by="giamdoc")
    run_until_idle([reactions.MONEY])

    assert item.code in words(accountant.get("/billing"))
    assert item.code in words(accountant.get("/"))
    with db.reading() as session:
        assert len(session.scalars(select(Charge).where(Charge.state == "invoiced")).all()) == 2


def test_an_invoice_is_found_by_its_number(accountant, clerk, work):
    address = issued(accountant, work)

    assert address in accountant.get("/search?q=C26TAA-00000001").text
    assert address in accountant.get("/search?q=00000001").text
    assert address not in accountant.get("/search?q=C26TAA-x").text
    assert address not in clerk.get("/search?q=C26TAA-00000001").text


def test_work_is_handed_over_when_it_is_paid(clerk, work):
    order = f"/reception/orders/{work['order']}"
    over = f"{order}/hand-over"

    assert over in clerk.get(order).text
    assert "210.000" in words(clerk.get(over))
    assert "210.000" in words(post(clerk, over, to="Bà Sáu", item_ids=item_ids()), 422)
    address = f"/billing/orders/{work['order']}"
    assert "210000" in clerk.get(f"{address}/pay").text
    assert pay(clerk, address, 210_000).location.endswith(str(work["order"]))
    assert post(clerk, over, to="Bà Sáu", item_ids=item_ids()).status_code == 303

    with db.reading() as session:
        states = session.scalars(select(Item.state)).all()
    assert states == [ItemState.HANDED_OVER] * 2
    assert "Chưa có gì" in words(clerk.get(over))


def test_what_is_invoiced_is_paid_on_its_invoice_before_it_goes_out(accountant, clerk, work):
    over = f"/reception/orders/{work['order']}/hand-over"
    assert f"/billing/orders/{work['order']}/pay" in clerk.get(over).text

    address = issued(accountant, work)

    assert f"{address}/pay" in clerk.get(over).text
    assert pay(clerk, address, 210_000).status_code == 303
    assert post(clerk, over, to="Bà Sáu", item_ids=item_ids()).status_code == 303


def test_a_walk_in_takes_one_page_and_one_button(clerk, work):
    assert "/reception/walk-in" in clerk.get("/").text
    assert "Nhận" in words(clerk.get("/reception/walk-in"))
    found = page(clerk.get("/reception/walk-in/services?q=can"))
    assert str(work["service"]) in found.xpath("//@data-id")
    filled = page(clerk.get(f"/reception/walk-in/price?service_id={work['service']}"))
    assert filled.get_element_by_id("f-amount").get("value") == "105000"

    answer = post(
        clerk,
        "/reception/walk-in",
        customer_id_text="Nguyễn Văn Sáu",
        service_id=work["service"],
        serial="AK-77",
        amount="105.000",
    )

    assert answer.status_code == 303
    assert answer.location.endswith("?print=now")
    payment = only(Payment)
    assert (payment.amount, payment.number) == (105_000, "PT26-00001")
    shown = page(clerk.get(answer.location))
    slips = shown.xpath("//*[@data-print-now]/@data-print-url")
    assert slips[0].endswith("/slip.pdf")
    receipts = shown.xpath("//a[starts-with(@data-print-url, '/papers/')]/@href")
    assert len(receipts) == 1
    assert clerk.get(receipts[0]).status_code == 503


def test_a_walk_in_without_a_script_names_the_service_in_words(clerk, work):
    said = {"customer_id_text": "Bà Tư", "serial": "1"}

    unknown = post(clerk, "/reception/walk-in", service_id_text="không có", **said)
    known = post(clerk, "/reception/walk-in", service_id_text="can dong ho", **said)

    assert "f-service_id" in unknown.text
    assert unknown.status_code == 422
    assert known.status_code == 303
    assert clerk.get("/reception/walk-in/price?service_id=x").status_code == 200


@pytest.fixture
def machine(app, work):
    with db.transaction() as session:
        user = factories.user(session, Role.ACCOUNTANT, Role.RECEPTION, login="may")
        token = identity.make_token(session, user.id, label="thử", by="admin")
    client = app.test_client()

    def ask(method, path, **said):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": factories.key()}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **said)

    return ask


def test_a_machine_drafts_issues_and_pays(machine, work):
    charges = machine("GET", "/charges?state=earned").json["items"]
    ids = [one["id"] for one in charges]
    body = {"buyer_id": str(work["buyer"]), "charge_ids": ids}
    made = machine("POST", "/invoices", json=body)
    assert (made.status_code, made.json["number"]) == (201, None)
    address = f"/invoices/{made.json['id']}"

    issued = machine("POST", f"{address}/issue").json
    assert (issued["label"], issued["total"], issued["open"]) == (
        "C26TAA-00000001",
        210_000,
        210_000,
    )
    assert [one["id"] for one in machine("GET", "/receivables").json["items"]] == [issued["id"]]
    paid = machine(
        "POST",
        "/payments",
        json={
            "invoice_id": issued["id"],
            "amount": 210_000,
            "means": "bank",
            "received_on": TODAY.isoformat(),
        },
    )

    assert (paid.status_code, paid.json["number"]) == (201, "PT26-00001")
    assert machine("GET", address).json["open"] == 0
    assert machine("GET", "/invoices?state=issued&limit=1").json["next"] is None
    assert len(machine("GET", "/payments").json["items"]) == 1
    assert machine("GET", "/receivables").json["items"] == []


def test_a_machine_follows_the_money_of_contracts(machine, work):
    with db.transaction() as session:
        contract = factories.contract(session)

    assert machine("GET", f"/contracts/{contract.id}/money").json["done"] == 0
    assert machine("GET", f"/contracts/{NO_CONTRACT}/money").json == {
        "contract_id": str(NO_CONTRACT),
        "contracted": 0,
        "done": 210_000,
        "invoiced": 0,
        "paid": 0,
        "revenue": 200_000,
    }
    with db.reading() as session:
        assert projections.differences(session, reactions.MONEY) == []
        assert MoneyMeasure.REVENUE in MoneyMeasure
