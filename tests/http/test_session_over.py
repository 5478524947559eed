"""U10: typing lost. The session ends while somebody types; the typing survives and is sent once."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lims.identity.models import User
from lims.kernel.db import reading, transaction
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, Role
from tests import factories
from tests.house.test_access import address
from tests.http.forms import changed, form_of

PASSWORD = "mật khẩu thử"
NEW = "/reception/orders/new"


@pytest.fixture
def lan(signed_in):
    return signed_in(Role.RECEPTION, login="lan")


@pytest.fixture
def order():
    """What a page with forty serials sends."""
    with transaction() as session:
        requester = factories.customer(session)
        what = factories.service(session, Discipline.VERIFICATION)
    return {
        "requester_id_text": requester.name,
        "place": "site",
        "certificate_mode": "list",
        "blocks.0.service_id_text": what.name_vi,
        "blocks.0.serials": "\n".join(f"A{number:03}" for number in range(40)),
        "area": "",
    }


def end(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie.clear()


def sign_in_form(page: TestResponse) -> MultiDict[str, str]:
    (form,) = html.fromstring(page.text).xpath("//form[@action='/login']")
    return MultiDict(form.form_values())


def sign_in(client: FlaskClient, page: TestResponse, name: str, password: str) -> TestResponse:
    said = sign_in_form(page)
    said["name"], said["password"] = name, password
    return client.post("/login", data=said)


def button_of(page: TestResponse) -> tuple[str, MultiDict[str, str]]:
    """Return where the one button of the page sends what."""
    (form,) = html.fromstring(page.text).xpath("//main//form[@method='post'][@action]")
    return form.get("action"), MultiDict(form.form_values())


def counted() -> tuple[int, int]:
    with reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(model)) for model in (Order, Item)
        )


def test_typing_lost(lan, order):
    typed = changed(lan.get(NEW), order)
    end(lan)

    asked = lan.post(NEW, data=typed)
    wrong = sign_in(lan, asked, "lan", "đoán mò")
    again = sign_in(lan, wrong, "lan", PASSWORD)
    path, carried = button_of(again)
    shown = lan.post(path, data=carried)

    assert (asked.status_code, wrong.status_code, again.status_code) == (401, 422, 200)
    assert counted() == (0, 0)
    assert form_of(shown)["blocks.0.serials"].split() == order["blocks.0.serials"].split()
    sent = form_of(shown)
    assert [lan.post(path, data=sent).status_code for _ in "12"] == [303, 303]
    assert counted() == (1, 40)


def test_what_one_person_typed_is_not_shown_to_another(lan, signed_in, order):
    signed_in(Role.RECEPTION, login="hoa")
    typed = changed(lan.get(NEW), order)
    end(lan)

    other = sign_in(lan, lan.post(NEW, data=typed), "hoa", PASSWORD)

    assert (other.status_code, other.location) == (303, "/")


def test_a_button_without_a_page_is_pressed_again(signed_in):
    admin = signed_in(Role.ADMIN, login="quantri")
    with reading() as session:
        person = session.scalar(select(User.id).where(User.login == "quantri"))
    end(admin)

    asked = admin.post("/catalogue/load", data={"_by": str(person), "_key": "1"})
    where, carried = button_of(sign_in(admin, asked, "quantri", PASSWORD))

    assert (where, "_again" in carried) == ("/catalogue/load", False)
    assert admin.post(where, data=carried).status_code == 303


def test_too_much_is_not_carried_through_the_sign_in(lan):
    end(lan)

    answer = lan.post(NEW, data={"_by": "x", "blocks.0.serials": "A" * 1_000_001})

    assert (answer.status_code, answer.location) == (302, "/login?next=/")


def test_every_page_that_posts_keeps_the_typing_of_an_ended_session(app, client):
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not rule.rule.startswith(("/api/", "/login", "/language"))
    ]
    typed = {"_by": str(uuid4()), "blocks.0.serials": "A1\nA2", "note": 'Sạp "7" <b>'}

    for rule in rules:
        page = client.post(address(rule.rule), data=typed)

        boxes = sign_in_form(page).items()
        kept = {name: value for name, value in boxes if name.startswith("_kept.")}
        assert kept == {f"_kept.{name}": value for name, value in typed.items()}, rule.rule
