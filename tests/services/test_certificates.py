import json
import secrets
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lims.bench import service as bench
from lims.bench.commands import BalanceReadings, Point
from lims.bench.models import WorkSheet
from lims.bench.readings.calibration import evaluate_balance
from lims.bench.readings.testing import evaluate_test
from lims.catalogue import models as catalogue
from lims.certificates import queries, service
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.models import Certificate, CertificatePlace, Standing
from lims.certificates.public import checking
from lims.certificates.signing import waiting
from lims.customers.models import Instrument
from lims.documents.store import Document
from lims.eventlog import events, log
from lims.eventlog.log import Outgoing
from lims.kernel import clock
from lims.kernel.errors import FieldRefusals, Forbidden, RuleBroken, WrongState
from lims.marks.models import Sticker
from lims.reception.models import Item
from lims.vocabulary import (
    Act,
    CertificateKind,
    CertificateMode,
    Discipline,
    Outcome,
    Place,
    ResultState,
    Role,
    StickerState,
    Validity,
)
from tests import factories
from tests.services.changes import as_if

EACH, LIST = CertificateMode.EACH, CertificateMode.LIST


@pytest.fixture(autouse=True)
def people(session):
    factories.technician(session)
    factories.checker(session)
    factories.signatory(session)


def told(session, name):
    log.write(session)
    query = select(Outgoing).where(Outgoing.name == name).order_by(Outgoing.seq)
    return list(session.scalars(query))


def sign(session, results):
    signed = service.sign(session, [one.id for one in results], by="giamdoc")
    session.flush()
    return signed


def said(session, certificate):
    return session.scalars(select(Document).where(Document.of == certificate.id)).one().content()


def places(session, certificate):
    return [place for place, _ in queries.places(session, certificate.id)]


def again(session, results, *, fails=0, **more):
    """The same instruments are brought in and worked on once more."""
    items = [session.get_one(Item, one.item_id) for one in results]
    known = [session.get_one(Instrument, one.instrument_id) for one in items]
    return factories.done(session, len(known), fails=fails, registered=known, **more)


def test_a_list_order_gets_one_certificate_for_all_that_passed(session):
    results = factories.done(session, 40, fails=2, certificate_mode=LIST)

    (certificate,) = sign(session, results)

    assert certificate.number == "V26-00001"
    assert certificate.valid_until == date(2028, 3, 31)
    content = said(session, certificate)
    assert len(content["items"]) == 38
    assert content["inspector"] == {"name": "Người kiemdinh", "card": "KĐV-001"}
    assert content["signatory"] == {"title": "Giám đốc", "name": "Người giamdoc"}
    assert content["check_url"].endswith(f"/c/{certificate.code}")
    (fact,) = told(session, "certificates.certificate_signed")
    assert '"items":38' in fact.payload


def test_a_certificate_says_who_made_the_instrument_and_what_it_can_do(session):
    (result,) = factories.done(session, 1, certificate_mode=EACH)
    made = {"manufacturer": "Nhơn Hòa", "country": "Việt Nam", "model": "NHS-30", "year": 2021}
    item = session.get_one(Item, result.item_id)
    as_if(session, item, **made, characteristics={"max": "30", "unlisted": "x"})

    (certificate,) = sign(session, [result])

    content = said(session, certificate)
    assert (content["maker"], content["type"]) == ("Nhơn Hòa, Việt Nam", "NHS-30")
    assert content["year"] == "2021"
    assert content["characteristics"] == ["Mức cân lớn nhất: 30 kg"]


@pytest.mark.parametrize("mode", CertificateMode)
def test_every_particular_of_an_instrument_is_printed(session, mode):
    results = factories.done(session, 2, certificate_mode=mode)
    for result in results:
        as_if(session, session.get_one(Item, result.item_id), **factories.PARTICULARS)

    documents = [said(session, certificate) for certificate in sign(session, results)]

    stated = {**factories.PARTICULARS, **factories.PARTICULARS["characteristics"]}
    del stated["characteristics"]
    for document in documents:
        printed = json.dumps(document, ensure_ascii=False)
        assert [name for name, value in stated.items() if str(value) not in printed] == []


def test_a_list_says_it_of_each_instrument(session):
    results = factories.done(session, 2, certificate_mode=LIST)
    first = session.get_one(Item, results[0].item_id)
    as_if(session, first, manufacturer="Nhơn Hòa", characteristics={"max": "30"})

    (certificate,) = sign(session, results)

    lines = said(session, certificate)["items"]
    assert (lines[0]["maker"], lines[0]["characteristics"]) == (
        "Nhơn Hòa",
        "Mức cân lớn nhất: 30 kg",
    )
    assert "maker" not in lines[1]


def test_an_order_of_single_certificates_gets_numbers_without_a_gap_in_the_order_of_lines(session):
    results = factories.done(session, 5, fails=1, certificate_mode=EACH)

    signed = sign(session, results)

    assert [one.number for one in signed] == [f"V26-{n:05}" for n in range(1, 5)]
    serials = [said(session, one)["serial"] for one in signed]
    assert serials == [session.get_one(Item, one.item_id).serial for one in results[1:]]
    assert [one.id for one in signed] == sorted(one.id for one in signed)


def test_a_fail_and_what_was_not_performed_are_never_on_a_certificate(session):
    results = factories.done(session, 3, fails=2)
    as_if(session, results[1], outcome=Outcome.NOT_PERFORMED, reason="thiếu nguồn điện")

    (certificate,) = sign(session, results)

    assert [one.result_id for one in places(session, certificate)] == [results[2].id]
    assert said(session, certificate)["serial"]


def test_what_only_failed_is_authorised_without_a_certificate(session):
    results = factories.done(session, 2, fails=2)

    assert sign(session, results) == []
    assert {one.state for one in results} == {ResultState.AUTHORISED}
    assert len(told(session, "bench.minutes_issued")) == 1


def test_a_list_splits_where_what_is_printed_once_would_differ(session):
    requester = factories.customer(session)
    order = factories.order(session, requester)
    scales = factories.done(session, 2, of=order)
    balances = factories.done(session, 3, of=order)

    signed = sign(session, [*scales, *balances])

    assert [len(places(session, one)) for one in signed] == [2, 3]


def test_a_list_of_one_reads_as_a_certificate_of_its_own(session):
    (certificate,) = sign(session, factories.done(session, 1, certificate_mode=LIST))

    document = session.scalars(select(Document).where(Document.of == certificate.id)).one()
    assert document.template.startswith("verification@")


def test_the_earlier_certificate_of_the_instrument_is_superseded_in_the_same_act(session):
    first = factories.done(session, 3)
    (old,) = sign(session, first)
    later = again(session, first[:2])

    sign(session, later)

    standing = [one.validity for one in places(session, old)]
    assert standing == [Validity.SUPERSEDED, Validity.SUPERSEDED, Validity.LIVE]
    assert len(told(session, "certificates.place_ended")) == 2


def test_of_an_instrument_signed_twice_at_once_the_last_line_holds(session):
    order = factories.order(session, certificate_mode=EACH)
    first = factories.done(session, 1, of=order)
    twice = again(session, first, of=order)

    before, after = sign(session, [*first, *twice])

    assert [one.validity for one in places(session, before)] == [Validity.SUPERSEDED]
    assert [one.validity for one in places(session, after)] == [Validity.LIVE]


def test_a_calibration_leaves_the_verification_of_its_instrument_alone(session):
    verified = factories.done(session, 1)
    (certificate,) = sign(session, verified)
    instrument = session.get_one(Item, verified[0].item_id).instrument_id
    (calibrated,) = sign(session, [calibration(session, instrument_id=instrument)])

    assert calibrated.number == "C26-00001"
    assert calibrated.kind is CertificateKind.CALIBRATION
    assert [one.validity for one in places(session, certificate)] == [Validity.LIVE]
    assert [one.instrument_id for one in places(session, calibrated)] == [None]


def calibration(session, error=None, **more):
    what = factories.service(session, Discipline.CALIBRATION)
    item = factories.item(session, None, what, **more)
    order = session.get_one(factories.Order, item.order_id)
    on = factories.sheet(session, order, discipline=Discipline.CALIBRATION)
    readings = evaluate_balance(
        BalanceReadings(
            unit="kg",
            resolution="0.1",
            repeatability="10.0 10.1 10.0 10.0 10.1",
            points={0: Point(nominal="10", readings="10.1", standard_U="0.0005")},
        )
    )
    if error is not None:
        readings["points"][0]["error"] = error
    said = {"outcome": Outcome.MEASURED, "readings": dict(readings)}
    return factories.result(session, item, on, state=ResultState.CHECKED, **said)


def test_a_calibration_states_uncertainty_and_traceability_but_no_due_date(session):
    (certificate,) = sign(session, [calibration(session)])

    content = said(session, certificate)
    (point,) = content["results"][0]["points"]
    assert point["nominal"] == "10"
    assert "," in point["uncertainty"]
    assert "Viện Đo lường Việt Nam" in content["traceability"]
    assert "27,5 °C" in content["environment"]
    assert certificate.valid_until is None
    assert "valid_until" not in content


def test_an_error_kept_as_minus_nothing_is_signed_without_its_minus(session):
    (certificate,) = sign(session, [calibration(session, error="-0.000")])

    (printed,) = said(session, certificate)["results"][0]["points"]
    assert printed["error"] == "0,000"


def sampled(session, **values):
    """A checked result of a sample: pH has a limit, the colour has none."""
    what = factories.service(session, Discipline.TESTING)
    limit = {"maximum": factories.Decimal("8.5"), "limit_source": "QCVN 02:2009/BYT"}
    known = [
        catalogue.TestParameter(
            service_id=what.id,
            code=code,
            name_vi=code,
            name_en=code,
            unit="–",
            method="TCVN 6492:2011",
            **more,
        )
        for code, more in (("pH", limit), ("NTU", {}))
    ]
    item = factories.item(session, None, what)
    order = session.get_one(factories.Order, item.order_id)
    on = factories.sheet(session, order, discipline=Discipline.TESTING, environment={})
    said_of = {"outcome": Outcome.MEASURED, "readings": dict(evaluate_test(known, values))}
    return factories.result(session, item, on, state=ResultState.CHECKED, **said_of)


def test_a_test_report_shows_each_value_beside_its_limit(session):
    meets, breaks, plain = signed = sign(
        session, [sampled(session, pH="7.1"), sampled(session, pH="9"), sampled(session, NTU="1.2")]
    )

    assert [one.number for one in signed] == ["T26-00001", "T26-00002", "T26-00003"]
    value = {"name": "pH", "method": "TCVN 6492:2011", "unit": "–", "limit": "≤ 8,5"}
    assert said(session, meets)["parameters"] == [value | {"result": "7,1", "meets": "yes"}]
    assert said(session, breaks)["parameters"] == [value | {"result": "9", "meets": "no"}]
    assert said(session, meets)["specification"] == "QCVN 02:2009/BYT"
    assert said(session, plain)["parameters"][0]["result"] == "1,2"
    assert "specification" not in said(session, plain)
    assert "decision_rule" not in said(session, plain)
    (seen,) = checking.ask(session, plain.code, clock.today()).items
    assert seen.serial == said(session, plain)["sample"]["code"]


@pytest.mark.parametrize("discipline", [Discipline.CALIBRATION, Discipline.TESTING])
def test_what_holds_no_reading_cannot_be_certified(session, discipline):
    item = factories.item(session, None, factories.service(session, discipline))
    on = factories.sheet(session, session.get_one(factories.Order, item.order_id))
    result = factories.result(
        session, item, on, state=ResultState.CHECKED, outcome=Outcome.MEASURED
    )

    with pytest.raises(RuleBroken, match="send it back"):
        sign(session, [result])


def test_what_was_observed_at_the_bench_is_printed(session):
    seen = {
        "model": "NH 60",
        "maker": "Nhơn Hòa, Việt Nam",
        "year": "2015",
        "seals": "Kẹp chì 02 vị trí",
        "characteristics": "Max 60 kg\nCấp 4",
    }
    single = factories.done(session, 1)
    several = factories.done(session, 2)
    for one in [*single, *several]:
        as_if(session, one, readings=seen)

    alone, together = sign(session, [*single, *several])

    content = said(session, alone)
    assert (content["type"], content["year"]) == ("NH 60", "2015")
    assert content["characteristics"] == ["Max 60 kg", "Cấp 4"]
    listed = said(session, together)["items"][0]
    assert (listed["maker"], listed["characteristics"]) == (
        "Nhơn Hòa, Việt Nam",
        "Max 60 kg; Cấp 4; Năm sản xuất: 2015",
    )


@pytest.mark.parametrize("mode", CertificateMode)
def test_the_stickers_stand_on_the_certificate(session, mode):
    results = factories.done(session, 2, certificate_mode=mode)
    user = factories.user(session, Role.TECHNICIAN, login="kiemdinh")
    book = factories.book(session, user, series="26A")
    for number, one in enumerate(results, 1):
        said_of = {"series": "26A", "number": number, "state": StickerState.ACTIVE}
        factories.save(session, Sticker(book_id=book.id, result_id=one.id, **said_of))

    documents = [said(session, one) for one in sign(session, results)]

    printed = [one for document in documents for one in document.get("items", [document])]
    assert [one["sticker"] for one in printed] == ["26A-00001", "26A-00002"]


def test_what_cannot_be_printed_is_refused_and_its_item_named(session):
    results = factories.done(session, 3, certificate_mode=EACH)
    item = session.get_one(Item, results[1].item_id)
    as_if(session, results[1], readings={"seals": "kẹp chì ☃"})

    with pytest.raises(FieldRefusals) as refusal:
        sign(session, results)

    assert list(refusal.value.fields) == [item.code]


def test_work_in_the_laboratory_says_so(session):
    results = factories.done(session, 2)
    for sheet in session.scalars(select(WorkSheet)):
        as_if(session, sheet, place=Place.LABORATORY)

    (certificate,) = sign(session, results)

    assert said(session, certificate)["place"] == "Tại phòng thí nghiệm của Trung tâm"


def test_nobody_signs_without_the_authority(session):
    factories.user(session, Role.SIGNATORY, login="moi")
    results = factories.done(session, 1)

    with pytest.raises(Forbidden, match="no authorisation"):
        service.sign(session, [one.id for one in results], by="moi")


def test_an_inspector_without_a_card_on_the_day_stops_the_certificate(session):
    results = factories.done(session, 1)
    as_if(session, results[0], performed_by="soatlai")

    with pytest.raises(Forbidden, match="soatlai"):
        sign(session, results)


def test_who_has_no_title_signs_by_the_decision(session):
    who = factories.user(session, Role.SIGNATORY, login="phogiamdoc", title="")
    factories.competence(session, who, Act.SIGN, Discipline.VERIFICATION, basis="QĐ 12/QĐ-TT")
    results = factories.done(session, 1)

    (certificate,) = service.sign(session, [results[0].id], by="phogiamdoc")
    session.flush()

    assert certificate.capacity == "QĐ 12/QĐ-TT"
    assert said(session, certificate)["signatory"]["title"] == "QĐ 12/QĐ-TT"


def test_withdrawing_a_certificate_ends_every_place_and_leaves_the_results(session):
    results = factories.done(session, 2)
    (certificate,) = sign(session, results)

    service.withdraw(session, certificate.id, reason="sai nơi sử dụng", by="giamdoc")

    assert {one.validity for one in places(session, certificate)} == {Validity.WITHDRAWN}
    assert {one.state for one in results} == {ResultState.AUTHORISED}
    with pytest.raises(WrongState, match="already"):
        service.withdraw(session, certificate.id, reason="lần nữa", by="giamdoc")


def test_a_new_certificate_names_the_one_it_replaces_and_what_changed(session):
    (old,) = sign(session, factories.done(session, 1))

    same = said(session, old)["serial"]
    new = service.supersede(
        session,
        old.id,
        SupersedeCertificate(reason="ghi sai", changes={"user": "Sạp 7", "serial": same}),
        by="giamdoc",
    )
    session.flush()

    assert (new.number, new.replaces_id) == ("V26-00002", old.id)
    content = said(session, new)
    assert content["user"] == "Sạp 7"
    assert content["replaces"].startswith("V26-00001 ngày 03/03/2026. ")
    assert content["replaces"].endswith("→ “Sạp 7”. Lý do: ghi sai")
    assert [one.validity for one in places(session, old)] == [Validity.SUPERSEDED]
    assert [one.validity for one in places(session, new)] == [Validity.LIVE]
    assert said(session, old)["user"] != "Sạp 7"
    assert queries.details(session, old.id).replaced_by is new
    assert queries.details(session, new.id).replaces is old


def test_only_what_still_holds_goes_on_the_new_list(session):
    results = factories.done(session, 3)
    (old,) = sign(session, results)
    service.withdraw_place(session, results[1].id, reason="nhầm", on=clock.today(), by="worker")

    new = service.supersede(
        session,
        old.id,
        SupersedeCertificate(reason="ghi sai", changes={"items.2.serial": "Z-9"}),
        by="giamdoc",
    )
    session.flush()

    serial = said(session, old)["items"][2]["serial"]
    assert f"{serial}, số hiệu: “{serial}” → “Z-9”" in said(session, new)["replaces"]
    assert [one["serial"] for one in said(session, new)["items"]][1] == "Z-9"
    assert [one.result_id for one in places(session, new)] == [results[0].id, results[2].id]


def test_a_result_cannot_be_changed_by_replacing_its_certificate(session):
    (old,) = sign(session, factories.done(session, 1))

    with pytest.raises(RuleBroken) as refusal:
        service.supersede(
            session,
            old.id,
            SupersedeCertificate(reason="x", changes={"valid_until": "31/12/2099"}),
            by="giamdoc",
        )

    assert refusal.value.field == "changes.valid_until"


def test_what_holds_no_more_is_not_replaced(session):
    (old,) = sign(session, factories.done(session, 1))
    service.withdraw(session, old.id, reason="sai", by="giamdoc")

    with pytest.raises(WrongState, match="nothing to replace"):
        service.supersede(
            session, old.id, SupersedeCertificate(reason="x", changes={}), by="giamdoc"
        )


def test_a_certificate_whose_last_place_is_taken_back_is_withdrawn(session):
    results = factories.done(session, 2)
    (certificate,) = sign(session, results)

    service.withdraw_place(session, results[0].id, reason="nhầm", on=clock.today(), by="worker")
    assert certificate.withdrawn_on is None
    service.withdraw_place(session, results[1].id, reason="nhầm", on=clock.today(), by="worker")

    assert certificate.withdrawn_on == clock.today()
    assert (
        service.withdraw_place(session, results[1].id, reason="n", on=clock.today(), by="worker")
        is None
    )


def authorised(session, result):
    (row,) = [row for row in told(session, "bench.result_authorised") if row.subject == result.id]
    return events.load(row.name, row.payload)


def test_a_later_fail_ends_the_certificate_and_an_earlier_one_does_not(session):
    first = factories.done(session, 1)
    (certificate,) = sign(session, first)
    (late,) = again(session, first, fails=1)
    sign(session, [late])

    as_if(session, late, performed_on=clock.today() - timedelta(days=30))
    service.follow_verdicts(session, [authorised(session, late)], by="worker")
    assert [one.validity for one in places(session, certificate)] == [Validity.LIVE]
    as_if(session, late, performed_on=clock.today())
    service.follow_verdicts(session, [authorised(session, late)], by="worker")

    assert [one.validity for one in places(session, certificate)] == [Validity.ENDED]


def test_a_fail_of_nobody_knows_which_instrument_ends_nothing(session):
    calibrated = calibration(session)
    (certificate,) = sign(session, [calibrated])
    (failed,) = factories.done(session, 1, fails=1)
    as_if(session, session.get_one(Item, failed.item_id), instrument_id=None)
    sign(session, [failed])

    service.follow_verdicts(session, [authorised(session, failed)], by="worker")

    assert [place.validity for place in places(session, certificate)] == [Validity.LIVE]


def test_a_fail_that_was_withdrawn_ends_nothing(session):
    first = factories.done(session, 1)
    (certificate,) = sign(session, first)
    (late,) = again(session, first, fails=1)
    sign(session, [late])
    bench.withdraw(session, late.id, reason="nhầm máy", by="giamdoc")

    service.follow_verdicts(session, [authorised(session, late)], by="worker")

    assert [one.validity for one in places(session, certificate)] == [Validity.LIVE]


def test_an_item_done_again_takes_its_place_even_before_the_worker_cleared_it(session):
    (old_result,) = factories.done(session, 1)
    (old,) = sign(session, [old_result])
    bench.withdraw(session, old_result.id, reason="nhầm", by="giamdoc")
    item = session.get_one(Item, old_result.item_id)
    order = session.get_one(factories.Order, item.order_id)
    new_result = factories.result(
        session, item, factories.sheet(session, order), state=ResultState.CHECKED
    )

    (new,) = sign(session, [new_result])

    assert [one.validity for one in places(session, old)] == [Validity.SUPERSEDED]
    assert [one.validity for one in places(session, new)] == [Validity.LIVE]


def test_certificates_are_found_by_number_code_serial_and_customer(session):
    asked_for = factories.customer(session, name="Ban quản lý chợ Rạch Sỏi")
    order = factories.order(session, asked_for, certificate_mode=EACH)
    signed = sign(session, factories.done(session, 2, of=order))
    sign(session, factories.done(session, 1))
    serial = said(session, signed[1])["serial"]

    def found(q):
        return [one.certificate.number for one in queries.listed(session, q=q)]

    assert found("") == ["V26-00003", "V26-00002", "V26-00001"]
    assert found("v26-00002") == ["V26-00002"]
    assert found(signed[0].code.lower()) == ["V26-00001"]
    assert found(serial) == ["V26-00002"]
    assert found("rach soi") == ["V26-00002", "V26-00001"]
    assert found("không có") == []


def test_the_list_goes_on_where_a_page_ended(session):
    sign(session, factories.done(session, 5, certificate_mode=EACH))

    first = queries.listed(session, limit=2)
    second = queries.listed(session, limit=2, after=first[1].id)

    assert [one.certificate.number for one in first] == ["V26-00005", "V26-00004", "V26-00003"]
    assert [one.certificate.number for one in second] == ["V26-00003", "V26-00002", "V26-00001"]


def test_the_list_says_how_each_certificate_stands(session):
    results = factories.done(session, 5, certificate_mode=EACH)
    signed = sign(session, results)
    later = again(session, results[1:2])
    sign(session, later)
    service.withdraw(session, signed[2].id, reason="sai", by="giamdoc")
    fails = again(session, results[3:4], fails=1)
    sign(session, fails)
    service.follow_verdicts(session, [authorised(session, fails[0])], by="worker")
    place = places(session, signed[4])[0]
    as_if(session, place, valid_until=clock.today() - timedelta(days=1))

    standing = {one.certificate.number: one.standing for one in queries.listed(session)}

    assert [standing[one.number] for one in signed] == [
        Standing.VALID,
        Standing.SUPERSEDED,
        Standing.WITHDRAWN,
        Standing.ENDED,
        Standing.EXPIRED,
    ]


def test_the_sections_show_the_certificates_of_item_order_and_instrument(session):
    results = factories.done(session, 1)
    (old,) = sign(session, results)
    item = session.get_one(Item, results[0].item_id)
    (new,) = sign(session, again(session, results))

    assert [one.id for one in queries.of_item(session, item.id)] == [old.id]
    assert [one.id for one in queries.of_order(session, item.order_id)] == [old.id]
    assert [one.id for one in queries.of_instrument(session, item.instrument_id)] == [
        new.id,
        old.id,
    ]


def test_what_waits_shows_exceptions_first_and_what_will_be_issued(session):
    results = factories.done(session, 4, fails=0, certificate_mode=LIST)
    as_if(session, results[3], outcome=Outcome.FAIL, reason="sai số")

    (group,), following = waiting.groups(session)

    assert group.contexts[0].result is results[3]
    assert [len(one.contexts) for one in group.lists] == [3]
    assert (group.singles, group.minutes_only, group.not_performed) == (0, 1, 0)
    assert following is None
    assert waiting.count(session) == 4
    assert [one.results for one in waiting.queues(session)] == [4]


def test_an_order_is_not_cut_in_two_by_a_page(session):
    first = factories.done(session, 3)
    factories.done(session, 3)

    groups, following = waiting.groups(session, shown=4)

    order_id = session.get_one(Item, first[0].item_id).order_id
    assert [one.order.id for one in groups] == [order_id]
    assert following == order_id
    (rest,), end = waiting.groups(session, shown=4, after=order_id)
    assert (len(rest.contexts), end) == (3, None)
    (large, *_), after = waiting.groups(session, shown=2, order_id=order_id)
    assert (len(large.contexts), after) == (2, order_id)


def test_the_public_learns_from_code_or_number_however_it_is_typed(session):
    (certificate,) = sign(session, factories.done(session, 2))
    typed = certificate.code.replace("-", " ").lower()

    answer = checking.ask(session, typed, clock.today())

    assert answer.number == certificate.number
    assert checking.ask(session, "v26 00001", clock.today()).number == certificate.number
    assert answer.standing is Standing.VALID
    assert checking.ask(session, secrets.token_hex(6), clock.today()) is None
    assert checking.ask(session, "", clock.today()) is None
    assert checking.ask(session, certificate.number, date(2028, 4, 1)).standing is Standing.EXPIRED


def test_the_public_sees_each_item_where_they_differ(session):
    results = factories.done(session, 2)
    (certificate,) = sign(session, results)
    service.withdraw_place(session, results[0].id, reason="nhầm", on=clock.today(), by="worker")
    session.flush()

    answer = checking.ask(session, certificate.code, clock.today())

    assert answer.mixed
    assert [one.standing for one in answer.items] == [Standing.WITHDRAWN, Standing.VALID]


def test_guessing_ends_after_twenty_misses_and_begins_again_after_a_while(session):
    for _ in range(checking.MOST // checking.MISS):
        assert checking.is_patient(session, "10.0.0.9")
        checking.count(session, "10.0.0.9", is_hit=False)
        session.flush()

    assert not checking.is_patient(session, "10.0.0.9")
    assert checking.is_patient(session, "10.0.0.8")
    with clock.at(clock.now() + checking.SPAN):
        assert checking.is_patient(session, "10.0.0.9")
        checking.count(session, "10.0.0.9", is_hit=True)
    assert checking.is_patient(session, "10.0.0.9")


def test_a_place_holds_once_live_for_an_item_and_an_instrument(session):
    sign(session, factories.done(session, 40, certificate_mode=EACH))

    live = session.scalars(select(CertificatePlace)).all()

    assert len({one.item_id for one in live}) == len(live) == 40
    assert len(session.scalars(select(Certificate.code).distinct()).all()) == 40
