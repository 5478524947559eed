"""The administrator's pages about people and keys."""

import re

import pytest
from sqlalchemy import select

from lims.identity import service
from lims.identity.models import Competence, Token, User
from lims.kernel.db import reading, transaction
from lims.kernel.idempotency import Answer
from lims.vocabulary import Act, Discipline, Role
from tests import factories
from tests.http.forms import edit


@pytest.fixture
def lan(database):
    with transaction() as session:
        return factories.user(session, Role.TECHNICIAN, login="lan", full_name="Lê Thị Lan")


def stored(login):
    with reading() as session:
        return session.scalars(select(User).where(User.login == login)).one()


def test_a_person_is_added_with_several_roles(signed_in):
    browser = signed_in(Role.ADMIN)
    assert browser.get("/admin/people/new").status_code == 200
    said = {
        "full_name": "Trần Minh",
        "title": "Giám đốc",
        "login": "minh",
        "password": "đi chợ sớm mai",
        "roles": ["director", "signatory"],
    }

    page = browser.post("/admin/people/new", data=said, follow_redirects=True)

    assert "Trần Minh" in page.text
    assert stored("minh").roles == {Role.DIRECTOR, Role.SIGNATORY}
    again = browser.post("/admin/people/new", data=said)
    assert again.status_code == 422
    assert 'id="e-login"' in again.text
    assert 'value="signatory" checked' in again.text
    assert "đi chợ sớm mai" not in again.text


@pytest.mark.parametrize("name", ["TiepNhan", "TIEPNHAN", " Tiepnhan "])
def test_who_signs_in_as_tiep_nhan_with_capitals_signs_in(database, client, name):
    with transaction() as session:
        factories.user(session, Role.RECEPTION, login="tiepnhan")

    answer = client.post("/login", data={"name": name, "password": "mật khẩu thử"})

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_person_who_is_added_with_capitals_has_them_taken_away(signed_in):
    browser = signed_in(Role.ADMIN)
    said = {
        "full_name": "Minh",
        "login": "Minh",
        "password": "đi chợ sớm mai",
        "roles": ["director"],
    }

    assert browser.post("/admin/people/new", data=said).status_code == 303
    again = browser.post("/admin/people/new", data={**said, "login": "MINH"})

    assert stored("minh").full_name == "Minh"
    assert again.status_code == 422
    assert 'id="e-login"' in again.text


def test_roles_are_changed_and_a_password_set(lan, signed_in):
    browser = signed_in(Role.ADMIN)
    address = f"/admin/people/{lan.id}"

    said = {"full_name": "Lê Thị Lan", "roles": ["reception"]}
    assert edit(browser, address, said).status_code == 303
    assert browser.get(f"{address}/password").status_code == 200
    assert browser.post(f"{address}/password", data={"password": "ngắn"}).status_code == 422
    password = {"password": "mật khẩu mới"}
    assert browser.post(f"{address}/password", data=password).status_code == 303

    assert stored("lan").roles == {Role.RECEPTION}
    with reading() as session:
        assert service.recognise(session, "lan", "mật khẩu mới") is not None


def test_somebody_who_left_is_disabled_and_stays_in_the_list(lan, signed_in):
    browser = signed_in(Role.ADMIN)

    page = browser.post(f"/admin/people/{lan.id}/disable", follow_redirects=True)

    assert "Lê Thị Lan" in page.text
    assert "đã khóa" in page.text
    assert not stored("lan").active


def test_an_authorisation_is_entered_and_shown_to_the_quality_manager(lan, signed_in):
    browser = signed_in(Role.ADMIN)
    page = browser.get(f"/admin/competences/new?user={lan.id}")
    assert f'value="{lan.id}" selected' in page.text
    said = {
        "user_id": str(lan.id),
        "act": "perform",
        "discipline": "verification",
        "basis": "Thẻ KĐV 0123",
        "valid_from": "2026-01-01",
        "valid_to": "2026-03-20",
    }

    assert browser.post("/admin/competences/new", data=said).status_code == 303
    assert "Thẻ KĐV 0123" in browser.get(f"/admin/people/{lan.id}").text
    page = signed_in(Role.QUALITY).get("/admin/people")
    assert "20/03/2026" in page.text
    assert f"/admin/people/{lan.id}" not in page.text
    with reading() as session:
        held = session.scalars(select(Competence)).one()
        assert (held.act, held.discipline, held.field) == (
            Act.PERFORM,
            Discipline.VERIFICATION,
            None,
        )


def test_days_in_the_wrong_order_come_back(lan, signed_in):
    said = {
        "user_id": str(lan.id),
        "act": "perform",
        "discipline": "verification",
        "basis": "Thẻ KĐV 0123",
        "valid_from": "2026-01-01",
        "valid_to": "2025-12-31",
    }

    page = signed_in(Role.ADMIN).post("/admin/competences/new", data=said)

    assert page.status_code == 422
    assert 'id="e-valid_to"' in page.text


def test_a_machines_key_is_shown_once_and_kept_nowhere(lan, signed_in, client):
    browser = signed_in(Role.ADMIN)
    address = f"/admin/people/{lan.id}/token"
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={"label": ""}).status_code == 422

    page = browser.post(address, data={"label": "máy quét", "_key": "1"})

    (key,) = re.findall(r'value="(lims_[\w-]+)"', page.text)
    asked = client.get("/api/v1/equipment", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 200
    assert key not in browser.get(f"/admin/people/{lan.id}").text
    with reading() as session:
        assert session.scalars(select(Answer)).all() == []
        assert key not in session.scalars(select(Token.sha256)).one()


def test_a_revoked_key_works_no_more(lan, signed_in, client):
    with transaction() as session:
        key = service.make_token(session, lan.id, label="máy quét", by="admin")
        token = session.scalars(select(Token)).one()
    browser = signed_in(Role.ADMIN)
    assert "máy quét" in browser.get(f"/admin/people/{lan.id}").text

    browser.post(f"/admin/tokens/{token.id}/revoke", data={"_key": "1"})

    asked = client.get("/api/v1/equipment", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 401


def test_only_the_administrator_looks_after_people(lan, signed_in):
    browser = signed_in(Role.QUALITY, Role.DIRECTOR)

    assert browser.get("/admin/people").status_code == 200
    assert browser.get("/admin").status_code == 403
    assert browser.get(f"/admin/people/{lan.id}").status_code == 403
    assert browser.post(f"/admin/people/{lan.id}/token", data={"label": "x"}).status_code == 403
