"""U1: two people edit one thing; the second is told, keeps what they typed, and decides."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from lims.kernel.db import transaction
from lims.tallies import service as tallies
from lims.tallies.service import PLANNED
from lims.vocabulary import ContractState, Role
from tests import factories
from tests.http.forms import changed, form_of


class Edit(NamedTuple):
    """A page that edits, who may, and two of its boxes with something to type into each."""

    role: Role
    page: Callable[[Session], str]
    one: dict[str, str]
    other: dict[str, str]


def customer(session: Session) -> str:
    return f"/customers/{factories.customer(session).id}/edit"


def instrument(session: Session) -> str:
    kind = factories.instrument_type(session)
    known = factories.instrument(session, factories.customer(session), kind)
    return f"/instruments/{known.id}/edit"


def instrument_type(session: Session) -> str:
    return f"/catalogue/types/{factories.instrument_type(session).id}/edit"


def method(session: Session) -> str:
    return f"/catalogue/methods/{factories.method(session).id}/edit"


def service(session: Session) -> str:
    return f"/catalogue/services/{factories.service(session).id}/edit"


def standard(session: Session) -> str:
    return f"/equipment/{factories.standard(session).id}/edit"


def contract(session: Session) -> str:
    draft = factories.contract(session, number=None, state=ContractState.DRAFT)
    return f"/contracts/{draft.id}/edit"


def person(session: Session) -> str:
    return f"/admin/people/{factories.user(session, Role.RECEPTION).id}"


def sheet(session: Session) -> str:
    item = factories.item(session)
    return f"/bench/orders/{item.order_id}"


def plan(session: Session) -> str:
    tallies.set_plan(session, 2026, dict.fromkeys(PLANNED, 1), by="giamdoc")
    return "/tallies/plan/2026"


EDITS = {
    "customers.change": Edit(Role.RECEPTION, customer, {"address": "Chợ mới"}, {"phone": "0297 3"}),
    "instruments.change": Edit(
        Role.RECEPTION, instrument, {"user_name": "Bà Sáu"}, {"place_of_use": "Sạp 7"}
    ),
    "catalogue.change_type": Edit(
        Role.QUALITY, instrument_type, {"note": "Tiệm vàng"}, {"name_en": "Scale"}
    ),
    "catalogue.change_method": Edit(Role.QUALITY, method, {"title": "Cân"}, {"note": "Bản mới"}),
    "tariff.change": Edit(Role.ACCOUNTANT, service, {"name_vi": "Cân bàn"}, {"unit": "chiếc"}),
    "equipment.change": Edit(Role.QUALITY, standard, {"name": "Quả cân F1"}, {"accuracy": "F1"}),
    "contracts.rewrite": Edit(
        Role.RECEPTION, contract, {"subject": "Tư vấn"}, {"valid_to": "2026-12-31"}
    ),
    "identity.change": Edit(Role.ADMIN, person, {"full_name": "Lan"}, {"title": "Kỹ sư"}),
    "tallies.set_plan": Edit(
        Role.DIRECTOR,
        plan,
        {"instruments.verification": "7"},
        {"instruments.calibration": "8"},
    ),
}

IN_TWO_TABS = {"bench.record", "bench.record_calibration", "bench.record_test"}
"""A draft is its author's own: tried in tests/http/test_bench.py."""

ACTS = {
    "admin": ("retry", "set_value"),
    "autonomy": ("enter", "reverse"),
    "bench": ("check", "check_one", "send_back", "submit", "withdraw"),
    "billing": ("discard", "draft", "issue"),
    "cash": ("pay_invoice", "pay_order"),
    "catalogue": ("add_method", "add_type", "load", "set_cycle"),
    "certificates": ("send_back", "sign", "supersede", "withdraw"),
    "contracts": ("accept", "close", "draft", "sign"),
    "counter": ("receive_and_pay",),
    "customers": ("add",),
    "drafting": ("draft",),
    "equipment": ("add", "calibrate", "take_out"),
    "hand_over": ("hand_over",),
    "holidays": ("set_day",),
    "identity": (
        "add",
        "disable",
        "grant",
        "make_token",
        "revoke_token",
        "set_password",
        "sign_in",
        "sign_out",
    ),
    "indicators": ("count", "define"),
    "instruments": ("add",),
    "marks": ("hand_out",),
    "reception": ("cancel", "cancel_item", "receive"),
    "tariff": ("add", "set_price"),
    "web": ("language",),
}
"""Routes that make something, or do something to it that a form does not show filled in."""


@pytest.fixture
def two(signed_in, request):
    """The page of an edit, open at two people."""
    edit = request.param
    with transaction() as session:
        path = edit.page(session)
    first, second = signed_in(edit.role), signed_in(edit.role)
    return edit, path, (first, first.get(path)), (second, second.get(path))


@pytest.mark.parametrize("two", EDITS.values(), ids=EDITS, indirect=True)
def test_work_overwritten_unseen(two):
    edit, path, (first, seen_first), (second, seen_second) = two
    assert first.post(path, data=changed(seen_first, edit.one)).status_code == 303

    conflict = second.post(path, data=changed(seen_second, edit.other))

    assert conflict.status_code == 409
    assert form_of(conflict).to_dict().items() >= (edit.one | edit.other).items()
    (note,) = html.fromstring(conflict.text).xpath("//p[@class='meanwhile']")
    assert "it was" in note.text_content() or "trước đó" in note.text_content()
    assert second.post(path, data=form_of(conflict)).status_code == 303
    assert form_of(second.get(path)).to_dict().items() >= (edit.one | edit.other).items()


@pytest.mark.parametrize("two", EDITS.values(), ids=EDITS, indirect=True)
def test_what_both_typed_into_one_box_stands_side_by_side(two):
    edit, path, (first, seen_first), (second, seen_second) = two
    ((box, theirs),) = edit.one.items()
    mine = theirs + "1"
    first.post(path, data=changed(seen_first, edit.one))

    conflict = second.post(path, data=changed(seen_second, {box: mine}))

    assert (conflict.status_code, form_of(conflict)[box]) == (409, mine)
    (take,) = html.fromstring(conflict.text).xpath("//button[@data-take]")
    assert take.get("data-take") == theirs
    assert second.post(path, data=form_of(conflict)).status_code == 303
    assert form_of(second.get(path))[box] == mine


@pytest.mark.parametrize("two", [EDITS["customers.change"]], indirect=True)
def test_a_slip_does_not_make_an_old_page_new(two):
    edit, path, (first, seen_first), (second, seen_second) = two
    first.post(path, data=changed(seen_first, edit.one))

    slip = second.post(path, data=changed(seen_second, edit.other | {"name": ""}))
    mended = second.post(path, data=changed(slip, {"name": "Chợ"}))

    assert (slip.status_code, mended.status_code) == (422, 409)
    assert form_of(mended).to_dict().items() >= (edit.one | edit.other | {"name": "Chợ"}).items()


@pytest.mark.parametrize("two", EDITS.values(), ids=EDITS, indirect=True)
def test_who_saves_twice_the_same_is_not_asked(two):
    edit, path, (first, seen_first), _ = two
    form = changed(seen_first, edit.one)

    assert [first.post(path, data=form).status_code for _ in "12"] == [303, 303]


def posting(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }


def edits(app: Flask, endpoint: str) -> bool:
    return bool(getattr(app.view_functions[endpoint], "edits", False))


def test_every_page_that_edits_is_tried_by_two(app):
    editing = {endpoint for endpoint in posting(app) if edits(app, endpoint)}

    assert editing == set(EDITS) | IN_TWO_TABS
    acts = {f"{part}.{name}" for part, names in ACTS.items() for name in names}
    assert posting(app) - editing == acts


def test_every_route_of_the_api_that_edits_asks_for_the_state_it_was_made_for(app):
    patching = {rule.endpoint for rule in app.url_map.iter_rules() if "PATCH" in rule.methods}

    assert {endpoint for endpoint in patching if not edits(app, endpoint)} == set()
