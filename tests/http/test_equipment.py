"""The standards, as pages and for machines."""

from datetime import date

import pytest

from lims.kernel.db import transaction
from lims.vocabulary import Role
from tests import factories
from tests.http.forms import edit

NEW = {
    "code": "CH-01",
    "name": "Bộ quả cân F2",
    "serial": "QC-01",
    "field": "mass",
    "certificate": "V01.CN5.0001.25",
    "calibrated_by": "Viện Đo lường Việt Nam",
    "calibrated_on": "2025-12-01",
    "due_on": "2026-12-01",
}


def standard(**said):
    with transaction() as session:
        return factories.standard(session, **said)


def test_a_standard_is_entered_calibrated_changed_and_taken_out(signed_in):
    browser = signed_in(Role.QUALITY)
    assert browser.get("/equipment/new").status_code == 200

    address = browser.post("/equipment/new", data=NEW).headers["Location"]
    assert browser.get(f"{address}/calibrate").status_code == 200
    certificate = {
        "certificate": "V01.CN5.0009.26",
        "calibrated_by": "QUATEST 3",
        "calibrated_on": "2026-03-01",
        "due_on": "2027-03-01",
    }
    assert browser.post(f"{address}/calibrate", data=certificate).status_code == 303
    assert browser.get(f"{address}/edit").status_code == 200
    words = {"name": "Bộ quả cân F1", "serial": "QC-01", "field": "mass"}
    assert edit(browser, f"{address}/edit", words).status_code == 303
    assert browser.get(f"{address}/take-out").status_code == 200
    out = browser.post(f"{address}/take-out", data={"reason": "rơi"}, follow_redirects=True)

    assert "ngừng sử dụng" in out.text
    assert "QUATEST 3" in out.text
    assert "Nhập giấy hiệu chuẩn mới" in out.text
    assert "rơi" in out.text


def test_impossible_days_come_back_beside_their_field(signed_in):
    browser = signed_in(Role.QUALITY)

    page = browser.post("/equipment/new", data=NEW | {"due_on": "2025-11-01"})

    assert page.status_code == 422
    assert 'id="e-due_on"' in page.text
    assert 'value="QC-01"' in page.text


def test_the_list_is_coloured_by_the_day_and_filtered(signed_in):
    standard(code="LATE", due_on=date(2026, 3, 1))
    standard(code="SOON", due_on=date(2026, 3, 20))
    standard(code="GONE", in_service=False)
    browser = signed_in(Role.TECHNICIAN)

    page = browser.get("/equipment").text

    assert page.index("LATE") < page.index("SOON")
    assert 'class="state is-bad">hết hạn' in page
    assert 'class="state is-wait">sắp đến hạn' in page
    assert "GONE" not in page
    assert "GONE" in browser.get("/equipment?show=out").text
    assert "Không có chuẩn nào" in browser.get("/equipment?q=xyz").text
    assert browser.get("/equipment/new").status_code == 403


def test_an_empty_list_says_what_to_do_next(signed_in):
    assert 'href="/equipment/new"' in signed_in(Role.QUALITY).get("/equipment?").text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.QUALITY])
def test_what_expires_within_thirty_days_waits_on_the_home_page(signed_in, role):
    browser = signed_in(role)
    assert "Chuẩn cần hiệu chuẩn" not in browser.get("/").text

    soon = standard(due_on=date(2026, 3, 20))

    page = browser.get("/").text
    assert "Chuẩn cần hiệu chuẩn" in page
    assert soon.code in page
    assert "is-urgent" not in page


def test_a_standard_that_has_expired_is_urgent(signed_in):
    standard(due_on=date(2026, 3, 1))

    assert "is-urgent" in signed_in(Role.QUALITY).get("/").text


def test_reception_has_no_business_here(signed_in):
    assert signed_in(Role.RECEPTION).get("/equipment").status_code == 403


def test_machines_keep_standards(signed_in):
    client = signed_in(Role.QUALITY)
    key = {"Idempotency-Key": "1"}

    added = client.post("/api/v1/equipment", json=NEW, headers=key)
    address = f"/api/v1/equipment/{added.json['id']}"
    changed = client.patch(address, json={"accuracy": "F2"}, headers={"If-Match": '"1"'})
    stale = client.patch(address, json={"accuracy": "F1"}, headers={"If-Match": '"1"'})
    certificate = {
        "certificate": "V01.CN5.0009.26",
        "calibrated_by": "QUATEST 3",
        "calibrated_on": "2026-03-01",
        "due_on": "2027-03-01",
    }
    renewed = client.post(f"{address}/calibrations", json=certificate, headers=key)
    out = client.post(f"{address}/take-out", json={"reason": "rơi"}, headers=key)

    assert (added.status_code, added.headers["ETag"]) == (201, '"1"')
    assert (changed.json["accuracy"], changed.json["name"]) == ("F2", "Bộ quả cân F2")
    assert stale.status_code == 412
    assert renewed.json["due_on"] == "2027-03-01"
    assert out.json["in_service"] is False
    listed = client.get("/api/v1/equipment?q=qua+can&limit=1").json
    assert [one["code"] for one in listed["items"]] == ["CH-01"]
    assert client.get(address).headers["ETag"] == '"4"'
