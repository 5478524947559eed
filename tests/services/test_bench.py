"""The bench writes a batch down, hands it on, and answers for it: all of it, or nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from lims.bench import queries, service
from lims.bench.commands import (
    NO_STICKERS,
    Conditions,
    Point,
    RecordCalibration,
    RecordSheet,
    RecordTest,
    ResultRow,
)
from lims.bench.models import Minutes, Result, SheetStandard, WorkSheet
from lims.bench.sheets import batches
from lims.bench.sheets.recording import MOST
from lims.catalogue.models import Method, Service
from lims.catalogue.models import TestParameter as Parameter
from lims.documents.store import Document
from lims.equipment.models import Standard
from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.identity.models import Competence, User
from lims.kernel import clock, db
from lims.kernel.errors import Forbidden, NotFound, Refusals, RuleBroken, WrongState
from lims.marks import service as marks
from lims.marks.models import Sticker
from lims.reception.models import Item, Order
from lims.settings import periods
from lims.settings.commands import ClosePeriod
from lims.vocabulary import (
    Act,
    Discipline,
    Field,
    ItemState,
    Outcome,
    PeriodKind,
    Place,
    ResultState,
    Role,
    StickerState,
)
from tests import factories
from tests.conftest import NOON
from tests.services.changes import as_if, as_if_never

TODAY = factories.TODAY
YESTERDAY = date(2026, 3, 2)


@dataclass
class Bench:
    """An order at the bench, and the people who see it through."""

    session: object
    technician: User
    service: Service
    standard: Standard
    order: Order
    items: list[Item]

    def command(self, **changes) -> RecordSheet:
        """All pass, except those named with their outcome and reason."""
        items = changes.pop("item_ids", [item.id for item in self.items])
        outcomes = dict.fromkeys(items, changes.pop("default", Outcome.PASS))
        exceptions = changes.pop("exceptions", {})
        usual = {
            "method_id": self.service.method_id,
            "standard_ids": [self.standard.id],
            "performed_on": TODAY,
            "place": Place.SITE,
            "environment": {"temperature": "27,50", "humidity": "70", "pressure": " "},
            "outcomes": outcomes | {key: outcome for key, (outcome, _) in exceptions.items()},
            "reasons": {key: reason for key, (_, reason) in exceptions.items()},
        }
        return RecordSheet(**{**usual, **changes})

    def record(self, by="kiemdinh", **changes) -> WorkSheet:
        return service.record(self.session, self.order.id, self.command(**changes), by=by)

    def results(self) -> list[Result]:
        query = select(Result).join(Item, Item.id == Result.item_id)
        return list(self.session.scalars(query.order_by(Item.line, Result.id)))

    def ids(self):
        return [result.id for result in self.results()]

    def to(self, state: ResultState, **said) -> list[Result]:
        """Record and take the results to a state."""
        self.record(**said)
        steps = {
            ResultState.SUBMITTED: (service.submit, "kiemdinh"),
            ResultState.CHECKED: (service.check, "soatlai"),
            ResultState.AUTHORISED: (service.authorise, "giamdoc"),
        }
        for reached, (act, by) in steps.items():
            act(self.session, self.ids(), by=by)
            if reached is state:
                break
        return self.results()


@pytest.fixture
def bench(session):
    return make(session)


def make(session, discipline=Discipline.VERIFICATION, count=4) -> Bench:
    technician = factories.technician(session)
    factories.checker(session)
    factories.signatory(session)
    what = factories.service(session, discipline)
    order = factories.order(session, received_on=YESTERDAY)
    items = [factories.item(session, order, what) for _ in range(count)]
    return Bench(session, technician, what, factories.standard(session), order, items)


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def test_all_pass_except_one(session, bench):
    failing = bench.items[2]

    sheet = bench.record(exceptions={failing.id: (Outcome.FAIL, " Sai số vượt ")})

    results = bench.results()
    assert [one.outcome for one in results] == ["pass", "pass", "fail", "pass"]
    assert results[2].reason == "Sai số vượt"
    assert {one.sheet_id for one in results} == {sheet.id}
    assert sheet.environment == {"temperature": "27.50", "humidity": "70"}
    assert {item.state for item in bench.items} == {ItemState.RECORDED}
    assert told(session) == ["bench.result_recorded"] * 4


def test_a_sheet_keeps_the_certificate_its_standard_had_that_day(session, bench):
    sheet = bench.record()

    used = session.scalars(select(SheetStandard)).one()
    assert (used.sheet_id, used.certificate, used.due_on) == (
        sheet.id,
        bench.standard.certificate,
        bench.standard.due_on,
    )


def test_passes_take_the_next_stickers_of_the_book_and_fails_take_none(session, bench):
    book = factories.book(session, bench.technician)

    bench.record(exceptions={bench.items[1].id: (Outcome.FAIL, "Gãy kim")})

    labels = marks.labels(session, bench.ids())
    numbered = [labels.get(one.id, "") for one in bench.results()]
    assert numbered == [f"{book.series}-00001", "", f"{book.series}-00002", f"{book.series}-00003"]


def test_stickers_begin_where_the_technician_says_or_are_left_out(session, bench):
    factories.book(session, bench.technician)

    bench.record(item_ids=[bench.items[0].id], first_sticker=11)
    bench.record(item_ids=[bench.items[1].id], first_sticker=NO_STICKERS)

    labels = marks.labels(session, bench.ids())
    assert [label[-5:] for label in labels.values()] == ["00011"]


@pytest.mark.parametrize(
    ("said", "field", "match"),
    [
        ({"performed_on": date(2026, 3, 4)}, "performed_on", "day to come"),
        ({"performed_on": date(2026, 3, 1)}, "performed_on", "were received on"),
        ({"environment": {"temperature": "nóng"}}, "environment.temperature", "as a number"),
        ({"environment": {"humidity": "170"}}, "environment.humidity", "hardly possible"),
        ({"standard_ids": []}, "standards", "Tick the standards"),
        ({"item_ids": []}, "items", "at least one"),
        ({"item_ids": [uuid4() for _ in range(MOST + 1)]}, "items", "At most"),
    ],
)
def test_a_sheet_that_cannot_be_true_is_refused(bench, said, field, match):
    with pytest.raises(RuleBroken, match=match) as refusal:
        bench.record(**said)

    assert refusal.value.field == field


def test_a_standard_must_cover_the_day_of_the_work(session, bench):
    old = factories.standard(session, due_on=date(2026, 2, 28))
    broken = factories.standard(session, in_service=False)

    with pytest.raises(RuleBroken, match="does not cover"):
        bench.record(standard_ids=[bench.standard.id, old.id])
    with pytest.raises(RuleBroken, match="out of service"):
        bench.record(standard_ids=[broken.id])


def test_a_method_must_hold_on_the_day_and_be_of_the_kind_of_work(session, bench):
    old = factories.method(session, valid_to=date(2025, 12, 31))
    other = factories.method(session, Discipline.CALIBRATION)

    with pytest.raises(RuleBroken, match="not in force"):
        bench.record(method_id=old.id)
    with pytest.raises(RuleBroken, match="choose another"):
        bench.record(method_id=other.id)
    with pytest.raises(NotFound):
        bench.record(method_id=uuid4())


def test_who_has_no_card_for_the_field_records_nothing(session, bench):
    factories.user(session, Role.TECHNICIAN, login="hocviec")

    with pytest.raises(Forbidden, match="no authorisation"):
        bench.record(by="hocviec")


def test_a_card_that_ran_out_still_covers_what_was_done_before(session, bench):
    who = factories.user(session, Role.TECHNICIAN, login="nghihuu")
    factories.competence(
        session, who, Act.PERFORM, Discipline.VERIFICATION, field=Field.MASS, valid_to=YESTERDAY
    )

    with pytest.raises(Forbidden):
        bench.record(by="nghihuu")
    bench.record(by="nghihuu", performed_on=YESTERDAY)

    assert bench.results()[0].performed_on == YESTERDAY


def test_every_row_without_grounds_is_named_and_nothing_is_written(session, bench):
    first, second, third, _ = bench.items
    exceptions = {
        first.id: (Outcome.FAIL, " "),
        second.id: (Outcome.MEASURED, ""),
        third.id: (Outcome.NOT_PERFORMED, ""),
    }

    with pytest.raises(Refusals) as refusal:
        bench.record(exceptions=exceptions)

    assert sorted(refusal.value.rows) == [0, 1, 2]
    assert bench.results() == []
    assert told(session) == []


def test_an_item_is_on_a_sheet_once(session, bench):
    row = ResultRow(
        item_id=bench.items[0].id,
        method=str(bench.service.method_id),
        standards=[bench.standard.code],
        performed_on=TODAY,
        outcome=Outcome.PASS,
    )

    with pytest.raises(Refusals) as refusal:
        batches.record(session, [row, row], by="kiemdinh")

    assert list(refusal.value.rows) == [1]


def row_of(bench, rank=0, **changes) -> ResultRow:
    method = bench.session.get_one(Method, bench.service.method_id)
    usual = {
        "item_id": bench.items[rank].id,
        "method": method.code,
        "standards": [bench.standard.code],
        "performed_on": TODAY,
        "outcome": Outcome.PASS,
    }
    return ResultRow(**{**usual, **changes})


def test_rows_of_a_machine_that_agree_share_a_sheet_and_come_back_in_their_order(session, bench):
    factories.book(session, bench.technician)
    method = session.get_one(Method, bench.service.method_id)
    rows = [
        row_of(bench, 3, method=method.cited, sticker="26V-00007"),
        row_of(bench, 1, place=Place.LABORATORY),
        row_of(bench, 2, standards=[str(bench.standard.id)], sticker="9"),
        row_of(bench, 0, performed_on=YESTERDAY, outcome=Outcome.FAIL, reason="Sai số vượt"),
    ]

    results = batches.record(session, rows, by="kiemdinh")

    sheets = [session.get_one(WorkSheet, result.sheet_id) for result in results]
    assert [result.item_id for result in results] == [row.item_id for row in rows]
    assert [sheets.index(sheet) for sheet in sheets] == [0, 1, 0, 3]
    usual = bench.order.place
    assert [sheet.place for sheet in sheets] == [usual, Place.LABORATORY, usual, usual]
    assert [sheet.performed_on for sheet in sheets] == [TODAY, TODAY, TODAY, YESTERDAY]
    assert {sheet.method_id for sheet in sheets} == {method.id}
    assert (results[3].outcome, results[3].reason) == (Outcome.FAIL, "Sai số vượt")
    labels = marks.labels(session, [results[0].id, results[2].id])
    assert [labels[results[rank].id][-5:] for rank in (0, 2)] == ["00007", "00009"]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"method": "ĐLVN 0"}, ("method", "There is no method %(method)s of %(discipline)s.")),
        ({"standards": ["C-0"]}, ("standards", "There is no standard %(code)s.")),
        ({"sticker": "26V-"}, ("sticker", "“%(text)s” holds no sticker number.")),
        ({"sticker": "0"}, ("sticker", "“%(text)s” holds no sticker number.")),
        ({"outcome": None}, ("outcome", "Say the outcome: pass, fail or not_performed.")),
        (
            {"readings": {"kind": "balance"}},
            ("readings", "No reading can be called kind: give it another name."),
        ),
    ],
)
def test_a_row_of_a_machine_that_cannot_be_read_is_named(session, bench, changes, refused):
    with pytest.raises(Refusals) as refusal:
        batches.record(session, [row_of(bench), row_of(bench, 1, **changes)], by="kiemdinh")

    (row,) = refusal.value.rows
    assert (row, refusal.value.batch) == (1, "")
    assert (refusal.value.rows[1].field, refusal.value.rows[1].message) == refused


def test_a_machine_sends_at_least_one_row_and_not_too_many(session, bench):
    for rows in ([], [row_of(bench)] * (MOST + 1)):
        with pytest.raises(RuleBroken, match=f"1 to {MOST} results"):
            batches.record(session, rows, by="kiemdinh")


def test_items_of_another_order_or_another_kind_do_not_share_a_sheet(session, bench):
    foreign = factories.item(session)
    measured = factories.item(
        session, bench.order, factories.service(session, Discipline.CALIBRATION)
    )

    with pytest.raises(RuleBroken, match="does not belong"):
        bench.record(item_ids=[bench.items[0].id, foreign.id])
    with pytest.raises(RuleBroken, match="one kind"):
        bench.record(item_ids=[bench.items[0].id, measured.id])


def test_what_does_not_wait_for_the_bench_is_not_recorded(session, bench):
    bench.to(ResultState.SUBMITTED)

    with pytest.raises(Refusals) as refusal:
        bench.record()

    assert all(isinstance(one, WrongState) for one in refusal.value.rows.values())


def test_a_draft_is_corrected_on_its_sheet_and_its_sticker_is_spoiled(session, bench):
    factories.book(session, bench.technician)
    first = bench.record()

    second = bench.record(exceptions={bench.items[0].id: (Outcome.FAIL, "Gãy kim")})

    assert second.id == first.id
    assert bench.results()[0].outcome is Outcome.FAIL
    assert told(session).count("bench.result_changed") == 1
    states = session.scalars(select(Sticker.state).order_by(Sticker.number)).all()
    assert states == [StickerState.SPOILED, *[StickerState.RESERVED] * 3]


def test_a_corrected_pass_gets_another_sticker(session, bench):
    factories.book(session, bench.technician)
    fails = {bench.items[0].id: (Outcome.FAIL, "Gãy kim")}
    bench.record(exceptions=fails)

    bench.record()

    labels = marks.labels(session, bench.ids())
    assert labels[bench.results()[0].id].endswith("00004")


def test_other_conditions_make_another_sheet_and_the_old_one_stays(session, bench):
    first = bench.record()

    second = bench.record(environment={"temperature": "25"})

    assert second.id != first.id
    assert first.environment["temperature"] == "27.50"
    assert {one.sheet_id for one in bench.results()} == {second.id}


def test_nobody_changes_the_draft_of_somebody_else(session, bench):
    factories.technician(session, "dongnghiep")
    bench.record()

    with pytest.raises(Refusals) as refusal:
        bench.record(by="dongnghiep")

    assert all(isinstance(one, Forbidden) for one in refusal.value.rows.values())


def test_forty_go_from_the_bench_to_the_signature(session):
    bench = make(session, count=40)
    factories.book(session, bench.technician)
    fails = {item.id: (Outcome.FAIL, "Sai số vượt") for item in bench.items[:2]}

    results = bench.to(ResultState.AUTHORISED, exceptions=fails)

    assert {one.state for one in results} == {ResultState.AUTHORISED}
    assert {item.state for item in bench.items} == {ItemState.AUTHORISED}
    assert {one.valid_until for one in results[2:]} == {date(2028, 3, 31)}
    assert {one.valid_until for one in results[:2]} == {None}
    active = session.scalars(select(Sticker).where(Sticker.state == StickerState.ACTIVE)).all()
    assert len(active) == 38


def test_authorising_fixes_the_minutes_of_each_sheet(session, bench):
    factories.book(session, bench.technician)
    half = [item.id for item in bench.items[:2]]
    fails = {bench.items[0].id: (Outcome.FAIL, "Sai số vượt")}
    bench.record(item_ids=half, exceptions=fails)
    rest = [item.id for item in bench.items[2:]]
    bench.record(item_ids=rest, environment={"temperature": "25"})
    service.submit(session, bench.ids(), by="kiemdinh")
    service.check(session, bench.ids(), by="soatlai")

    service.authorise(session, bench.ids(), by="giamdoc")

    issued = session.scalars(select(Minutes).order_by(Minutes.number)).all()
    assert [one.number for one in issued] == ["BB26-00001", "BB26-00002"]
    document = session.scalars(select(Document).where(Document.of == issued[0].id)).one()
    said = json.loads(document.frozen)
    assert said["method"].startswith("ĐLVN")
    assert said["environment"] == "Nhiệt độ 27,50 °C; độ ẩm tương đối 70 %"
    assert said["performed_by"] == {"name": "Người kiemdinh", "card": "KĐV-001"}
    assert said["checked_by"] == "Người soatlai"
    assert [one["outcome"] for one in said["items"]] == ["fail", "pass"]
    assert said["items"][0]["reason"] == "Sai số vượt"
    assert said["items"][1]["sticker"].endswith("00001")
    assert told(session).count("bench.minutes_issued") == 2
    assert bench.results()[0].minutes_id == issued[0].id


@pytest.mark.parametrize(
    ("on", "held"),
    [
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 1),
        (date(2026, 3, 31), 1),
        (date(2026, 4, 1), 0),
    ],
)
def test_an_authorisation_holds_on_its_first_and_on_its_last_day(session, on, held):
    technician = factories.user(session, Role.TECHNICIAN, login="moi")
    march = {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 3, 31)}
    factories.competence(session, technician, Act.PERFORM, Discipline.TESTING, **march)

    found = queries.competences(session, "moi", Act.PERFORM, on)

    assert len(found) == held
    assert queries.competences(session, "moi", Act.CHECK, on) == []


def test_minutes_do_without_a_card_that_was_struck_off(session, bench):
    bench.to(ResultState.CHECKED)
    held = select(Competence).where(Competence.user_id == bench.technician.id)
    for one in session.scalars(held):
        as_if_never(session, one)

    service.authorise(session, bench.ids(), by="giamdoc")

    document = session.scalars(select(Document)).one()
    assert json.loads(document.frozen)["performed_by"] == {"name": "Người kiemdinh"}


def test_minutes_name_the_one_place_of_use(session, bench):
    for item in bench.items:
        as_if(session, item, place_of_use="Chợ Rạch Sỏi")

    bench.to(ResultState.AUTHORISED)

    document = session.scalars(select(Document)).one()
    assert json.loads(document.frozen)["place"] == "Chợ Rạch Sỏi"


def test_work_is_not_dated_into_a_closed_period(session, bench):
    february = ClosePeriod(kind=PeriodKind.WORK, first=YESTERDAY, last=YESTERDAY)
    periods.close(session, february, by="giamdoc")
    session.flush()

    with pytest.raises(RuleBroken, match="lies in a closed period") as refusal:
        bench.record(performed_on=YESTERDAY)

    assert refusal.value.field == "performed_on"
    assert bench.results() == []


def test_the_day_of_authorisation_may_be_given(session, bench):
    bench.to(ResultState.CHECKED)

    results = service.authorise(session, bench.ids(), by="giamdoc", on=YESTERDAY)

    assert {one.authorised_on for one in results} == {YESTERDAY}


def test_each_act_needs_its_own_authorisation(session, bench):
    bench.to(ResultState.SUBMITTED)
    factories.user(session, Role.CHECKER, login="moi")

    with pytest.raises(Forbidden, match="check"):
        service.check(session, bench.ids(), by="moi")
    service.check(session, bench.ids(), by="soatlai")
    with pytest.raises(Forbidden, match="sign"):
        service.authorise(session, bench.ids(), by="soatlai")


def test_nobody_checks_or_signs_their_own_work(session, bench):
    for act in (Act.CHECK, Act.SIGN):
        factories.competence(session, bench.technician, act, Discipline.VERIFICATION)
    bench.to(ResultState.SUBMITTED)

    with pytest.raises(Refusals):
        service.check(session, bench.ids(), by="kiemdinh")
    service.check(session, bench.ids(), by="soatlai")
    with pytest.raises(Refusals):
        service.authorise(session, bench.ids(), by="kiemdinh")

    assert {one.state for one in bench.results()} == {ResultState.CHECKED}


def test_one_row_that_is_not_ready_stops_the_batch_and_is_named(session, bench):
    results = bench.to(ResultState.SUBMITTED)
    service.send_back(session, results[1].id, reason="Sai số hiệu", by="soatlai")

    with pytest.raises(Refusals) as refusal:
        service.check(session, bench.ids(), by="soatlai")

    assert list(refusal.value.rows) == [1]
    assert [one.state for one in bench.results()].count(ResultState.CHECKED) == 0


def test_an_empty_or_a_huge_batch_is_refused(session):
    with pytest.raises(RuleBroken, match="at least one"):
        service.check(session, [], by="soatlai")
    with pytest.raises(RuleBroken, match="At most"):
        service.submit(session, [uuid4() for _ in range(MOST + 1)], by="kiemdinh")


def test_what_is_sent_back_is_mended_and_goes_on(session, bench):
    factories.book(session, bench.technician)
    results = bench.to(ResultState.CHECKED)
    service.send_back(session, results[0].id, reason="Sai số hiệu", by="giamdoc")

    bench.record(item_ids=[bench.items[0].id])
    service.submit(session, [results[0].id], by="kiemdinh")

    assert bench.results()[0].state is ResultState.SUBMITTED
    assert marks.labels(session, [results[0].id])[results[0].id].endswith("00001")
    with pytest.raises(RuleBroken, match="Say why"):
        service.send_back(session, results[0].id, reason="  ", by="soatlai")


def test_a_withdrawn_result_frees_its_item_and_spoils_its_sticker(session, bench):
    factories.book(session, bench.technician)
    results = bench.to(ResultState.AUTHORISED)

    service.withdraw(session, results[0].id, reason="Chuẩn sai", by="chatluong")

    assert results[0].state is ResultState.WITHDRAWN
    assert bench.items[0].state is ItemState.RECEIVED
    assert marks.labels(session, [results[0].id]) == {}
    bench.record(item_ids=[bench.items[0].id])
    assert len(bench.results()) == 5


def conditions(bench: Bench) -> dict[str, object]:
    on = Conditions(
        method_id=bench.service.method_id,
        standard_ids=[bench.standard.id],
        performed_on=TODAY,
        place=Place.LABORATORY,
        environment={"temperature": "22.0"},
    )
    return vars(on)


def test_a_balance_is_calibrated_and_goes_to_the_signature(session):
    bench = make(session, Discipline.CALIBRATION, count=1)
    command = RecordCalibration(
        **conditions(bench),
        unit="g",
        resolution="0,1",
        repeatability="1000 1000,1 1000",
        points={0: Point(nominal="1000", readings="1000,1", standard_U="0,01")},
        submit=True,
    )

    kept = service.record_calibration(session, bench.items[0].id, command, by="kiemdinh")
    service.check(session, [kept.id], by="soatlai")
    service.authorise(session, [kept.id], by="giamdoc")

    assert kept.outcome is Outcome.MEASURED
    assert kept.valid_until is None
    assert kept.readings["points"][0]["budget"]["lines"][0]["value"] == "1000"
    document = session.scalars(select(Document)).one()
    assert json.loads(document.frozen)["items"][0]["outcome"] == "done"


def test_a_calibration_takes_a_sticker_only_when_told(session):
    bench = make(session, Discipline.CALIBRATION, count=2)
    factories.book(session, bench.technician, discipline=Discipline.CALIBRATION)
    command = RecordCalibration(
        **conditions(bench),
        unit="g",
        resolution="0,1",
        repeatability="1 1,1",
        points={0: Point(nominal="1", readings="1", standard_U="0,01")},
    )

    plain, stuck = (
        service.record_calibration(session, item.id, asked, by="kiemdinh")
        for item, asked in zip(bench.items, (command, replace(command, sticker=5)), strict=True)
    )

    assert list(marks.labels(session, [plain.id, stuck.id])) == [stuck.id]


def test_a_calibration_without_readings_is_not_a_result(session):
    bench = make(session, Discipline.CALIBRATION, count=1)

    with pytest.raises(Refusals):
        bench.record(default=Outcome.MEASURED)
    bench.record(exceptions={bench.items[0].id: (Outcome.NOT_PERFORMED, "Hỏng")})

    assert bench.results()[0].outcome is Outcome.NOT_PERFORMED


def test_what_was_not_performed_needs_no_standards(session, bench):
    bench.record(
        standard_ids=[],
        exceptions={item.id: (Outcome.NOT_PERFORMED, "Chợ đóng cửa") for item in bench.items},
    )

    assert {one.outcome for one in bench.results()} == {Outcome.NOT_PERFORMED}


def test_a_sample_is_tested_against_its_limits(session):
    bench = make(session, Discipline.TESTING, count=1)
    factories.save(
        session,
        Parameter(
            service_id=bench.service.id,
            code="pb",
            name_vi="Chì",
            name_en="lead",
            unit="mg/kg",
            method="AOAC 999.10",
            maximum=Decimal("0.05"),
        ),
    )

    command = RecordTest(**conditions(bench), values={"pb": "0,07"})
    kept = service.record_test(session, bench.items[0].id, command, by="kiemdinh")

    assert kept.readings["values"][0]["meets"] == "no"


@pytest.mark.usefixtures("database")
def test_of_two_who_record_the_same_items_at_once_one_does():
    with db.transaction() as session:
        bench = make(session)
        factories.technician(session, "dongnghiep")
    command = bench.command(environment={})

    def record(login):
        try:
            with clock.at(NOON), db.transaction() as session:
                service.record(session, bench.order.id, command, by=login)
        except Refusals:
            return "refused"
        return "recorded"

    with ThreadPoolExecutor(2) as people:
        done = sorted(people.map(record, ["kiemdinh", "dongnghiep"]))

    assert done == ["recorded", "refused"]
    with db.reading() as session:
        assert len(session.scalars(select(Result)).all()) == 4
