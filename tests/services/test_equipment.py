"""The centre's standards: entered, calibrated, taken out, found."""

from datetime import date

import pytest
from sqlalchemy import select

from lims.equipment import queries, service
from lims.equipment.commands import AddStandard, CalibrationCertificate, CorrectStandard
from lims.equipment.events import StandardCalibrated, StandardTakenOut
from lims.eventlog import log
from lims.eventlog.history import history
from lims.eventlog.log import Outgoing
from lims.kernel.errors import RuleBroken
from lims.vocabulary import Field
from tests import factories
from tests.factories import TODAY


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def entered(session, **said):
    said = {
        "code": "CH-01",
        "name": "Bộ quả cân F2",
        "serial": "QC-01",
        "field": Field.MASS,
        "certificate": "V01.CN5.0001.25",
        "calibrated_by": "Viện Đo lường Việt Nam",
        "calibrated_on": date(2025, 12, 1),
        "due_on": date(2026, 12, 1),
    } | said
    standard = service.add(session, AddStandard(**said), by="chatluong")
    session.flush()
    return standard


def test_a_standard_lives_from_its_entry_to_its_leaving(session):
    standard = entered(session)
    service.calibrate(
        session,
        standard.id,
        CalibrationCertificate(
            certificate="V01.CN5.0009.26",
            calibrated_by="Viện Đo lường Việt Nam",
            calibrated_on=date(2026, 3, 1),
            due_on=date(2027, 3, 1),
        ),
        by="chatluong",
    )
    service.change(session, standard.id, CorrectStandard(accuracy="F2"), by="chatluong")
    service.take_out(session, standard.id, reason="rơi vỡ quả 5 kg", by="chatluong")

    assert told(session) == [
        "equipment.standard_added",
        "equipment.standard_calibrated",
        "equipment.standard_changed",
        "equipment.standard_taken_out",
    ]
    entries = history(session, standard.id)
    assert {entry.fact.name for entry in entries} == set(told(session))
    (taken_out,) = (entry.fact for entry in entries if isinstance(entry.fact, StandardTakenOut))
    assert taken_out.reason == "rơi vỡ quả 5 kg"
    assert {entry.at for entry in entries} == {None}


def test_the_newest_calibration_by_day_of_work_counts_and_the_history_sorts_by_that_day(session):
    standard = entered(session)

    for year in (2024, 2026, 2023):
        service.calibrate(
            session,
            standard.id,
            CalibrationCertificate(
                certificate=f"V01.CN5.{year}",
                calibrated_by="Viện Đo lường Việt Nam",
                calibrated_on=date(year, 2, 1),
                due_on=date(year + 1, 2, 1),
            ),
            by="chatluong",
        )

    assert (standard.certificate, standard.due_on) == ("V01.CN5.2026", date(2027, 2, 1))
    assert standard.calibrated_on == date(2026, 2, 1)
    log.write(session)
    facts = [entry.fact for entry in history(session, standard.id)]
    calibrations = [fact for fact in facts if isinstance(fact, StandardCalibrated)]
    assert [fact.calibrated_on.year for fact in calibrations] == [2026, 2024, 2023]
    assert [one.id for one in service.usable(session, TODAY)] == [standard.id]


def test_a_code_is_given_once(session):
    entered(session)

    with pytest.raises(RuleBroken, match="taken") as refusal:
        entered(session)

    assert refusal.value.field == "code"


def test_a_certificate_of_tomorrow_is_not_entered(session):
    with pytest.raises(RuleBroken, match="future"):
        entered(session, calibrated_on=date(2026, 3, 4))


def test_only_standards_in_date_and_in_service_are_usable(session):
    fit = factories.standard(session, field=Field.MASS)
    factories.standard(session, due_on=date(2026, 3, 2))
    factories.standard(session, calibrated_on=date(2026, 3, 4))
    factories.standard(session, in_service=False)
    pressure = factories.standard(session, field=Field.PRESSURE)

    assert service.usable(session, TODAY, Field.MASS) == [fit]
    assert {one.id for one in service.usable(session, TODAY)} == {fit.id, pressure.id}


def test_the_list_begins_with_what_falls_due_first_and_goes_on_page_by_page(session):
    made = [factories.standard(session, due_on=date(2026, 6, day)) for day in (3, 1, 2, 1)]

    first = queries.listed(session, limit=2)
    second = queries.listed(session, limit=2, after=first[1].id)

    assert [one.due_on.day for one in (*first[:2], *second)] == [1, 1, 2, 3]
    assert {one.id for one in (*first[:2], *second)} == {one.id for one in made}


def test_standards_are_found_by_what_is_written_on_them(session):
    entered(session)
    entered(session, code="AK-01", name="Áp kế chuẩn", serial="P9", field=Field.PRESSURE)

    assert [one.code for one in queries.listed(session, q="ap ke")] == ["AK-01"]
    assert [one.code for one in queries.listed(session, q="qc-01")] == ["CH-01"]
    assert queries.listed(session, field=Field.LENGTH) == []
    assert queries.listed(session, in_service=False) == []


def test_what_expires_within_thirty_days_is_looked_after(session):
    soon = factories.standard(session, due_on=date(2026, 4, 2))
    late = factories.standard(session, due_on=date(2026, 3, 1))
    factories.standard(session, due_on=date(2026, 4, 3))
    factories.standard(session, due_on=date(2026, 3, 1), in_service=False)

    assert list(queries.expiring(session, TODAY)) == [late, soon]
