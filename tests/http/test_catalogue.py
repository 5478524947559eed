"""The catalogue and the tariff, as pages and for machines."""

from datetime import date

import pytest

from lims.catalogue import service
from lims.identity import service as identity
from lims.kernel.db import reading, transaction
from lims.vocabulary import Discipline, Role
from tests import factories
from tests.http.forms import edit

HOLDS = "2026-04-01"


@pytest.fixture
def loaded(database):
    with transaction() as session:
        service.load(session, by="admin")


def one_service(**said):
    with transaction() as session:
        return factories.service(session, **said)


def price_on(service_id, on):
    with reading() as session:
        return service.price_of(session, service_id, on)


@pytest.fixture
def machine(app):
    """Give a client that asks with a key in somebody's name."""

    def ask(*roles):
        with transaction() as session:
            user = factories.user(session, *roles, login="may")
            key = identity.make_token(session, user.id, label="thử", by="admin")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return client

    return ask


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────


def test_the_administrator_loads_an_empty_catalogue_with_one_button(signed_in):
    browser = signed_in(Role.ADMIN)
    assert "Nạp danh mục" in browser.get("/catalogue").text

    page = browser.post("/catalogue/load", data={"_key": "1"}, follow_redirects=True)

    assert "Cân bàn" in page.text
    assert "Nạp danh mục" not in page.text


def test_types_are_found_without_accents_and_shown_with_their_cycle(loaded, signed_in):
    browser = signed_in(Role.RECEPTION)

    page = browser.get("/catalogue?q=dong+ho+lo+xo")

    assert "Cân đồng hồ lò xo" in page.text
    assert "Taximet" not in page.text
    assert "01/01/2020" in page.text
    assert browser.get("/catalogue?field=pressure").status_code == 200
    assert browser.get("/catalogue?field=nonsense&after=nonsense").status_code == 200
    assert "Không có loại nào" in browser.get("/catalogue?q=xyzxyz").text


def test_the_list_goes_on_behind_fifty(loaded, signed_in):
    browser = signed_in(Role.QUALITY)

    first = browser.get("/catalogue")

    link = next(part for part in first.text.split('"') if part.startswith("/catalogue?after="))
    assert "Phương tiện đo định vị bằng vệ tinh" not in first.text
    assert "Phương tiện đo định vị bằng vệ tinh" in browser.get(link).text


def test_a_new_type_gets_its_cycle_and_its_words_changed(signed_in):
    browser = signed_in(Role.QUALITY)
    assert browser.get("/catalogue/types/new").status_code == 200
    said = {"name_vi": "Cân vàng", "name_en": "Gold scale", "field": "mass", "initial": "yes"}

    shown = browser.post("/catalogue/types/new", data=said | {"code": "can-vang"})
    address = shown.headers["Location"]
    cycle = {"valid_from": "2026-04-15", "months": "12", "source": "TT 04/2026/TT-BKHCN"}
    assert browser.post(address, data=cycle).status_code == 303
    assert browser.get(f"{address}/edit").status_code == 200
    assert edit(browser, f"{address}/edit", said | {"note": "Tiệm vàng"}).status_code == 303

    page = browser.get(address)
    assert "TT 04/2026/TT-BKHCN" in page.text
    assert "Tiệm vàng" in page.text


def test_a_cycle_that_was_in_force_comes_back_with_its_sentence(signed_in):
    with transaction() as session:
        scale = factories.instrument_type(session, months=12)
    browser = signed_in(Role.ADMIN)
    said = {"valid_from": "2020-01-01", "months": "24", "source": "TT 04/2026"}

    page = browser.post(f"/catalogue/types/{scale.id}", data=said)

    assert page.status_code == 422
    assert 'id="e-valid_from"' in page.text
    assert 'value="TT 04/2026"' in page.text


def test_a_code_is_a_slug(signed_in):
    browser = signed_in(Role.ADMIN)
    said = {"code": "Cân Vàng", "name_vi": "Cân vàng", "name_en": "Gold scale", "field": "mass"}

    page = browser.post("/catalogue/types/new", data=said)

    assert page.status_code == 422
    assert 'id="e-code"' in page.text


def test_a_new_edition_of_a_method_is_entered_and_the_old_one_ended(signed_in):
    with transaction() as session:
        old = factories.method(session, code="ĐLVN 30", edition="2019")
    browser = signed_in(Role.QUALITY)
    assert browser.get("/catalogue/methods/new").status_code == 200
    said = {
        "code": "ĐLVN 30",
        "edition": "2026",
        "title": "Cân đồng hồ lò xo",
        "discipline": "verification",
        "valid_from": "2026-07-01",
    }

    assert browser.post("/catalogue/methods/new", data=said).status_code == 303
    assert browser.get(f"/catalogue/methods/{old.id}/edit").status_code == 200
    ended = {"title": "Cân đồng hồ lò xo", "valid_to": "2026-06-30"}
    assert edit(browser, f"/catalogue/methods/{old.id}/edit", ended).status_code == 303

    page = browser.get("/catalogue/methods?q=dlvn+30&discipline=verification")
    assert "ĐLVN 30:2026" in page.text
    with reading() as session:
        july = service.methods(session, Discipline.VERIFICATION, date(2026, 7, 1))
        assert [one.cited for one in july] == ["ĐLVN 30:2026"]


def test_a_dated_price_is_entered_as_people_say_it(signed_in):
    what = one_service()
    browser = signed_in(Role.ACCOUNTANT)
    said = {"amount": "35.000", "percent": "8", "valid_from": HOLDS, "source": "QĐ 15/QĐ-TT"}

    page = browser.post(f"/catalogue/services/{what.id}", data=said, follow_redirects=True)

    assert "37.800" in page.text
    assert price_on(what.id, date(2026, 4, 1)).charged_on_fail is False
    assert price_on(what.id, date(2026, 3, 31)).amount == 30_000


def test_an_impossible_rate_comes_back(signed_in):
    what = one_service()
    said = {"amount": "35000", "percent": "800", "valid_from": HOLDS, "source": "QĐ"}

    page = signed_in(Role.DIRECTOR).post(f"/catalogue/services/{what.id}", data=said)

    assert page.status_code == 422
    assert 'id="e-percent"' in page.text


def test_a_new_service_is_added_changed_and_waits_for_its_price(signed_in):
    browser = signed_in(Role.ADMIN)
    assert browser.get("/catalogue/services/new").status_code == 200
    said = {"name_vi": "Kiểm định cân vàng", "name_en": "Gold scale", "field": "mass"}
    new = said | {"code": "kd-can-vang", "discipline": "verification", "unit": "cân"}

    address = browser.post("/catalogue/services/new", data=new).headers["Location"]

    assert "chưa có giá" in browser.get("/catalogue/services").text
    assert browser.get(f"{address}/edit").status_code == 200
    assert edit(browser, f"{address}/edit", said | {"unit": "chiếc"}).status_code == 303
    assert "chiếc" in browser.get(address).text


def test_the_tariff_is_searched_and_suggested(loaded, signed_in):
    browser = signed_in(Role.RECEPTION)

    assert "cân ô tô" in browser.get("/catalogue/services?q=o+to&discipline=verification").text
    suggested = browser.get("/catalogue/services/lookup?q=huyet+ap").text
    assert "Kiểm định huyết áp kế" in suggested
    assert 'role="option"' in suggested
    assert "Cân bàn" in browser.get("/catalogue/types/lookup?q=can+ban").text


def test_a_test_service_shows_its_limits(loaded, signed_in):
    with reading() as session:
        (water,) = service.services(session, q="nuoc sinh hoat")

    page = signed_in(Role.RECEPTION).get(f"/catalogue/services/{water.id}")

    assert "TCVN 6492:2011" in page.text
    assert "8,5" in page.text


def test_the_tariff_hangs_on_the_wall_for_everybody_in_both_languages(loaded, client):
    page = client.get("/prices")

    assert page.status_code == 200
    assert "Kiểm định cân bàn đến 500 kg" in page.text
    assert "210.000" in page.text
    client.set_cookie("lang", "en")
    assert "Verification: platform scale up to 500 kg" in client.get("/prices").text


def test_an_empty_wall_says_whom_to_ask(client):
    assert "quầy tiếp nhận" in client.get("/prices").text


@pytest.mark.parametrize(
    "path",
    ["/catalogue/types/new", "/catalogue/methods/new", "/catalogue/services/new"],
)
def test_only_those_who_keep_the_catalogue_write_in_it(signed_in, path):
    browser = signed_in(Role.TECHNICIAN, Role.RECEPTION)

    assert browser.get(path).status_code == 403
    assert browser.post(path, data={}).status_code == 403


# ── Machines ─────────────────────────────────────────────────────────────────────────────────────


def test_machines_read_types_page_by_page(loaded, machine):
    client = machine(Role.RECEPTION)

    first = client.get("/api/v1/instrument-types?limit=60").json
    second = client.get(f"/api/v1/instrument-types?limit=60&after={first['next']}").json

    codes = [one["code"] for one in (*first["items"], *second["items"])]
    assert len(codes) == len(set(codes)) == 88
    assert second["next"] is None
    (found,) = client.get("/api/v1/instrument-types?q=taximet").json["items"]
    assert (found["cycle"]["months"], found["field"]) == (18, "length")


def test_machines_add_and_change_a_type_that_nobody_changed_meanwhile(machine):
    client = machine(Role.QUALITY)
    said = {"code": "can-vang", "name_vi": "Cân vàng", "name_en": "Gold scale", "field": "mass"}

    added = client.post("/api/v1/instrument-types", json=said, headers={"Idempotency-Key": "1"})
    address = f"/api/v1/instrument-types/{added.json['id']}"
    etag = client.get(address).headers["ETag"]
    changed = client.patch(address, json={"note": "x"}, headers={"If-Match": etag})
    stale = client.patch(address, json={"note": "y"}, headers={"If-Match": etag})
    cycle = {"months": 12, "valid_from": "2026-01-01", "source": "TT"}
    dated = client.post(f"{address}/cycles", json=cycle, headers={"Idempotency-Key": "2"})

    assert (added.status_code, added.json["periodic"], etag) == (201, True, '"1"')
    assert (changed.status_code, changed.json["note"], changed.headers["ETag"]) == (200, "x", '"2"')
    assert changed.json["name_vi"] == "Cân vàng"
    assert stale.status_code == 412
    assert client.patch(address, json={"note": "z"}).status_code == 428
    assert (dated.status_code, dated.json["months"]) == (201, 12)
    assert client.get(address).json["cycle"]["months"] == 12


def test_machines_keep_methods(machine):
    client = machine(Role.ADMIN)
    said = {
        "code": "ĐLVN 30",
        "edition": "2026",
        "title": "Cân đồng hồ lò xo",
        "discipline": "verification",
        "valid_from": "2026-07-01",
    }

    added = client.post("/api/v1/methods", json=said, headers={"Idempotency-Key": "1"})
    address = f"/api/v1/methods/{added.json['id']}"
    body = {"valid_to": "2026-12-31"}
    changed = client.patch(address, json=body, headers={"If-Match": '"1"'})

    assert (added.status_code, added.json["cited"]) == (201, "ĐLVN 30:2026")
    assert changed.json["valid_to"] == "2026-12-31"
    assert client.get(address).headers["ETag"] == '"2"'
    assert [one["id"] for one in client.get("/api/v1/methods?q=dong+ho").json["items"]] == [
        added.json["id"]
    ]


def test_machines_keep_the_tariff_and_its_dated_prices(loaded, machine):
    client = machine(Role.ACCOUNTANT)
    said = {
        "code": "kd-can-vang",
        "name_vi": "Kiểm định cân vàng",
        "name_en": "Gold scale",
        "discipline": "verification",
        "field": "mass",
        "unit": "cân",
    }

    added = client.post("/api/v1/services", json=said, headers={"Idempotency-Key": "1"})
    address = f"/api/v1/services/{added.json['id']}"
    price = {"amount": 50_000, "vat_rate": "0.05", "valid_from": "2026-01-01", "source": "QĐ"}
    priced = client.post(f"{address}/prices", json=price, headers={"Idempotency-Key": "2"})
    changed = client.patch(address, json={"active": False}, headers={"If-Match": '"1"'})

    assert (added.status_code, added.json["price"]) == (201, None)
    assert (priced.status_code, priced.json["gross"], priced.json["vat_rate"]) == (
        201,
        52_500,
        "0.05",
    )
    assert changed.json["active"] is False
    assert client.get(address).json["price"]["amount"] == 50_000
    (water,) = client.get("/api/v1/services?q=nuoc+sinh+hoat").json["items"]
    limits = client.get(f"/api/v1/services/{water['id']}").json["parameters"]
    assert [one["maximum"] for one in limits] == ["8.5", "2", "1.0"]


def test_a_machine_without_the_role_is_refused(machine):
    client = machine(Role.RECEPTION)

    refused = client.post("/api/v1/services", json={}, headers={"Idempotency-Key": "1"})

    assert refused.status_code == 403
    assert refused.content_type == "application/problem+json"
