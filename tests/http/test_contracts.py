from decimal import Decimal

import pytest
from sqlalchemy import select

from lims.contracts import service
from lims.contracts.commands import DraftContract, NewDeliverable
from lims.contracts.models import Contract
from lims.eventlog.log import Outgoing
from lims.kernel.db import reading, transaction
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding, Role
from tests import factories
from tests.http.forms import edit


def buyer(name="Chợ Rạch Sỏi"):
    with transaction() as session:
        return factories.customer(session, name=name)


def scales():
    with transaction() as session:
        return factories.service(session, amount=30_000, vat_rate="0.05")


def technical(of=None):
    of = of or buyer()
    with transaction() as session:
        draft = DraftContract(
            customer_id=of.id,
            kind=ContractKind.TECHNICAL,
            funding=Funding.CUSTOMER,
            subject="Xây dựng tiêu chuẩn cơ sở",
            on_credit=True,
            deliverables=[
                NewDeliverable(
                    kind=DeliverableKind.STANDARD,
                    title="TCCS nước mắm",
                    quantity=1,
                    amount=5_000_000,
                    vat_rate=Decimal("0.08"),
                )
            ],
        )
        made = service.draft(session, draft, by="lan")
        return made, service.deliverables_of(session, made.id)[0]


def only():
    with reading() as session:
        contract = session.scalars(select(Contract)).one()
        return contract, service.lines_of(session, contract.id)


SAID = {"kind": "laboratory", "funding": "customer", "subject": "Kiểm định cân chợ"}


def test_a_contract_is_drafted_with_the_price_of_the_tariff_or_its_own(signed_in):
    of, what = buyer(), scales()
    browser = signed_in(Role.RECEPTION)
    assert "Chợ Rạch Sỏi" in browser.get(f"/contracts/new?customer={of.id}").text

    said = SAID | {
        "customer_id_text": "cho rach soi",
        "lines.0.service_id": str(what.id),
        "lines.0.service_id_text": what.name_vi,
        "lines.0.quantity": "40",
        "lines.2.service_id_text": what.code,
        "lines.2.quantity": "2",
        "lines.2.unit_price": "25.000",
        "deliverables.0.kind": "product",
        "deliverables.0.quantity": "1",
        "on_credit": "yes",
    }
    page = browser.post("/contracts/new", data=said, follow_redirects=True)

    contract, lines = only()
    assert page.status_code == 200
    assert [(one.position, one.quantity, one.unit_price) for one in lines] == [
        (1, 40, 30_000),
        (2, 2, 25_000),
    ]
    assert (contract.on_credit, contract.customer_id) == (True, of.id)
    assert "1.312.500 đ" in page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_row_that_is_not_understood_comes_back_at_its_place(signed_in):
    of, what = buyer(), scales()
    browser = signed_in(Role.ACCOUNTANT)

    said = SAID | {
        "customer_id": str(of.id),
        "lines.1.service_id_text": "không có",
        "lines.1.quantity": "2",
        "lines.5.service_id": str(what.id),
        "lines.5.quantity": "x",
        "deliverables.1.title": "Hồ sơ",
    }
    unread = browser.post("/contracts/new", data=said)
    unknown = browser.post("/contracts/new", data=said | {"lines.5.quantity": "1"} | FULL)

    assert (unread.status_code, unknown.status_code) == (422, 422)
    assert 'id="e-lines-5-quantity"' in unread.text
    assert 'id="e-deliverables-1-amount"' in unread.text
    assert 'id="e-lines-1-service_id"' in unknown.text
    assert 'value="không có"' in unknown.text


FULL = {
    "deliverables.1.kind": "product",
    "deliverables.1.quantity": "1",
    "deliverables.1.amount": "1000000",
    "deliverables.1.percent": "8",
}


def test_a_draft_shows_what_it_holds_and_is_written_again(signed_in):
    contract, _ = technical()
    browser = signed_in(Role.RECEPTION)
    page = browser.get(f"/contracts/{contract.id}/edit").text
    assert 'value="TCCS nước mắm"' in page
    assert 'value="8"' in page

    said = {
        "kind": "technical_service",
        "funding": "state",
        "subject": "Tư vấn",
        "customer_id": str(contract.customer_id),
        "deliverables.0.title": "TCCS nước mắm",
        "deliverables.0.kind": "standard",
        "deliverables.0.quantity": "1",
        "deliverables.0.amount": "6.000.000",
        "deliverables.0.percent": "8",
    }
    page = edit(browser, f"/contracts/{contract.id}/edit", said, follow_redirects=True)

    assert page.status_code == 200
    with reading() as session:
        assert service.amount(session, contract.id) == 6_480_000


def test_a_technical_contract_goes_from_draft_to_signing_acceptance_and_closing(signed_in):
    contract, owed = technical()
    director, reception = signed_in(Role.DIRECTOR), signed_in(Role.RECEPTION)
    url = f"/contracts/{contract.id}"

    assert reception.post(f"{url}/sign").status_code == 403
    assert "HD26-00001" in director.post(f"{url}/sign", follow_redirects=True).text
    assert "HD26-00001" in reception.get("/contracts?q=hd26").text
    accept = f"/contracts/deliverables/{owed.id}/accept"
    assert reception.get(accept).status_code == 200
    assert reception.post(accept, data={}).status_code == 422
    page = reception.post(accept, data={"minutes": "BBNT-01"}, follow_redirects=True)
    assert "BBNT-01" in page.text
    assert director.post(f"{url}/close").status_code == 303

    with reading() as session:
        told = [
            one.name.split(".")[1]
            for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))
        ]
    assert told == [
        "contract_drafted",
        "contract_signed",
        "deliverable_accepted",
        "contract_closed",
    ]
    again = reception.post(f"{url}/edit", data=SAID | {"customer_id": str(contract.customer_id)})
    assert again.status_code == 409


def test_the_same_button_pressed_twice_signs_once(signed_in):
    contract, _ = technical()
    director = signed_in(Role.DIRECTOR)

    answers = [
        director.post(f"/contracts/{contract.id}/sign", data={"_key": "k"}).status_code
        for _ in range(2)
    ]

    assert answers == [303, 303]


def test_the_list_is_narrowed_by_state_and_customer(signed_in):
    contract, _ = technical()
    with transaction() as session:
        factories.contract(session, buyer_of(session, "Trạm xăng số 5"))
    browser = signed_in(Role.QUALITY)

    drafts = browser.get("/contracts?state=draft").text
    assert "Chợ Rạch Sỏi" in drafts
    assert "Trạm xăng" not in drafts
    assert "Trạm xăng" in browser.get("/contracts?q=xang").text
    assert "empty-state" in browser.get("/contracts?state=closed").text
    assert "Xây dựng" in browser.get(f"/customers/{contract.customer_id}").text
    unrelated = signed_in(Role.CHECKER)
    assert "Xây dựng" not in unrelated.get(f"/customers/{contract.customer_id}").text
    assert contract.subject not in unrelated.get("/search?q=rach").text
    assert "Trạm" not in browser.get(f"/contracts?after={contract.id}").text
    assert contract.subject in signed_in(Role.DIRECTOR).get("/").text
    assert contract.subject in browser.get("/search?q=rach").text


def buyer_of(session, name):
    return factories.customer(session, name=name)


@pytest.mark.parametrize("part", ["lines", "deliverables"])
def test_more_rows_come_with_a_click(signed_in, part):
    browser = signed_in(Role.RECEPTION)

    more = browser.get(f"/contracts/rows?part={part}&from=4").text

    assert f'name="{part}.8.quantity"' in more
    assert f'name="{part}.9.quantity"' not in more
    assert "from=9" in more
    assert "from=" not in browser.get("/contracts/rows?from=99999").text.partition("hx-get")[0]


def test_a_picked_service_proposes_its_price(signed_in):
    what = scales()
    browser = signed_in(Role.ACCOUNTANT)

    box = browser.get(f"/contracts/price?lines.3.service_id={what.id}").text

    assert 'name="lines.3.unit_price"' in box
    assert 'value="30000"' in box
    assert browser.get("/contracts/price?lines.3.service_id=").status_code == 204


# ── API ──────────────────────────────────────────────────────────────────────────────────────────


def key():
    return {"Idempotency-Key": factories.key()}


def test_a_machine_draws_up_signs_accepts_and_closes(signed_in):
    of, what = buyer(), scales()
    machine = signed_in(Role.ACCOUNTANT)
    body = {
        "customer_id": str(of.id),
        "kind": "technical_service",
        "subject": "Tư vấn",
        "lines": [{"service": what.code, "quantity": 2}],
    }

    made = machine.post("/api/v1/contracts", json=body, headers=key())
    assert (made.status_code, made.json["number"], made.json["amount"]) == (201, None, 63_000)
    url = f"/api/v1/contracts/{made.json['id']}"
    owed = {
        "kind": "product",
        "title": "Hồ sơ công bố",
        "quantity": 3,
        "amount": 9_000_000,
        "vat_rate": "0.08",
    }
    added = machine.post(f"{url}/deliverables", json=owed, headers=key())
    assert added.json["amount"] == 63_000 + 9_720_000

    assert machine.post(f"{url}/sign", headers=key()).json["number"] == "HD26-00001"
    accepted = {"deliverable_id": added.json["deliverables"][0]["id"], "minutes": "BBNT-01"}
    done = machine.post(f"{url}/accept", json=accepted, headers=key())
    assert done.json["deliverables"][0]["minutes"] == "BBNT-01"
    assert machine.post(f"{url}/close", headers=key()).json["state"] == "closed"
    assert machine.get(url).json["lines"][0]["vat_rate"] == "0.05"
    listed = machine.get("/api/v1/contracts?q=hd26").json["items"]
    assert [one["state"] for one in listed] == [ContractState.CLOSED.value]


def test_a_machine_is_told_which_line_or_deliverable_is_wrong(signed_in):
    contract, owed = technical()
    other, _ = technical(buyer("Trạm xăng"))
    machine = signed_in(Role.ACCOUNTANT)
    body = {
        "customer_id": str(contract.customer_id),
        "kind": "laboratory",
        "subject": "x",
        "lines": [{"service": "không có", "quantity": 2}],
    }

    line = machine.post("/api/v1/contracts", json=body, headers=key())
    accept = {"deliverable_id": str(owed.id), "minutes": "1"}
    stray = machine.post(f"/api/v1/contracts/{other.id}/accept", json=accept, headers=key())
    early = machine.post(f"/api/v1/contracts/{contract.id}/accept", json=accept, headers=key())

    assert line.json["errors"][0]["pointer"] == "/lines/0/service"
    assert (stray.status_code, stray.json["errors"][0]["pointer"]) == (422, "/deliverable_id")
    assert early.status_code == 409
