"""The way in and out, what comes from elsewhere, and what is said when something breaks."""

import hashlib
import json
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lims.identity import service as identity
from lims.identity.commands import AddUser
from lims.identity.models import Throttle, User
from lims.kernel import db
from lims.kernel.db import reading, transaction
from lims.kernel.idempotency import Answer
from lims.reception.models import Order
from lims.vocabulary import Role
from tests import factories

PASSWORD = "đi chợ sớm mai"
REASON = {"reason": "Khách đổi ý"}
WALK_IN = {"customer_id_text": "Danh Sóc Khen", "serial": "AK-2209"}


@pytest.fixture
def lan(database):
    with transaction() as session:
        return identity.add_user(
            session,
            AddUser(login="lan", full_name="Lê Thị Lan", password=PASSWORD, roles=[Role.RECEPTION]),
            by="admin",
        )


def sign_in(client, *, name="lan", password=PASSWORD, **said):
    return client.post("/login", data={"name": name, "password": password, **said})


def test_a_person_signs_in_where_they_wanted_to_go_and_out_again(lan, client):
    asked = client.get("/reception?q=can")
    assert asked.location == "/login?next=/reception?q%3Dcan"
    assert 'value="/reception?q=can"' in client.get(asked.location).text

    answer = sign_in(client, next="/reception?q=can")

    assert (answer.status_code, answer.location) == (303, "/reception?q=can")
    assert "Lê Thị Lan" in client.get("/").text
    assert client.get("/login").location == "/"
    assert client.post("/logout").location == "/login"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", "x", "//[x"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(lan, client, elsewhere):
    assert sign_in(client, next=elsewhere).location == "/"


@pytest.mark.parametrize("wrong", [{"password": "di cho som mai"}, {"name": "nobody"}])
def test_a_wrong_login_or_password_comes_back_and_does_not_say_which(lan, client, wrong):
    answer = sign_in(client, **wrong)

    assert answer.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.text
    assert client.get("/").status_code == 302
    with reading() as session:
        assert {one.failures for one in session.scalars(select(Throttle))} == {1}


def test_who_got_it_right_at_last_starts_with_a_clean_sheet(lan, client):
    for _ in range(identity.ATTEMPTS - 1):
        sign_in(client, password="x")
    assert sign_in(client).status_code == 303
    for _ in range(identity.ATTEMPTS - 1):
        sign_in(client, password="x")

    assert sign_in(client).status_code == 303


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(lan, client):
    for _ in range(identity.ATTEMPTS):
        sign_in(client, password="x")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert "năm phút" in answer.text


def test_another_password_ends_the_sessions_begun_with_the_old_one(lan, client):
    sign_in(client)
    assert client.get("/").status_code == 200

    with transaction() as session:
        identity.set_password(session, lan.id, password="một mật khẩu khác", by="admin")

    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("says", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_a_post_from_a_page_of_another_site_is_refused(lan, client, says, status):
    sign_in(client)

    answer = client.post("/logout", headers=says)

    assert answer.status_code == status
    assert client.get("/").status_code == (302 if status == 303 else 200)


@pytest.mark.parametrize("key", ["\0", "khóa", "k" * 201])
def test_a_key_that_no_page_of_ours_gives_is_refused(lan, client, key):
    sign_in(client)

    answer = client.post("/reception/walk-in", data=WALK_IN | {"_key": key})

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


def test_nobody_can_try_passwords_on_what_is_kept_of_a_request(client, signed_in, lan):
    path, form = f"/admin/people/{lan.id}/password", {"_key": "1", "password": "một mật khẩu khác"}
    assert signed_in(Role.ADMIN).post(path, data=form).status_code == 303

    with reading() as session:
        kept = session.scalars(select(Answer.body)).one()
    sent = json.dumps(sorted(form.items())).encode()
    assert kept != hashlib.sha256(f"{path}?".encode() + sent).hexdigest()


def test_the_language_is_chosen_in_the_browser(lan, client):
    sign_in(client)
    assert "Đăng xuất" in client.get("/").text

    client.post("/language", data={"locale": "en", "next": "/"})
    english = client.get("/").text
    client.post("/language", data={"locale": "xx"})

    assert "Sign out" in english
    assert client.get("/").text.count("Sign out") == english.count("Sign out")


def test_a_browser_is_told_to_keep_to_https_where_the_centre_has_it(app, client):
    assert "Strict-Transport-Security" not in client.get("/login").headers

    app.config["SESSION_COOKIE_SECURE"] = True

    assert "max-age" in client.get("/login").headers["Strict-Transport-Security"]


def test_what_the_database_refused_is_said_to_be_a_collision(app):
    with app.test_request_context("/"):
        page, status = app.handle_user_exception(IntegrityError("INSERT", {}, ValueError()))

    assert status == 409
    assert "vừa thao tác trước" in page


def test_a_database_that_is_away_is_said_to_be_busy_and_nothing_is_saved(app, signed_in, tmp_path):
    browser = signed_in(Role.RECEPTION)
    bound = db.engine()
    (tmp_path / "a folder").mkdir()
    away = f"sqlite:///{tmp_path / 'a folder'}"  # a folder is no database

    db.use(db.make_engine(away))
    page = browser.get("/")
    db.use(bound)

    assert page.status_code == 503
    assert "chưa lưu gì" in page.text.lower()


def test_an_error_of_ours_is_owned_up_to(app, caplog):
    with app.test_request_context("/api/v1/orders"):
        body, status, headers = app.handle_user_exception(ValueError("a secret of the inside"))

    assert (status, headers["Content-Type"]) == (500, "application/problem+json")
    assert "a secret of the inside" not in str(body)
    assert "a secret of the inside" in caplog.text


@pytest.fixture
def order(database):
    with transaction() as session:
        item = factories.item(session)
        return session.get_one(Order, item.order_id)


def test_a_form_sent_twice_is_done_once(order, signed_in):
    browser = signed_in(Role.RECEPTION)
    address, key = f"/reception/orders/{order.id}/cancel", str(uuid4())

    first = browser.post(address, data={"_key": key, **REASON})
    again = browser.post(address, data={"_key": key, **REASON})
    other = browser.post(address, data={"_key": key, "reason": "Một lý do khác"})
    shown = browser.get(other.location)

    assert {answer.status_code for answer in (first, again, other)} == {303}
    assert first.location == again.location == other.location
    assert "đã được lưu" in shown.text
    assert browser.post(address, data={"_key": "x" * 201, **REASON}).status_code == 422


def test_a_key_is_asked_of_a_machine_for_every_post(database, app):
    with transaction() as session:
        who = factories.user(session, Role.TECHNICIAN, login="may")
        token = identity.make_token(session, who.id, label="test", by="admin")
    headers = {"Authorization": f"Bearer {token}"}

    answer = app.test_client().post(
        "/api/v1/results/submit", json={"ids": [str(uuid4())]}, headers=headers
    )

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency-key-missing")


def test_a_machine_with_an_unknown_key_is_asked_to_sign_in(client):
    answer = client.get("/api/v1/orders", headers={"Authorization": "Bearer nothing"})

    assert answer.status_code == 401
    with reading() as session:
        assert session.scalars(select(User)).all() == []
