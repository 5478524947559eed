"""The order page and the hand-over page of a mixed order, its ticks and its paper to sign."""

import pytest
from lxml import html
from sqlalchemy import select

from lims.certificates import service as certificates
from lims.certificates.models import Certificate
from lims.identity import service as identity
from lims.kernel import db
from lims.reception.models import HandOver, Item
from lims.vocabulary import ItemState, Outcome, Role
from tests import factories


@pytest.fixture
def clerk(signed_in):
    return signed_in(Role.RECEPTION, login="tiepnhan")


@pytest.fixture
def mixed(app):
    """An order on credit: passed with a certificate, failed, not performed, still at the bench."""
    with db.transaction() as session:
        factories.books(session)
        buyer = factories.customer(session, name="Chợ Rạch Sỏi", folded="cho rach soi")
        contract = factories.contract(session, buyer, on_credit=True)
        order = factories.order(
            session, buyer, contract_id=contract.id, place="laboratory", item_count=4
        )
        for person in (factories.technician, factories.checker, factories.signatory):
            person(session)
        (passed,) = factories.done(session, 1, of=order)
        items = [session.get_one(Item, passed.item_id)]
        items += [factories.item(session, order) for _ in range(3)]
        certificates.sign(session, [passed.id], by="giamdoc")
        factories.authorised(session, items[1], outcome=Outcome.FAIL, reason="quá sai số")
        factories.authorised(session, items[2], outcome=Outcome.NOT_PERFORMED)
        number = session.scalars(select(Certificate.number)).one()
        return {
            "order": f"/reception/orders/{order.id}",
            "id": order.id,
            "items": [str(item.id) for item in items],
            "codes": [item.code for item in items],
            "certificate": number,
        }


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(answer, status=200):
    return " ".join(page(answer, status).text_content().split())


def row(shown, code):
    """The words and the signs of an item's line."""
    (line,) = shown.xpath(f"//tbody/tr[td//text()[normalize-space()='{code}']]")
    signs = [use.rpartition("#")[2] for use in line.xpath(".//span//use/@href")]
    return " ".join(line.text_content().split()), signs


def post(client, path, **said):
    return client.post(path, data={"_key": factories.key(), **said})


def states():
    with db.reading() as session:
        return list(session.scalars(select(Item.state).order_by(Item.line)))


def test_failed_and_passed_do_not_look_alike(clerk, mixed):
    for address in (mixed["order"], f"{mixed['order']}/hand-over", "/reception/items"):
        shown = page(clerk.get(address))
        passed, failed, skipped, waiting = (row(shown, code) for code in mixed["codes"])

        assert " đạt" in passed[0]
        assert "không đạt" not in passed[0]
        assert "không đạt" in failed[0]
        assert "không thực hiện" in skipped[0]
        assert "đạt" not in waiting[0]
        assert (passed[1], failed[1], waiting[1]) == (["check"], ["x"], [])


def test_everything_that_is_done_is_ticked_and_a_part_goes_back_with_its_paper(clerk, mixed):
    over = f"{mixed['order']}/hand-over"
    shown = page(clerk.get(over))
    assert shown.xpath("//input[@name='item_ids'][@checked]/@value") == mixed["items"][:3]
    assert mixed["certificate"] in row(shown, mixed["codes"][0])[0]

    answer = post(clerk, over, to="Bà Sáu", item_ids=mixed["items"][:2])

    assert answer.status_code == 303
    assert states() == [*[ItemState.HANDED_OVER] * 2, ItemState.NOT_PERFORMED, ItemState.RECEIVED]
    order = page(clerk.get(answer.location))
    (paper,) = order.xpath("//a[@data-print-now]/@href")
    assert "Bà Sáu" in order.text_content()
    assert "đạt" in row(order, mixed["codes"][0])[0]
    printed = clerk.get(paper)
    assert (printed.status_code, printed.content_type) == (200, "application/pdf")
    assert clerk.head(paper).data == b""
    assert page(clerk.get(over)).xpath("//input[@name='item_ids']/@value") == [mixed["items"][2]]


def test_who_ticks_nothing_is_asked_to_tick(clerk, mixed):
    answer = post(clerk, f"{mixed['order']}/hand-over", to="Bà Sáu")

    shown = page(answer, 422)
    assert "Hãy đánh dấu" in shown.get_element_by_id("e-item_ids").text_content()
    assert shown.get_element_by_id("f-to").get("value") == "Bà Sáu"


def test_what_is_gone_meanwhile_comes_back_with_its_reason(clerk, mixed):
    over = f"{mixed['order']}/hand-over"
    post(clerk, over, to="Bà Sáu", item_ids=mixed["items"][:1])

    answer = post(clerk, over, to="Ông Hai", item_ids=mixed["items"][:2])

    assert answer.status_code in {409, 422}
    assert mixed["codes"][0] in words(answer, answer.status_code)
    assert states()[1] is ItemState.AUTHORISED


def test_a_machine_hands_over_by_item_and_reads_each_result(app, mixed):
    with db.transaction() as session:
        user = factories.user(session, Role.RECEPTION, login="may")
        token = identity.make_token(session, user.id, label="thử", by="admin")

    def ask(**body):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": factories.key()}
        address = f"/api/v1/orders/{mixed['id']}/hand-over"
        return app.test_client().post(address, headers=headers, json=body)

    part = ask(to="Bà Sáu", item_ids=mixed["items"][:1])
    rest = ask(to="Bà Sáu")

    assert (part.status_code, rest.status_code) == (201, 201)
    (item,) = part.json["items"]
    assert (item["result"], item["certificate"]) == ("pass", mixed["certificate"])
    assert [item["result"] for item in rest.json["items"]] == ["fail", "not_performed"]
    with db.reading() as session:
        numbers = list(session.scalars(select(HandOver.number).order_by(HandOver.id)))
    assert numbers == [part.json["number"], rest.json["number"]]
    assert ask(to="Bà Sáu").status_code == 409
