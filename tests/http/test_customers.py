import pytest

from lims.customers import service
from lims.customers.commands import EnterCustomer, EnterInstrument
from lims.customers.models import Customer, Instrument
from lims.customers.registry import service as registry
from lims.kernel.db import reading, transaction
from lims.vocabulary import CustomerKind, Role
from tests import factories
from tests.http.forms import edit


def add(name="Chợ Rạch Sỏi", **columns):
    with transaction() as session:
        columns.setdefault("kind", CustomerKind.ORGANISATION)
        return service.enter(session, EnterCustomer(name=name, **columns), by="lan")


def instrument(holder=None, serial="A1"):
    holder = holder or add()
    with transaction() as session:
        kind = factories.instrument_type(session)
        return registry.add_instrument(
            session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial=serial), by="lan"
        )


def stored(model, key):
    with reading() as session:
        return session.get_one(model, key)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def test_a_customer_is_entered_and_shown(signed_in):
    browser = signed_in(Role.RECEPTION)
    assert browser.get("/customers").status_code == 200

    said = {"name": "Chợ Rạch Sỏi", "kind": "organisation", "tax_code": "0100109106"}
    page = browser.post("/customers/new", data=said | {"_key": "1"}, follow_redirects=True)

    assert page.status_code == 200
    assert "Chợ Rạch Sỏi" in page.text
    assert "0100109106" in page.text


def test_a_mistyped_code_comes_back_with_what_was_typed(signed_in):
    browser = signed_in(Role.ACCOUNTANT)

    said = {"name": "Chợ Rạch Sỏi", "kind": "organisation", "tax_code": "0100109107"}
    page = browser.post("/customers/new", data=said)

    assert page.status_code == 422
    assert 'value="Chợ Rạch Sỏi"' in page.text
    assert 'id="e-tax_code"' in page.text


@pytest.mark.parametrize(
    ("email", "status"),
    [("", 303), ("cho@rachsoi.vn", 303), ("cho@rachsoi", 422), (f"{'a' * 190}@rachsoi.vn", 422)],
)
def test_an_address_of_mail_is_one_or_left_blank(signed_in, email, status):
    typed = {"name": "Chợ Rạch Sỏi", "kind": "organisation", "email": email}
    browser = signed_in(Role.RECEPTION)
    asked = {"headers": {"Idempotency-Key": factories.key()}, "json": typed}

    assert (
        browser.post("/customers/new", data=typed | {"name": "Chợ Tắc Cậu"}).status_code == status
    )
    assert browser.post("/api/v1/customers", **asked).status_code == (201 if status == 303 else 422)


def test_a_namesake_is_entered_only_on_purpose(signed_in):
    add(address="Rạch Giá")
    browser = signed_in(Role.RECEPTION)
    said = {"name": "CHỢ RẠCH SỎI", "kind": "organisation"}

    page = browser.post("/customers/new", data=said)
    assert page.status_code == 422
    assert 'name="another"' in page.text

    assert browser.post("/customers/new", data=said | {"another": "yes"}).status_code == 303


def test_a_correction_keeps_what_was_not_touched_and_shows_in_the_history(signed_in):
    customer = add(tax_code="0100109106", phone="0297")
    browser = signed_in(Role.RECEPTION)
    assert 'value="0100109106"' in browser.get(f"/customers/{customer.id}/edit").text

    said = {"name": "Chợ Tắc Cậu", "kind": "organisation", "tax_code": "0100109106"}
    page = edit(browser, f"/customers/{customer.id}/edit", said, follow_redirects=True)

    assert "Chợ Tắc Cậu" in page.text
    assert (stored(Customer, customer.id).phone, stored(Customer, customer.id).revision) == ("", 2)


def test_the_list_is_searched_without_accents_and_goes_on_page_by_page(signed_in):
    with transaction() as session:
        for n in range(51):
            market = EnterCustomer(name=f"Chợ số {n:03}", kind=CustomerKind.ORGANISATION)
            service.enter(session, market, by="lan")
    browser = signed_in(Role.TECHNICIAN)

    first = browser.get("/customers?q=cho").text
    assert "Chợ số 049" in first
    assert "Chợ số 050" not in first
    after = first.partition("after=")[2].partition('"')[0]

    assert "Chợ số 050" in browser.get(f"/customers?q=cho&after={after}").text
    assert "xang" in browser.get("/customers?q=xang").text


def test_a_lookup_is_answered_with_the_name_the_code_and_the_address(signed_in):
    customer = add(tax_code="0100109106", address="Rạch Giá")

    answer = signed_in(Role.RECEPTION).get("/customers/suggest?q=soi").text

    assert f'data-id="{customer.id}"' in answer
    assert "0100109106 · Rạch Giá" in answer


def test_a_personal_number_is_shown_to_those_who_need_it(signed_in):
    customer = add("Bà Tư", kind=CustomerKind.PERSON, personal_number="091085001234")
    page = f"/customers/{customer.id}"

    assert "091085001234" in signed_in(Role.ACCOUNTANT).get(page).text
    assert "091085001234" not in signed_in(Role.TECHNICIAN).get(page).text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.INSPECTOR, Role.ADMIN])
def test_only_reception_and_accounting_enter_customers(signed_in, role):
    assert signed_in(role).post("/customers/new", data={"name": "x"}).status_code == 403


def test_an_instrument_is_registered_from_its_holders_page(signed_in):
    holder = add()
    with transaction() as session:
        factories.instrument_type(session, name_vi="Cân bàn", folded="can ban")
    browser = signed_in(Role.RECEPTION)
    assert holder.name in browser.get(f"/instruments/new?holder={holder.id}").text

    said = {"holder_id": holder.id, "type_id_text": "cân bàn", "serial": "A1", "user_name": "Tư"}
    page = browser.post("/instruments/new", data=said, follow_redirects=True)

    assert page.status_code == 200
    assert "Cân bàn A1" in page.text
    assert "A1" in browser.get(f"/customers/{holder.id}").text
    assert "A1" in browser.get("/instruments?q=a1").text
    assert "A1" in browser.get("/instruments?q=can rach").text
    assert "A1" in browser.get(f"/instruments?holder={holder.id}").text
    assert "A1" in browser.get("/search?q=A1").text


def test_an_instrument_of_an_unclear_type_is_sent_back(signed_in):
    holder = add()
    browser = signed_in(Role.TECHNICIAN)

    said = {"holder_id_text": holder.name, "type_id_text": "cân", "serial": "A1"}
    page = browser.post("/instruments/new", data=said)

    assert page.status_code == 422
    assert 'id="e-type_id"' in page.text
    assert 'value="cân"' in page.text


def test_an_instrument_is_corrected_and_taken_out_of_use(signed_in):
    known = instrument()
    browser = signed_in(Role.TECHNICIAN)
    assert 'value="A1"' in browser.get(f"/instruments/{known.id}/edit").text

    said = {"holder_id": known.holder_id, "serial": "A2", "scrapped": "yes"}
    page = edit(browser, f"/instruments/{known.id}/edit", said, follow_redirects=True)

    assert page.status_code == 200
    assert (stored(Instrument, known.id).serial, stored(Instrument, known.id).scrapped) == (
        "A2",
        True,
    )


def test_a_search_with_nothing_to_find_says_what_to_do(signed_in):
    browser = signed_in(Role.INSPECTOR)

    for page in ("/customers", "/customers?q=zz", "/instruments", "/instruments?q=zz&holder=x"):
        assert "empty-state" in browser.get(page).text


# ── API ──────────────────────────────────────────────────────────────────────────────────────────


def key():
    return {"Idempotency-Key": factories.key()}


def test_a_machine_enters_corrects_and_lists_customers(signed_in):
    machine = signed_in(Role.RECEPTION)
    body = {"name": "Chợ Rạch Sỏi", "kind": "budget_unit", "budget_code": "1027321"}

    made = machine.post("/api/v1/customers", json=body, headers=key())
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')

    url = f"/api/v1/customers/{made.json['id']}"
    patched = machine.patch(url, json={"phone": "0297"}, headers={"If-Match": '"1"'})
    assert (patched.status_code, patched.json["budget_code"]) == (200, "1027321")
    assert machine.get(url).headers["ETag"] == '"2"'
    assert [one["phone"] for one in machine.get("/api/v1/customers?q=cho").json["items"]] == [
        "0297"
    ]


def test_a_change_of_something_changed_meanwhile_is_refused(signed_in):
    customer = add()
    machine, url = signed_in(Role.RECEPTION), f"/api/v1/customers/{customer.id}"

    assert machine.patch(url, json={"phone": "1"}).status_code == 428
    assert machine.patch(url, json={"phone": "1"}, headers={"If-Match": '"7"'}).status_code == 412


def test_a_refusal_points_at_its_field(signed_in):
    machine = signed_in(Role.RECEPTION)
    body = {"name": "Chợ", "kind": "organisation", "tax_code": "0100109107", "e": 1}

    unknown = machine.post("/api/v1/customers", json=body, headers=key())
    del body["e"]
    broken = machine.post("/api/v1/customers", json=body, headers=key())

    assert unknown.json["errors"][0]["pointer"] == "/e"
    assert (broken.status_code, broken.json["errors"][0]["pointer"]) == (422, "/tax_code")


def test_a_machine_without_need_sees_no_personal_number(signed_in):
    customer = add("Bà Tư", kind=CustomerKind.PERSON, personal_number="091085001234")
    url = f"/api/v1/customers/{customer.id}"

    assert "personal_number" not in signed_in(Role.INSPECTOR).get(url).json
    assert signed_in(Role.DIRECTOR).get(url).json["personal_number"] == "091085001234"


def test_a_machine_registers_and_corrects_instruments(signed_in):
    holder = add()
    with transaction() as session:
        kind = factories.instrument_type(session)
    machine = signed_in(Role.RECEPTION)
    body = {"holder_id": str(holder.id), "type": kind.code, "serial": "A1"}

    made = machine.post("/api/v1/instruments", json=body, headers=key())
    assert made.status_code == 201
    again = machine.post("/api/v1/instruments", json=body | {"type": str(kind.id)}, headers=key())
    assert (again.status_code, again.json["errors"][0]["pointer"]) == (422, "/serial")
    wrong = machine.post("/api/v1/instruments", json=body | {"type": "x"}, headers=key())
    assert wrong.json["errors"][0]["pointer"] == "/type"

    url = f"/api/v1/instruments/{made.json['id']}"
    changed = machine.patch(url, json={"scrapped": True}, headers={"If-Match": '"1"'})
    assert changed.json["scrapped"] is True
    assert machine.get(url).json["serial"] == "A1"
    assert [one["id"] for one in machine.get("/api/v1/instruments?q=a1").json["items"]] == [
        made.json["id"]
    ]


def test_the_pages_of_a_list_follow_each_other(signed_in):
    for name in ("Bến xe", "An Biên", "Chợ"):
        add(name)
    machine = signed_in(Role.INSPECTOR)

    first = machine.get("/api/v1/customers?limit=2").json
    second = machine.get(f"/api/v1/customers?limit=2&after={first['next']}").json

    assert [one["name"] for one in first["items"] + second["items"]] == ["An Biên", "Bến xe", "Chợ"]
    assert second["next"] is None


def test_a_list_of_instruments_goes_on_from_its_last_and_begins_again_after_nobody(signed_in):
    holder = add()
    kept = {str(instrument(holder, serial=f"A{n}").id) for n in range(2)}
    machine = signed_in(Role.RECEPTION)
    url = "/api/v1/instruments?limit=1"

    first = machine.get(url).json
    second = machine.get(f"{url}&after={first['next']}").json

    assert {one["id"] for one in first["items"] + second["items"]} == kept
    assert "A0" in machine.get(f"/customers/{holder.id}").text
    unknown = machine.get("/api/v1/customers?after=00000000-0000-0000-0000-000000000007")
    assert len(unknown.json["items"]) == 1


def test_a_picked_type_is_taken_as_it_is(signed_in):
    holder = add()
    with transaction() as session:
        kind = factories.instrument_type(session)
    browser = signed_in(Role.RECEPTION)

    said = {"holder_id": holder.id, "type_id": kind.id, "serial": "A1"}

    assert browser.post("/instruments/new", data=said).status_code == 303
