"""A result goes one way, recorded to authorised; and every way back has a reason."""

import json
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from lims.bench.commands import BalanceReadings, Point
from lims.bench.models import Result, WorkSheet
from lims.bench.readings.calibration import balance_as_sent, evaluate_balance
from lims.bench.readings.testing import evaluate_test, limit_text
from lims.catalogue.models import TestParameter as Parameter
from lims.kernel.errors import Forbidden, RuleBroken, WrongState
from lims.reception.models import Item, Order
from lims.vocabulary import (
    CertificateMode,
    Discipline,
    Field,
    Funding,
    ItemState,
    Outcome,
    Place,
    ResultState,
)

TODAY = date(2026, 3, 3)
UNTIL = date(2028, 3, 31)


def item(state: ItemState = ItemState.RECORDED) -> Item:
    return Item(
        order_id=uuid4(),
        line=1,
        code="N26-00001-001",
        discipline=Discipline.VERIFICATION,
        service_id=uuid4(),
        field=Field.MASS,
        description="Cân đồng hồ lò xo",
        received_on=TODAY,
        state=state,
    )


def order() -> Order:
    return Order(
        number="N26-00001",
        requester_id=uuid4(),
        payer_id=uuid4(),
        funding=Funding.CUSTOMER,
        place=Place.SITE,
        certificate_mode=CertificateMode.LIST,
        received_on=TODAY,
        promised_on=TODAY,
        received_by="tiepnhan",
        item_count=1,
    )


def sheet(performed_on: date = TODAY) -> WorkSheet:
    return WorkSheet(
        order_id=uuid4(),
        discipline=Discipline.VERIFICATION,
        method_id=uuid4(),
        performed_on=performed_on,
        performed_by="kiemdinh",
        place=Place.SITE,
    )


def result(state: ResultState = ResultState.DRAFT, outcome: Outcome = Outcome.PASS) -> Result:
    signed = state in (ResultState.AUTHORISED, ResultState.WITHDRAWN)
    return Result(
        item_id=uuid4(),
        sheet_id=uuid4(),
        outcome=outcome,
        performed_by="kiemdinh",
        performed_on=TODAY,
        state=state,
        authorised_on=TODAY if signed else None,
    )


def test_a_draft_is_written_again_and_the_fact_says_what_stood_there():
    draft, other = result(), sheet(performed_on=date(2026, 3, 2))

    told = draft.change(
        item(), outcome=Outcome.FAIL, reason="Gãy kim", readings={}, sheet=other, on=TODAY
    )

    assert (told.before, told.outcome, told.reason) == (Outcome.PASS, Outcome.FAIL, "Gãy kim")
    assert (draft.sheet_id, draft.performed_on) == (other.id, date(2026, 3, 2))


def test_what_was_submitted_is_not_changed_any_more():
    submitted = result(ResultState.SUBMITTED)

    with pytest.raises(WrongState, match="cannot be changed"):
        submitted.change(
            item(), outcome=Outcome.FAIL, reason="x", readings={}, sheet=sheet(), on=TODAY
        )


def test_only_who_did_the_work_submits_it():
    draft, of = result(), item()

    with pytest.raises(Forbidden, match="recorded by kiemdinh"):
        draft.submit(of, by="soatlai", on=TODAY)

    draft.return_reason = "Đọc lại số hiệu"
    draft.submit(of, by="kiemdinh", on=TODAY)

    assert (draft.state, of.state) == (ResultState.SUBMITTED, ItemState.SUBMITTED)
    assert draft.return_reason == ""


def test_nobody_checks_their_own_work():
    submitted, of = result(ResultState.SUBMITTED), item(ItemState.SUBMITTED)

    with pytest.raises(Forbidden, match="Nobody checks their own work"):
        submitted.check(of, by="kiemdinh", on=TODAY)

    told = submitted.check(of, by="soatlai", on=TODAY)

    assert (told.checker, submitted.checked_by) == ("soatlai", "soatlai")
    assert of.state is ItemState.CHECKED


def test_nobody_authorises_their_own_work():
    checked = result(ResultState.CHECKED)

    with pytest.raises(Forbidden, match="another signatory"):
        checked.authorise(
            item(ItemState.CHECKED), order(), valid_until=None, by="kiemdinh", on=TODAY
        )


@pytest.mark.parametrize("state", [ResultState.SUBMITTED, ResultState.CHECKED])
def test_what_is_sent_back_is_its_authors_again_and_forgets_who_checked_it(state):
    sent, of = result(state), item(ItemState(state.value))
    sent.checked_by = "soatlai"

    sent.send_back(of, reason="Sai số hiệu", on=TODAY)

    assert (sent.state, of.state) == (ResultState.DRAFT, ItemState.RECORDED)
    assert (sent.checked_by, sent.return_reason, sent.is_exception) == (None, "Sai số hiệu", True)


def test_a_draft_and_an_authorised_result_are_not_sent_back():
    for state in (ResultState.DRAFT, ResultState.AUTHORISED):
        with pytest.raises(WrongState, match="cannot be sent back"):
            result(state).send_back(item(), reason="x", on=TODAY)


@pytest.mark.parametrize(
    ("outcome", "until", "state"),
    [
        (Outcome.PASS, UNTIL, ItemState.AUTHORISED),
        (Outcome.FAIL, None, ItemState.AUTHORISED),
        (Outcome.MEASURED, None, ItemState.AUTHORISED),
        (Outcome.NOT_PERFORMED, None, ItemState.NOT_PERFORMED),
    ],
)
def test_only_a_pass_is_valid_until_a_day(outcome, until, state):
    checked, of = result(ResultState.CHECKED, outcome), item(ItemState.CHECKED)

    told = checked.authorise(of, order(), valid_until=UNTIL, by="giamdoc", on=TODAY)

    assert (told.valid_until, checked.valid_until, of.state) == (until, until, state)


def test_what_was_not_checked_is_not_authorised():
    with pytest.raises(WrongState, match="has to be checked first"):
        result(ResultState.SUBMITTED).authorise(
            item(ItemState.SUBMITTED), order(), valid_until=None, by="giamdoc", on=TODAY
        )


def test_an_item_whose_result_is_withdrawn_waits_for_the_bench_again():
    signed, of = result(ResultState.AUTHORISED), item(ItemState.AUTHORISED)

    told = signed.withdraw(of, order(), reason="Chuẩn sai", on=TODAY)

    assert (signed.state, of.state) == (ResultState.WITHDRAWN, ItemState.RECEIVED)
    assert told.authorised_on == TODAY


def test_a_result_is_withdrawn_even_when_its_item_went_home():
    signed, of = result(ResultState.AUTHORISED), item(ItemState.HANDED_OVER)

    signed.withdraw(of, order(), reason="Chuẩn sai", on=TODAY)

    assert (signed.state, of.state) == (ResultState.WITHDRAWN, ItemState.HANDED_OVER)


def test_a_result_is_withdrawn_once():
    with pytest.raises(WrongState, match="cannot be withdrawn"):
        result(ResultState.WITHDRAWN).withdraw(
            item(ItemState.RECEIVED), order(), reason="x", on=TODAY
        )


def test_an_authorised_result_without_its_day_is_a_fault_of_ours():
    signed = result(ResultState.AUTHORISED)
    signed.authorised_on = None

    with pytest.raises(AssertionError):
        signed.withdraw(item(ItemState.AUTHORISED), order(), reason="x", on=TODAY)


def balance(**said: object) -> BalanceReadings:
    usual = {
        "unit": "g",
        "resolution": "0,1",
        "repeatability": "1000,0 1000,1; 1000,0",
        "eccentricity": "0,1",
        "points": {
            0: Point(nominal="100", readings="100,0 100,1", standard_U="0,002"),
            2: Point(
                nominal="1000",
                readings="1000,2",
                standard_error="0,010",
                standard_U="0,020",
                standard_k="2",
            ),
        },
    }
    return BalanceReadings(**{**usual, **said})


def test_a_calibration_keeps_what_was_typed_beside_what_came_out():
    kept = evaluate_balance(balance(eccentricity_load="1000"))

    first, second = kept["points"]
    assert (kept["resolution"], kept["repeatability"]) == ("0.1", ["1000.0", "1000.1", "1000.0"])
    assert (first["nominal"], first["readings"], first["standard_k"]) == (
        "100",
        ["100.0", "100.1"],
        "2",
    )
    assert (second["reference"], second["indication"], second["error"]) == (
        "1000.01",
        "1000.20",
        "0.19",
    )
    assert Decimal(second["U"]) > 0
    assert next(line["name"] for line in second["budget"]["lines"]) == "standard weights"


def test_an_error_that_rounds_to_nothing_has_no_minus():
    point = Point(
        nominal="100", readings="100.00", standard_error="0.0004", standard_U="0.01", standard_k="2"
    )

    (kept,) = evaluate_balance(
        balance(resolution="0.001", repeatability="5 5", eccentricity="-0", points={0: point})
    )["points"]

    assert (kept["error"], kept["U"]) == ("0.000", "0.011")
    assert "-0" not in json.dumps(kept["budget"])


def test_a_certificate_of_a_standard_that_names_no_k_means_two():
    def expanded(k):
        point = Point(nominal="100", readings="100,0", standard_U="0,9", standard_k=k)
        return evaluate_balance(balance(points={0: point}))["points"][0]["U"]

    assert expanded("") == expanded("2") != expanded("3")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"points": {}}, "points.0.nominal"),
        ({"resolution": "0"}, "resolution"),
        ({"resolution": "nhỏ"}, "resolution"),
        ({"repeatability": "1000"}, "repeatability"),
        ({"points": {0: Point(nominal="x", readings="1", standard_U="0")}}, "points.0.nominal"),
        ({"points": {0: Point(nominal="1", readings="1")}}, "points.0.standard_U"),
        (
            {"points": {0: Point(nominal="1", readings="1", standard_U="-1")}},
            "points.0.standard_U",
        ),
        (
            {"points": {0: Point(nominal="1", readings="1", standard_U="1", standard_k="0")}},
            "points.0.standard_k",
        ),
    ],
)
def test_a_slip_in_a_calibration_is_named_by_its_field(said, field):
    with pytest.raises(RuleBroken) as refusal:
        evaluate_balance(balance(**said))

    assert refusal.value.field == field


def test_a_machine_may_send_a_list_of_readings_and_loads_that_were_not_used():
    typed = balance_as_sent(
        {
            "unit": "g",
            "repeatability": ["1000", "1000.1"],
            "points": [{"standard_k": "2"}, {"nominal": "10", "readings": ["10.0", "10.1"]}],
        }
    )

    assert typed == BalanceReadings(
        unit="g",
        repeatability="1000;1000.1",
        points={1: Point(nominal="10", readings="10.0;10.1")},
    )


def test_a_machine_sends_a_balance_as_the_page_does():
    point = {
        "nominal": "10",
        "readings": [10.0, 10.1],
        "standard_error": "0.1",
        "standard_U": "0.2",
        "standard_k": "3",
    }
    sent = {
        "unit": "g",
        "resolution": 0.1,
        "repeatability": "1 1",
        "eccentricity": [2, 3],
        "eccentricity_load": 5,
        "points": [point],
    }

    assert balance_as_sent({}) == BalanceReadings()
    assert balance_as_sent(sent) == BalanceReadings(
        unit="g",
        resolution="0.1",
        repeatability="1 1",
        eccentricity="2;3",
        eccentricity_load="5",
        points={0: Point(**{**point, "readings": "10.0;10.1"})},
    )


@pytest.mark.parametrize("name", ["nominal", "readings", "standard_error", "standard_U"])
def test_a_load_counts_once_anything_but_its_k_was_read(name):
    assert balance_as_sent({"points": [{}, {name: "1"}]}).points == {1: Point(**{name: "1"})}


@pytest.mark.parametrize("points", ["x", ["x"]])
def test_the_loads_of_a_machine_are_a_list_of_objects(points):
    with pytest.raises(RuleBroken, match="list of objects"):
        balance_as_sent({"points": points})


def parameter(code: str = "pb", **said: object) -> Parameter:
    usual = {
        "service_id": uuid4(),
        "code": code,
        "name_vi": "Hàm lượng chì",
        "name_en": "lead",
        "unit": "mg/kg",
        "method": "AOAC 999.10",
        "maximum": Decimal("0.05"),
        "limit_source": "QCVN 8-2:2011/BYT",
    }
    return Parameter(**{**usual, **said})


@pytest.mark.parametrize(
    ("value", "meets"), [("0,04", "yes"), ("0,06", "no"), ("<0,1", ""), ("KPH", "yes")]
)
def test_a_value_is_held_against_its_limit(value, meets):
    (tested,) = evaluate_test([parameter(), parameter("cd")], {"pb": value, "cd": ""})["values"]

    assert (tested["value"], tested["meets"], tested["limit"]) == (value, meets, "≤ 0.05")


@pytest.mark.parametrize(("value", "meets"), [("4,9", "no"), ("5", "yes"), ("10,1", "no")])
def test_a_value_is_held_against_both_of_its_limits(value, meets):
    between = parameter(minimum=Decimal(5), maximum=Decimal(10))
    (tested,) = evaluate_test([between], {"pb": value})["values"]

    assert (tested["meets"], tested["limit"]) == (meets, "5 … 10")


@pytest.mark.parametrize(
    ("values", "field"),
    [({}, "values"), ({"hg": "1"}, "values.hg"), ({"pb": "nhiều"}, "values.pb")],
)
def test_a_slip_in_a_test_is_named_by_its_field(values, field):
    with pytest.raises(RuleBroken) as refusal:
        evaluate_test([parameter()], values)

    assert refusal.value.field == field


def test_a_limit_is_written_as_it_is_meant():
    assert limit_text(Decimal(5), Decimal(10)) == "5 … 10"
    assert limit_text(Decimal("0.5"), None) == "≥ 0.5"
    assert limit_text(None, None) == ""
