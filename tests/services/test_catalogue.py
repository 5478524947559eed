"""The catalogue: loaded once, priced by date, searched without accents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from lims.catalogue import loading, queries, service
from lims.catalogue.commands import (
    AddMethod,
    AddService,
    AddType,
    CorrectMethod,
    CorrectService,
    CorrectType,
    SetCycle,
    SetPrice,
)
from lims.catalogue.models import InstrumentType, LegalCycle, Method, Service
from lims.eventlog import log
from lims.eventlog.events import load
from lims.eventlog.log import Outgoing
from lims.kernel.errors import NotFound, RuleBroken
from lims.settings import areas, parameters
from lims.settings.commands import SetParameter
from lims.vocabulary import Discipline, Field
from tests import factories
from tests.factories import TODAY


def told(session):
    log.write(session)
    return [
        load(one.name, one.payload)
        for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))
    ]


def by_code(session, model, code):
    return session.scalars(select(model).where(model.code == code)).one()


def test_the_data_files_are_loaded_once_and_tell_one_fact_for_each_kind(session):
    first = service.load(session, by="admin")
    second = service.load(session, by="admin")

    assert first["instrument_types"] == 88
    assert first["services"] >= 25
    assert set(second.values()) == {0}
    assert [(fact.what, fact.rows) for fact in told(session)] == list(first.items())


def test_what_the_centre_changed_survives_another_loading(session):
    service.load(session, by="admin")
    scale = by_code(session, InstrumentType, "can-ban")
    service.change_type(session, scale.id, CorrectType(note="Cân của kho gạo"), by="admin")
    session.flush()

    service.load(session, by="admin")

    session.refresh(scale)
    assert scale.note == "Cân của kho gạo"


def test_a_type_that_was_loaded_without_characteristics_gets_those_of_the_file(session):
    service.load(session, by="admin")
    scale = by_code(session, InstrumentType, "can-ban")
    listed, scale.characteristics = scale.characteristics, []
    session.flush()

    service.load(session, by="admin")

    assert scale.characteristics == listed
    assert [each["code"] for each in listed] == ["max", "min", "e", "d", "class"]


def test_every_loaded_service_can_be_charged_and_performed_in_2017_and_today(session):
    service.load(session, by="admin")

    for on in (date(2017, 6, 1), TODAY):
        for one in service.services(session):
            assert service.price_of(session, one.id, on).amount > 0
            found = service.methods(session, one.discipline, on, one.type_id)
            assert found or one.code == "kd-taximet"


def test_the_loaded_cycles_follow_the_law_of_the_day(session):
    service.load(session, by="admin")

    def until(code, on):
        return service.valid_until(session, by_code(session, InstrumentType, code).id, on)

    assert until("taximet", date(2017, 5, 10)) == date(2018, 5, 31)
    assert until("taximet", date(2020, 5, 10)) == date(2021, 11, 30)
    assert until("cong-to-3-pha-dien-tu", date(2019, 12, 31)) == date(2021, 12, 31)
    assert until("cong-to-3-pha-dien-tu", date(2020, 1, 1)) == date(2023, 1, 31)
    assert until("can-ban", date(2017, 1, 3)) == date(2018, 1, 31)
    assert until("thuoc-cuon", TODAY) is None
    assert until("do-sac-o-to-dien-ac", date(2024, 10, 14)) is None


def test_the_loaded_areas_and_parameters_are_dated(session):
    service.load(session, by="admin")

    known = {area.code: area for area in areas.listed(session)}
    assert len([area for area in known.values() if area.valid_to == date(2025, 6, 30)]) == 15
    assert known["phu-quoc"].successor == "dac-khu-phu-quoc"
    assert known["dac-khu-phu-quoc"].valid_from == date(2025, 7, 1)

    def value(name, on):
        return parameters.value(session, name, on).value

    assert value("autonomy.development_min.b", date(2017, 12, 31)) == "0.25"
    assert value("autonomy.income_max.a", date(2017, 12, 31)) == "none"
    assert value("autonomy.income_max.2", date(2023, 12, 31)) == "2"
    assert value("base_salary", date(2018, 6, 30)) == "1300000"
    assert value("invoice.series", date(2017, 6, 1)) == "AA/17P"
    assert value("invoice.series", TODAY) == "C26TAA"


def test_a_certificate_ends_on_the_day_itself_where_the_centre_reads_the_law_so(session):
    scale = factories.instrument_type(session, months=12)
    setting = SetParameter(
        name="certificate.end_of_month",
        valid_from=date(2026, 3, 1),
        value="no",
        source="QĐ nội bộ",
    )
    parameters.set_value(session, setting, by="admin")

    assert service.valid_until(session, scale.id, date(2026, 2, 10)) == date(2027, 2, 28)
    assert service.valid_until(session, scale.id, TODAY) == date(2027, 3, 3)


def test_a_new_price_holds_from_its_day_and_leaves_the_old_one(session):
    what = factories.service(session, amount=30_000)

    service.set_price(
        session,
        what.id,
        SetPrice(
            amount=35_000,
            vat_rate=Decimal("0.08"),
            charged_on_fail=False,
            valid_from=date(2026, 4, 1),
            source="QĐ 15/QĐ-TT",
        ),
        by="ketoan",
    )
    session.flush()

    last, first = date(2026, 3, 31), date(2026, 4, 1)
    assert service.price_of(session, what.id, last).amount == 30_000
    assert service.prices_of(session, [what.id], last)[what.id].amount == 30_000
    assert service.prices_of(session, [what.id], first)[what.id].amount == 35_000
    later = service.price_of(session, what.id, first)
    assert (later.amount, later.gross, later.charged_on_fail) == (35_000, 37_800, False)
    (fact,) = told(session)
    assert (fact.service_id, fact.amount, fact.vat_rate) == (what.id, 35_000, "0.08")


def test_a_price_to_come_may_be_corrected_and_is_told_again(session):
    what = factories.service(session)
    said = {
        "vat_rate": Decimal("0.05"),
        "charged_on_fail": True,
        "valid_from": date(2026, 4, 1),
        "source": "QĐ 15/QĐ-TT",
    }

    service.set_price(session, what.id, SetPrice(amount=350_000, **said), by="ketoan")
    service.set_price(session, what.id, SetPrice(amount=35_000, **said), by="ketoan")
    session.flush()

    assert service.price_of(session, what.id, date(2026, 4, 1)).amount == 35_000
    assert [fact.amount for fact in told(session)] == [350_000, 35_000]


def test_a_service_without_a_price_is_refused_by_name(session):
    what = factories.service(session)

    with pytest.raises(NotFound, match=what.code):
        service.price_of(session, what.id, date(2019, 12, 31))

    assert service.prices_of(session, [what.id], date(2019, 12, 31)) == {}
    assert service.prices_of(session, [what.id], date(2020, 1, 1))[what.id].amount == 30_000
    assert service.prices_of(session, [what.id], TODAY)[what.id].amount == 30_000


def test_a_cycle_of_earlier_entered_after_a_newer_one_does_not_replace_it(session):
    scale = factories.instrument_type(session, months=12)
    newest = service.cycle_of(session, scale.id, TODAY)

    service.set_cycle(
        session,
        scale.id,
        SetCycle(months=24, valid_from=newest.valid_from - timedelta(days=30), source="TT 08/2018"),
        by="admin",
    )
    session.flush()

    assert service.cycle_of(session, scale.id, TODAY).months == 12
    assert [one.months for one in queries.cycles(session, scale.id)] == [12, 24]


def test_a_new_cycle_holds_from_its_day(session):
    scale = factories.instrument_type(session, months=12)

    service.set_cycle(
        session,
        scale.id,
        SetCycle(months=24, valid_from=date(2026, 4, 15), source="TT 04/2026"),
        by="admin",
    )
    session.flush()

    assert service.cycle_of(session, scale.id, TODAY).months == 12
    assert service.cycle_of(session, scale.id, date(2026, 4, 15)).months == 24
    assert [one.months for one in queries.cycles(session, scale.id)] == [24, 12]
    (fact,) = told(session)
    assert (fact.code, fact.months) == (scale.code, 24)


def test_a_type_without_a_cycle_has_no_last_day(session):
    tape = factories.instrument_type(session, months=None)

    assert service.valid_until(session, tape.id, TODAY) is None


def test_a_types_own_methods_are_offered_before_the_general_ones(session):
    scale = factories.instrument_type(session)
    factories.method(session, code="QT 01")

    def offered(type_id):
        return [
            one.code for one in service.methods(session, Discipline.VERIFICATION, TODAY, type_id)
        ]

    assert offered(scale.id) == ["QT 01"]
    factories.method(session, code="ĐLVN 30", type_id=scale.id)
    factories.method(session, code="ĐLVN 31", type_id=scale.id, valid_to=date(2025, 1, 1))

    assert offered(scale.id) == ["ĐLVN 30"]
    assert sorted(offered(None)) == ["QT 01", "ĐLVN 30"]


def test_entries_are_added_and_changed_with_their_facts(session):
    scale = service.add_type(
        session,
        AddType(code="can-vang", name_vi="Cân vàng", name_en="Gold scale", field=Field.MASS),
        by="a",
    )
    session.flush()
    method = service.add_method(
        session,
        AddMethod(
            code="ĐLVN 99",
            edition="2026",
            title="Cân vàng. Quy trình kiểm định",
            discipline=Discipline.VERIFICATION,
            valid_from=TODAY,
            type_id=scale.id,
        ),
        by="a",
    )
    session.flush()
    offered = service.add_service(
        session,
        AddService(
            code="kd-can-vang",
            name_vi="Kiểm định cân vàng",
            name_en="Verification: gold scale",
            discipline=Discipline.VERIFICATION,
            field=Field.MASS,
            type_id=scale.id,
            method_id=method.id,
        ),
        by="a",
    )
    session.flush()
    service.change_method(session, method.id, CorrectMethod(valid_to=date(2027, 1, 1)), by="a")
    service.change_service(session, offered.id, CorrectService(active=False), by="a")

    assert service.services(session, q="can vang") == []
    assert [(fact.name, fact.what) for fact in told(session)] == [
        ("catalogue.entry_added", "instrument_type"),
        ("catalogue.entry_added", "method"),
        ("catalogue.entry_added", "service"),
        ("catalogue.entry_changed", "method"),
        ("catalogue.entry_changed", "service"),
    ]


def test_a_code_is_given_once(session):
    scale = factories.instrument_type(session)
    method = factories.method(session)

    with pytest.raises(RuleBroken, match="taken"):
        service.add_type(
            session, AddType(code=scale.code, name_vi="x", name_en="x", field=Field.MASS), by="a"
        )
    with pytest.raises(RuleBroken, match="there already"):
        service.add_method(
            session,
            AddMethod(
                code=method.code,
                edition=method.edition,
                title="x",
                discipline=Discipline.VERIFICATION,
                valid_from=TODAY,
            ),
            by="a",
        )


def test_a_service_names_a_type_that_is_in_the_catalogue(session):
    what = factories.service(session)

    with pytest.raises(RuleBroken, match="Choose one") as refusal:
        service.change_service(session, what.id, CorrectService(type_id=what.id), by="a")

    assert refusal.value.field == "type_id"
    with pytest.raises(RuleBroken, match="Choose one"):
        service.change_method(session, what.method_id, CorrectMethod(type_id=what.id), by="a")


def test_services_are_found_without_accents_in_any_order_of_words(session):
    service.load(session, by="admin")

    def codes(q, discipline=None):
        return {one.code for one in service.services(session, discipline=discipline, q=q)}

    assert codes("lo xo 30kg") == {"kd-can-dong-ho-lo-xo-30kg"}
    assert codes("HUYẾT áp") == {"kd-huyet-ap-ke"}
    assert codes("can phan tich", Discipline.VERIFICATION) == set()
    assert codes("100%") == set()


def test_lists_go_on_where_a_page_ended(session):
    service.load(session, by="admin")

    def walked(query, limit=7):
        after, seen = None, []
        while rows := query(after=after, limit=limit):
            seen += [one.id for one in rows[:limit]]
            after = rows[limit - 1].id if len(rows) > limit else None
            if after is None:
                break
        return seen

    def count(model):
        return session.scalar(select(func.count()).select_from(model))

    types = walked(lambda **where: queries.types(session, TODAY, **where))
    assert len(types) == len(set(types)) == count(InstrumentType)
    tariff = walked(lambda **where: queries.tariff(session, TODAY, **where))
    assert len(tariff) == len(set(tariff)) == count(Service)
    methods = walked(lambda **where: queries.methods(session, **where))
    assert len(methods) == len(set(methods)) == count(Method)


def test_the_list_of_types_stands_in_the_order_of_the_law_with_todays_cycle(session):
    service.load(session, by="admin")

    rows = queries.types(session, TODAY, field=Field.MASS)

    law = [row.type.law_row for row in rows]
    assert law == sorted(law)
    cycles = {row.type.code: row.cycle.months for row in rows}
    assert (cycles["can-dong-ho-lo-xo"], cycles["can-ban"]) == (24, 12)
    assert [row.type.code for row in queries.types(session, TODAY, q="thong so nuoc")] == [
        "do-thong-so-nuoc"
    ]


def test_the_posted_tariff_leaves_out_what_is_not_offered_or_has_no_price(session):
    shown = factories.service(session)
    factories.service(session, active=False)

    assert [one.service for one in queries.posted(session, TODAY)] == [shown]
    assert queries.posted(session, date(2019, 1, 1)) == []


def test_every_row_of_the_data_files_names_its_source():
    types = loading._file("instrument_types")  # noqa: SLF001 - the files themselves
    tariff = loading._file("tariff")  # noqa: SLF001
    values = loading._file("parameters")  # noqa: SLF001

    assert all(cycle["source"] for one in types for cycle in one["cycles"])
    assert all(price["source"] for one in tariff for price in one["prices"])
    assert all(value["source"] for one in values for value in one["values"])
    assert {Field(one["field"]) for one in types} == set(Field)


def test_test_parameters_come_in_their_order_with_their_limits(session):
    service.load(session, by="admin")

    water = by_code(session, Service, "tn-nuoc-sinh-hoat")
    found = service.tested(session, water.id)

    assert [(one.code, one.minimum, one.maximum) for one in found] == [
        ("ph", Decimal("6.0"), Decimal("8.5")),
        ("do-duc", None, Decimal(2)),
        ("clo-du", Decimal("0.2"), Decimal("1.0")),
    ]
    assert session.scalar(select(func.count()).select_from(LegalCycle)) > 88


def test_the_methods_of_a_discipline_are_those_in_force_by_number_the_newest_edition_first(session):
    usual = {"code": "ĐLVN 1", "edition": "2019"}
    first = factories.method(session, **usual, valid_to=TODAY)
    newer = factories.method(session, **{**usual, "edition": "2025"}, valid_from=TODAY)
    other = factories.method(session, **{**usual, "code": "ĐLVN 0"})
    factories.method(session, Discipline.CALIBRATION, **{**usual, "code": "ĐLVN 2"})
    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

    by_day = {
        on: service.methods(session, Discipline.VERIFICATION, on) for on in (before, TODAY, after)
    }

    assert by_day == {before: [other, first], TODAY: [other, newer, first], after: [other, newer]}
