"""The bench in the browser and over the API: few actions, nothing typed twice, nothing lost."""

import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lims.bench import queries, service
from lims.bench.models import Result
from lims.catalogue.models import TestParameter as Parameter
from lims.identity.models import Token
from lims.identity.service import _sha256
from lims.kernel import clock, db
from lims.marks import service as marks
from lims.reception.models import Item
from lims.vocabulary import Discipline, ItemState, Outcome, ResultState, Role
from tests import factories
from tests.http.forms import changed, form_of

TODAY = factories.TODAY.isoformat()


@dataclass
class Centre:
    """An order at the bench, seen from outside."""

    order: UUID
    service: UUID
    method: UUID
    standard: UUID
    items: list[UUID]
    serials: list[str]

    @property
    def sheet(self) -> str:
        return f"/bench/orders/{self.order}?service={self.service}"

    def form(self, **said: object) -> dict[str, object]:
        usual = {
            "_key": factories.key(),
            "_revision": queries.drafts_revision(self.drafts()),
            "method_id": self.method,
            "standards": self.standard,
            "performed_on": TODAY,
            "place": "site",
            "environment.temperature": "27,5",
            "act": "submit",
            **{f"outcome.{item}": "pass" for item in self.items},
        }
        return {**usual, **said}

    def drafts(self) -> list[Result]:
        return [result for result in self.results() if result.state is ResultState.DRAFT]

    def results(self) -> list[Result]:
        with db.reading() as session:
            query = select(Result).join(Item).where(Item.order_id == self.order)
            return list(session.scalars(query.order_by(Item.line)))


def make(discipline: Discipline = Discipline.VERIFICATION, count: int = 3) -> Centre:
    with db.transaction() as session:
        who = factories.technician(session)
        factories.checker(session)
        factories.signatory(session)
        what = factories.service(session, discipline)
        order = factories.order(session)
        items = [factories.item(session, order, what) for _ in range(count)]
        if marks.book_of(session, who.id, Discipline.VERIFICATION) is None:
            factories.book(session, who, series="26V")
        if discipline is Discipline.TESTING:
            session.add(parameter(what.id))
        standard = factories.standard(session)
        return Centre(
            order.id,
            what.id,
            what.method_id,
            standard.id,
            [item.id for item in items],
            [item.serial for item in items],
        )


def parameter(service_id: UUID) -> Parameter:
    return Parameter(
        service_id=service_id,
        code="pb",
        name_vi="Chì",
        name_en="lead",
        unit="mg/kg",
        method="AOAC 999.10",
        maximum=Decimal("0.05"),
    )


@pytest.fixture
def centre(app) -> Centre:
    return make()


@pytest.fixture
def technician(signed_in) -> FlaskClient:
    return signed_in(Role.TECHNICIAN, login="kiemdinh")


@pytest.fixture
def checker(signed_in) -> FlaskClient:
    return signed_in(Role.CHECKER, login="soatlai")


def said(answer) -> str:
    assert answer.status_code < 500
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def test_the_home_page_leads_to_the_sheet_and_the_sheet_is_filled_in(centre, technician):
    home = said(technician.get("/"))
    page = said(technician.get(centre.sheet))

    assert f"/bench/orders/{centre.order}" in home
    assert f'<option value="{centre.method}" selected' in page
    assert re.search(rf'value="{centre.standard}"\s+checked', page)
    assert 'name="sticker" type="text" value="1"' in page
    assert f'data-serial="{centre.serials[0]}"' in page
    assert TODAY in page


def test_a_standards_page_tells_what_it_was_used_for(centre, technician, signed_in):
    unused = said(technician.get(f"/equipment/{centre.standard}"))
    technician.post(centre.sheet, data=centre.form())

    page = said(signed_in(Role.QUALITY).get(f"/equipment/{centre.standard}"))

    assert f"/reception/orders/{centre.order}" not in unused
    assert f"/reception/orders/{centre.order}" in page
    assert "03/03/2026" in page


def test_the_conditions_of_today_and_the_standards_used_last_are_proposed(centre, technician):
    other = make()
    technician.post(centre.sheet, data=centre.form())

    page = said(technician.get(other.sheet))

    assert 'value="27.5"' in page
    assert re.search(rf'value="{centre.standard}"\s+checked', page)
    assert page.count(" checked") == 1
    with db.transaction() as session:
        session.get_one(Item, other.items[0]).service_id = centre.service
    page = said(technician.get(f"/bench/orders/{other.order}?service={centre.service}"))
    assert page.count(" checked") == 1


def test_without_a_history_no_standard_is_ticked_among_several(centre, technician):
    with db.transaction() as session:
        factories.standard(session)

    assert " checked" not in said(technician.get(centre.sheet))


def test_the_method_of_the_service_comes_first_if_it_is_in_force(centre, technician):
    with db.transaction() as session:
        what = session.get_one(factories.Service, centre.service)
        own = factories.method(session, type_id=what.type_id)
    assert f'<option value="{centre.method}" selected' in said(technician.get(centre.sheet))

    with db.transaction() as session:
        session.get_one(factories.Method, centre.method).valid_to = factories.LONG_AGO
    page = said(technician.get(centre.sheet))

    assert str(centre.method) not in page
    assert f'<option value="{own.id}" selected' in page


def test_a_service_without_any_method_lets_the_technician_know(centre, technician):
    with db.transaction() as session:
        session.get_one(factories.Service, centre.service).method_id = None
        session.get_one(factories.Method, centre.method).valid_to = factories.LONG_AGO

    page = technician.get(centre.sheet)
    answer = technician.post(centre.sheet, data=centre.form(method_id=""))

    assert page.status_code == 200
    assert answer.status_code == 422


def test_two_services_of_an_order_stand_on_a_page_each(centre, technician):
    with db.transaction() as session:
        order = session.get_one(factories.Order, centre.order)
        second = factories.item(session, order)

    page = said(technician.get(f"/bench/orders/{centre.order}?service={second.service_id}"))

    assert second.serial in page
    assert f'data-serial="{centre.serials[0]}"' not in page
    assert f"service={centre.service}" in page


def test_a_card_for_one_field_shows_the_work_of_that_field(centre, signed_in):
    shown = []
    for measured in (factories.Field.PRESSURE, factories.Field.MASS):
        with db.transaction() as session:
            who = factories.user(session, Role.TECHNICIAN, login=f"the-{measured}")
            factories.competence(
                session, who, factories.Act.PERFORM, Discipline.VERIFICATION, field=measured
            )
        page = said(signed_in(Role.TECHNICIAN, login=f"the-{measured}").get("/bench"))
        shown.append(str(centre.order) in page)

    assert shown == [False, True]


def test_all_pass_except_one_and_submitted_in_one_act(centre, technician):
    failing = centre.items[1]
    form = centre.form(
        **{f"outcome.{failing}": "fail", f"reason.{failing}": "Sai số vượt", "sticker": "5"}
    )

    answer = technician.post(centre.sheet, data=form)

    assert (answer.status_code, answer.location) == (303, "/bench")
    results = centre.results()
    assert [one.outcome for one in results] == ["pass", "fail", "pass"]
    assert {one.state for one in results} == {ResultState.SUBMITTED}
    shown = said(technician.get(f"/bench/results/{results[0].id}"))
    assert "26V-00005" in shown


def test_a_fail_without_a_reason_comes_back_with_everything_typed(centre, technician):
    failing = centre.items[1]
    form = centre.form(**{f"outcome.{failing}": "fail", f"reason.{centre.items[0]}": "gõ dở"})

    answer = technician.post(centre.sheet, data=form)

    page = said(answer)
    assert answer.status_code == 422
    assert f'id="e-reason-{failing}"' in page
    assert "gõ dở" in page
    assert centre.results() == []


def test_a_sheet_open_in_two_tabs_is_not_overwritten_unseen(technician):
    centre = make()
    tabs = [technician.get(centre.sheet) for _ in "12"]
    reason = f"reason.{centre.items[0]}"
    fail = {f"outcome.{centre.items[0]}": "fail", reason: "Nứt mặt", "act": "save"}
    assert technician.post(centre.sheet, data=changed(tabs[0], fail)).status_code == 303

    other = {f"outcome.{centre.items[1]}": "fail", f"reason.{centre.items[1]}": "Bụi"}
    late = changed(tabs[1], other | {"act": "save"})
    conflict = technician.post(centre.sheet, data=late)

    assert conflict.status_code == 409
    assert form_of(conflict)[reason] == "Nứt mặt"
    again = changed(conflict, {"act": "save"})
    assert technician.post(centre.sheet, data=again).status_code == 303
    assert [result.reason for result in centre.results()] == ["Nứt mặt", "Bụi", ""]


@pytest.mark.parametrize(
    ("discipline", "page", "box"),
    [
        (Discipline.CALIBRATION, "calibration", "points.0.nominal"),
        (Discipline.TESTING, "testing", "values.pb"),
    ],
)
def test_a_measurement_open_in_two_tabs_is_not_overwritten_unseen(
    technician, discipline, page, box
):
    centre = make(discipline, 1)
    path = f"/bench/items/{centre.items[0]}/{page}"
    tabs = [technician.get(path) for _ in "12"]
    readings = {"act": "save", "reason": "Chờ", "outcome": "not_performed"}
    assert technician.post(path, data=changed(tabs[0], readings)).status_code == 303

    conflict = technician.post(path, data=changed(tabs[1], {box: "1", "act": "save"}))

    assert conflict.status_code == 409
    assert form_of(conflict).to_dict().items() >= {box: "1", "reason": "Chờ"}.items()


def test_what_is_not_done_yet_goes_on_waiting(centre, technician):
    later = centre.items[2]

    technician.post(centre.sheet, data=centre.form(**{f"outcome.{later}": "", "act": "save"}))

    assert [one.state for one in centre.results()] == [ResultState.DRAFT] * 2
    page = said(technician.get(centre.sheet))
    assert page.count('<tr id="item-') == 3


def test_a_sheet_without_any_outcome_is_refused(centre, technician):
    form = centre.form(**{f"outcome.{item}": "" for item in centre.items})

    assert technician.post(centre.sheet, data=form).status_code == 422


def test_what_is_sent_back_stands_first_with_its_reason(centre, technician, checker):
    technician.post(centre.sheet, data=centre.form())
    sent = centre.results()[2]

    answer = checker.post(
        f"/bench/results/{sent.id}/send-back",
        data={"_key": factories.key(), "reason": "Sai số hiệu"},
    )

    assert answer.location == "/review"
    assert "Sai số hiệu" in said(technician.get("/"))
    assert "Sai số hiệu" in said(technician.get("/bench"))
    page = said(technician.get(centre.sheet))
    assert page.count('<tr id="item-') == 1
    assert "Sai số hiệu" in page


def test_a_reason_is_asked_for_until_it_is_given(centre, technician, checker):
    technician.post(centre.sheet, data=centre.form())
    address = f"/bench/results/{centre.results()[0].id}/send-back"

    assert checker.get(address).status_code == 200
    assert checker.post(address, data={"_key": factories.key(), "reason": " "}).status_code == 422


def test_a_scanned_label_leads_to_its_sheet(centre, technician):
    found = technician.get(f"/bench?scan={centre.serials[1].lower()}")
    lost = technician.get("/bench?scan=khong-co")

    assert found.location == f"{centre.sheet}#item-{centre.items[1]}"
    assert "khong-co" in said(lost)


def test_the_worklist_is_filtered_and_shows_only_what_one_may_do(centre, technician, signed_in):
    stranger = signed_in(Role.TECHNICIAN)
    reader = signed_in(Role.QUALITY)

    assert str(centre.order) in said(technician.get("/bench?discipline=verification&field=mass"))
    assert str(centre.order) not in said(technician.get("/bench?discipline=testing"))
    assert str(centre.order) not in said(technician.get("/bench?field=length"))
    assert str(centre.order) not in said(stranger.get("/bench"))
    assert str(centre.order) in said(reader.get("/bench"))


def test_the_worklist_goes_on_where_a_page_ends(centre, technician):
    with db.transaction() as session:
        for _ in range(50):
            factories.item(session)

    first = said(technician.get("/bench"))
    following = re.search(r'href="([^"]+)" ?>?[^>]*rel="next"|rel="next" href="([^"]+)"', first)
    address = (following[1] or following[2]).replace("&amp;", "&")

    assert first.count("/bench/orders/") == 50
    assert said(technician.get(address)).count("/bench/orders/") == 1
    assert technician.get("/bench?after=không").status_code == 200


def test_a_checker_approves_all_that_is_ticked_in_one_act(centre, technician, checker):
    failing = centre.items[0]
    fails = {f"outcome.{failing}": "fail", f"reason.{failing}": "Gãy kim"}
    technician.post(centre.sheet, data=centre.form(**fails))
    assert "/review" in said(checker.get("/"))

    page = said(checker.get("/review"))
    ticked = re.findall(r'name="ids" value="([^"]+)"[^>]*checked', page)
    offered = re.findall(r'name="ids" value="([^"]+)"', page)
    answer = checker.post("/review", data={"_key": factories.key(), "ids": offered})

    assert (len(ticked), len(offered)) == (2, 3)
    assert page.index("Gãy kim") < page.index(centre.serials[1])
    assert answer.location == "/review"
    assert {one.state for one in centre.results()} == {ResultState.CHECKED}
    assert 'name="ids"' not in said(checker.get("/review"))


def test_own_work_is_shown_but_cannot_be_ticked(centre, signed_in):
    with db.transaction() as session:
        who = factories.checker(session, "haivai")
        factories.able(session, Role.TECHNICIAN, factories.Act.PERFORM, "haivai")
        who.role_list = ["checker", "technician"]
    both = signed_in(Role.CHECKER, Role.TECHNICIAN, login="haivai")
    both.post(centre.sheet, data=centre.form())

    page = said(both.get("/review"))
    refused = both.post(
        "/review", data={"_key": factories.key(), "ids": [str(centre.results()[0].id)]}
    )

    assert page.count(" disabled") == 3
    assert 'name="ids"' not in page
    assert refused.status_code == 422
    assert {one.state for one in centre.results()} == {ResultState.SUBMITTED}


def test_approving_nothing_is_refused_on_the_page(centre, technician, checker):
    technician.post(centre.sheet, data=centre.form())

    answer = checker.post("/review", data={"_key": factories.key()})

    assert answer.status_code == 422
    assert centre.serials[0] in said(answer)


def balance(centre: Centre, **more: str) -> dict[str, object]:
    form = {
        "_key": factories.key(),
        "_revision": queries.drafts_revision(centre.drafts()),
        "method_id": centre.method,
        "standards": centre.standard,
        "performed_on": TODAY,
        "place": "laboratory",
        "unit": "g",
        "resolution": "0,1",
        "repeatability": "1000,0 1000,1 1000,0",
        "eccentricity": "0,1",
        "eccentricity_load": "500",
    }
    for row, load in enumerate(("100", "250", "500", "750", "1000")):
        form |= {
            f"points.{row}.nominal": load,
            f"points.{row}.standard_U": "0,005",
            f"points.{row}.standard_k": "2",
            f"points.{row}.readings": f"{load},0  {load},1",
        }
    return {**form, **more}


def test_a_balance_is_calibrated_at_five_loads_and_every_step_is_shown(technician):
    centre = make(Discipline.CALIBRATION, 1)
    page = f"/bench/items/{centre.items[0]}/calibration"
    assert technician.get(page).status_code == 200

    answer = technician.post(page, data=balance(centre, act="save"))

    shown = said(technician.get(answer.location))
    assert shown.count("<details") >= 5
    assert "500,05" in shown
    assert "0,05" in shown
    (kept,) = centre.results()
    assert (kept.state, kept.outcome) == (ResultState.DRAFT, Outcome.MEASURED)
    assert 'value="0,1"' in said(technician.get(page))
    sent = technician.post(f"{answer.location}/submit", data={"_key": factories.key()})
    assert sent.location == "/bench"
    assert centre.results()[0].state is ResultState.SUBMITTED


def test_a_slip_in_a_reading_keeps_what_was_typed(technician):
    centre = make(Discipline.CALIBRATION, 1)
    page = f"/bench/items/{centre.items[0]}/calibration"

    answer = technician.post(page, data=balance(centre, **{"points.3.readings": "bảy trăm"}))

    assert answer.status_code == 422
    shown = said(answer)
    assert 'id="e-points-3-readings"' in shown
    assert "bảy trăm" in shown
    assert "1000,0 1000,1 1000,0" in shown


def test_a_balance_that_cannot_be_calibrated_says_why(technician):
    centre = make(Discipline.CALIBRATION, 2)
    first, second = (f"/bench/items/{item}/calibration" for item in centre.items)

    refused = technician.post(first, data=balance(centre, outcome="not_performed"))
    kept = technician.post(
        second, data=balance(centre, outcome="not_performed", reason="Hỏng", act="submit")
    )

    assert 'id="e-reason"' in said(refused)
    assert kept.status_code == 303
    (result,) = centre.results()
    assert (result.outcome, result.state) == (Outcome.NOT_PERFORMED, ResultState.SUBMITTED)


def test_a_sample_is_tested_and_the_limit_is_held_against_it(technician, checker):
    centre = make(Discipline.TESTING, 1)
    page = f"/bench/items/{centre.items[0]}/testing"
    shown = said(technician.get(page))
    form = {key: value for key, value in centre.form().items() if not key.startswith("outcome.")}

    answer = technician.post(page, data={**form, "values.pb": "0,07"})

    assert "≤ 0,05" in shown
    assert answer.status_code == 303
    assert "0,07" in said(technician.get(answer.location))
    review = said(checker.get("/review"))
    assert review.count('name="ids"') == 1
    assert not re.search(r'name="ids"[^>]*checked', review)


def test_a_calibration_that_is_sent_back_leads_to_its_own_page(technician, checker):
    centre = make(Discipline.CALIBRATION, 1)
    page = f"/bench/items/{centre.items[0]}/calibration"
    technician.post(page, data=balance(centre, act="submit"))
    address = f"/bench/results/{centre.results()[0].id}/send-back"

    checker.post(address, data={"_key": factories.key(), "reason": "Đọc lại mức 500"})

    assert f"/bench/items/{centre.items[0]}" in said(technician.get("/"))
    assert "Đọc lại mức 500" in said(technician.get(page))


def test_a_sample_without_values_is_refused_on_its_page(technician):
    centre = make(Discipline.TESTING, 1)
    form = {key: value for key, value in centre.form().items() if not key.startswith("outcome.")}

    answer = technician.post(f"/bench/items/{centre.items[0]}/testing", data=form)

    assert answer.status_code == 422


def test_each_item_has_its_page_at_the_bench(centre, technician):
    measured = make(Discipline.CALIBRATION, 1)
    sample = make(Discipline.TESTING, 1)

    leads = [
        technician.get(f"/bench/items/{one.items[0]}").location
        for one in (centre, measured, sample)
    ]

    assert leads == [
        f"{centre.sheet}#item-{centre.items[0]}",
        f"/bench/items/{measured.items[0]}/calibration",
        f"/bench/items/{sample.items[0]}/testing",
    ]
    assert technician.get(f"/bench/items/{centre.items[0]}/testing").status_code == 302
    assert technician.get(measured.sheet).status_code == 200


def test_an_order_without_work_says_what_to_do(centre, technician):
    technician.post(centre.sheet, data=centre.form())

    page = said(technician.get(centre.sheet))

    assert "/bench" in page
    assert "<tr" not in page
    item = technician.get(f"/bench/items/{centre.items[0]}")
    assert item.location == f"/reception/items/{centre.items[0]}"


def authorised(centre: Centre, technician: FlaskClient) -> list[Result]:
    technician.post(centre.sheet, data=centre.form(sticker="1"))
    ids = [one.id for one in centre.results()]
    with db.transaction() as session:
        service.check(session, ids, by="soatlai")
        service.authorise(session, ids, by="giamdoc")
    return centre.results()


def test_a_result_tells_its_story_on_the_page_of_its_item(centre, technician):
    result = authorised(centre, technician)[0]

    page = said(technician.get(f"/reception/items/{centre.items[0]}"))
    waiting = said(technician.get(f"/reception/items/{make().items[0]}"))

    assert "/bench/results" not in waiting
    assert f"/bench/results/{result.id}" in page
    assert "BB26-00001" in page
    assert "26V-00001" in page


def test_an_authorised_result_is_withdrawn_with_a_reason(centre, technician, signed_in):
    quality = signed_in(Role.QUALITY)
    address = f"/bench/results/{authorised(centre, technician)[0].id}"
    reason = {"_key": factories.key(), "reason": "Chuẩn sai"}

    assert f"{address}/withdraw" in said(quality.get(address))
    assert technician.post(f"{address}/withdraw", data=reason).status_code == 403
    assert quality.get(f"{address}/withdraw").status_code == 200
    assert quality.post(f"{address}/withdraw", data=reason).location == address

    assert centre.results()[0].state is ResultState.WITHDRAWN
    with db.reading() as session:
        assert session.get_one(Item, centre.items[0]).state is ItemState.RECEIVED


def test_a_checker_may_approve_one_result_from_its_page(centre, technician, checker):
    technician.post(centre.sheet, data=centre.form())
    address = f"/bench/results/{centre.results()[0].id}"

    assert f"{address}/check" in said(checker.get(address))
    checker.post(f"{address}/check", data={"_key": factories.key()})

    assert centre.results()[0].state is ResultState.CHECKED


def test_a_signatory_who_sends_back_stays_with_the_result(centre, technician, signed_in):
    technician.post(centre.sheet, data=centre.form())
    address = f"/bench/results/{centre.results()[0].id}"
    signatory = signed_in(Role.SIGNATORY, login="giamdoc")

    answer = signatory.post(
        f"{address}/send-back", data={"_key": factories.key(), "reason": "Xem lại"}
    )

    assert answer.location == address


def test_everything_is_said_in_english_too(centre, technician, checker):
    technician.post(centre.sheet, data=centre.form(act="save"))
    for client in (technician, checker):
        client.set_cookie("lang", "en")

    assert "Save and submit" in said(technician.get(centre.sheet))
    assert "Waiting at the bench" in said(technician.get("/"))
    assert "Nothing waits for a check" in said(checker.get("/review"))


@dataclass
class Machine:
    """A client of the API in somebody's name."""

    client: FlaskClient
    key: str

    def send(self, path: str, body: object):
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": factories.key()}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def read(self, path: str):
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.get(f"/api/v1{path}", headers=headers)


@pytest.fixture
def machine(client):
    def of(login: str) -> Machine:
        key = f"lims_{login}"
        with db.transaction() as session:
            who = factories.user(session, login=login)
            session.add(
                Token(user_id=who.id, label="thử", sha256=_sha256(key), made_at=clock.now())
            )
        return Machine(client, key)

    return of


def rows(centre: Centre, **more: object) -> list[dict[str, object]]:
    with db.reading() as session:
        standard = session.get_one(factories.Standard, centre.standard).code
        method = session.get_one(factories.Method, centre.method).cited
    usual = {
        "method": method,
        "standards": [standard],
        "environment": {"temperature": "27.50"},
        "performed_on": TODAY,
        "outcome": "pass",
    }
    return [{"item_id": str(item), **usual, **more} for item in centre.items]


def test_a_machine_takes_results_from_the_bench_to_the_signature(centre, machine):
    lan, minh, hai = machine("kiemdinh"), machine("soatlai"), machine("giamdoc")
    batch = rows(centre)
    batch[1] |= {"outcome": "fail", "reason": "Gãy kim"}

    recorded = lan.send("/results", batch)
    assert recorded.status_code == 201, recorded.json
    made = recorded.json["items"]
    ids = [one["id"] for one in made]

    assert [one["item_id"] for one in made] == [str(item) for item in centre.items]
    assert len({one["sheet_id"] for one in made}) == 1
    assert lan.send("/results/submit", ids).status_code == 200
    assert minh.send("/results/check", {"ids": ids}).status_code == 200
    answer = hai.send("/results/authorise", ids)
    assert {one["state"] for one in answer.json["items"]} == {"authorised"}
    whole = lan.read(f"/results/{ids[0]}").json
    assert whole["environment"] == {"temperature": "27.50"}
    assert whole["minutes"] == "BB26-00001"
    assert whole["standards"][0]["certificate"] == "V01.CN5.0001.25"
    assert whole["sticker"] == "26V-00001"


def test_rows_that_differ_stand_on_sheets_of_their_own(centre, machine):
    batch = rows(centre)
    batch[2]["environment"] = {"temperature": "20"}

    made = machine("kiemdinh").send("/results", batch).json["items"]

    assert made[0]["sheet_id"] == made[1]["sheet_id"] != made[2]["sheet_id"]


def test_a_machine_gives_sticker_numbers_one_by_one(centre, machine):
    batch = rows(centre)
    for row, sticker in zip(batch, ("26V-00011", "12", "20"), strict=True):
        row["sticker"] = sticker
    lan = machine("kiemdinh")

    made = lan.send("/results", batch).json["items"]

    labels = [lan.read(f"/results/{one['id']}").json["sticker"] for one in made]
    assert labels == ["26V-00011", "26V-00012", "26V-00020"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"method": "ĐLVN 0"}, "/1/method"),
        ({"standards": ["không có"]}, "/1/standards"),
        ({"outcome": None}, "/1/outcome"),
        ({"outcome": "fail"}, "/1/reason"),
        ({"sticker": "tem"}, "/1/sticker"),
        ({"readings": {"chỉ thị": 1.5}}, "/1/readings"),
        ({"readings": {"chỉ thị": "\x00"}}, "/1/readings"),
        ({"readings": {"\ud800": "1,5"}}, "/1/readings"),
        ({"readings": {"kind": "testing"}}, "/1/readings"),
        ({"performed_on": "2026-03-04"}, "/1/performed_on"),
        ({"environment": {"humidity": "700"}}, "/1/environment/humidity"),
        ({"item_id": "không"}, "/1/item_id"),
    ],
)
def test_the_row_that_is_wrong_is_named(centre, machine, change, pointer):
    batch = rows(centre)
    batch[1] |= change
    if change == {"outcome": None}:
        del batch[1]["outcome"]

    answer = machine("kiemdinh").send("/results", batch)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    assert centre.results() == []


def test_lists_inside_lists_without_end_are_refused(centre, machine):
    lan = machine("kiemdinh")
    headers = {"Authorization": f"Bearer {lan.key}", "Content-Type": "application/json"}

    answer = lan.client.post("/api/v1/results", data="[" * 200_000, headers=headers)

    assert answer.status_code == 400
    assert centre.results() == []


def test_an_empty_batch_is_refused(machine, centre):
    assert machine("kiemdinh").send("/results", []).status_code == 422
    assert machine("kiemdinh2").send("/results", []).status_code in (401, 403)


def test_the_row_that_cannot_be_checked_is_named(centre, machine):
    lan, minh = machine("kiemdinh"), machine("soatlai")
    ids = [one["id"] for one in lan.send("/results", rows(centre)).json["items"]]
    lan.send("/results/submit", ids[:2])

    answer = minh.send("/results/check", ids)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == ["/ids/2"]


def test_a_machine_sends_a_calibration_and_a_test(machine, app):
    measured, sample = make(Discipline.CALIBRATION, 1), make(Discipline.TESTING, 2)
    lan = machine("kiemdinh")
    loads = {
        "unit": "g",
        "resolution": "0.1",
        "repeatability": ["1000", "1000.1"],
        "points": [{"nominal": "1000", "readings": ["1000.1"], "standard_U": "0.01"}],
    }

    batch = [
        *rows(measured, outcome=None, readings=loads),
        *rows(sample, outcome=None, readings={"pb": "0.04"}),
    ]
    for row in batch:
        del row["outcome"]
    answer = lan.send("/results", batch)

    assert answer.status_code == 201, answer.json
    calibration, test, _ = (lan.read(f"/results/{one['id']}").json for one in answer.json["items"])
    assert calibration["readings"]["points"][0]["budget"]["lines"]
    assert test["readings"]["values"][0]["meets"] == "yes"
    wrong = rows(measured, readings={**loads, "points": "x"})
    assert lan.send("/results", wrong).status_code == 422


def test_readings_of_a_verification_are_kept_as_they_were_read(centre, machine):
    lan = machine("kiemdinh")

    made = lan.send("/results", rows(centre, readings={"100 g": ["100", 101]})).json["items"]

    kept = lan.read(f"/results/{made[0]['id']}").json["readings"]
    assert kept == {"100 g": ["100", "101"]}


def test_a_machine_sends_back_and_withdraws_with_a_reason(centre, machine, technician):
    minh, hai = machine("soatlai"), machine("giamdoc")
    first, second, _ = authorised(centre, technician)

    answer = hai.send(f"/results/{first.id}/withdraw", {"reason": "Chuẩn sai"})
    refused = minh.send(f"/results/{second.id}/send-back", {"reason": "Xem lại"})

    assert answer.json["state"] == "withdrawn"
    assert refused.status_code == 409
    assert minh.send(f"/results/{second.id}/send-back", {}).status_code == 422
