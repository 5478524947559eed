"""When work may rest on a standard, without a database."""

from datetime import date

import pytest

from lims.equipment.commands import CalibrationCertificate, CorrectStandard
from lims.equipment.models import Standard, require_days
from lims.kernel.errors import RuleBroken, WrongState
from lims.vocabulary import Field

TODAY = date(2026, 3, 3)


def standard(**said):
    said = {"calibrated_on": date(2025, 3, 10), "due_on": date(2026, 3, 31)} | said
    return Standard(
        code="CH-01",
        name="Bộ quả cân F2",
        serial="QC-01",
        field=Field.MASS,
        certificate="V01.CN5.0001.25",
        calibrated_by="Viện Đo lường Việt Nam",
        **said,
    )


@pytest.mark.parametrize(
    ("due_on", "fitness"),
    [
        (date(2026, 3, 2), "expired"),
        (date(2026, 3, 3), "due_soon"),
        (date(2026, 4, 2), "due_soon"),
        (date(2026, 4, 3), "fit"),
    ],
)
def test_a_standard_says_how_it_stands_today(due_on, fitness):
    assert standard(due_on=due_on).fitness(TODAY) == fitness


def test_work_does_not_rest_on_a_certificate_that_has_run_out():
    old = standard(due_on=date(2026, 2, 28))

    with pytest.raises(RuleBroken, match="does not cover") as refusal:
        old.require_usable(TODAY)

    assert refusal.value.field == "standards"
    old.require_usable(date(2026, 2, 28))


def test_a_standard_out_of_service_comes_back_with_its_next_certificate():
    broken = standard()

    broken.take_out(reason="rơi", on=TODAY)
    assert broken.fitness(TODAY) == "out_of_service"
    with pytest.raises(RuleBroken, match="out of service"):
        broken.require_usable(TODAY)
    with pytest.raises(WrongState, match="already"):
        broken.take_out(reason="rơi", on=TODAY)

    certificate = CalibrationCertificate(
        certificate="V01.CN5.0009.26",
        calibrated_by="Viện Đo lường Việt Nam",
        calibrated_on=TODAY,
        due_on=date(2027, 3, 3),
    )
    fact = broken.calibrate(certificate, on=TODAY)
    assert (fact.certificate, fact.due_on) == ("V01.CN5.0009.26", date(2027, 3, 3))
    assert broken.usable(TODAY)
    assert "v01.cn5.0009.26" in broken.folded
    assert broken.revision == 3


def test_a_calibration_of_a_standard_entered_after_a_newer_one_moves_no_date():
    fit = standard(calibrated_on=date(2026, 2, 10), due_on=date(2027, 2, 10))
    fit.take_out(reason="rơi", on=TODAY)
    older = CalibrationCertificate(
        certificate="V01.CN5.0007.23",
        calibrated_by="Viện Đo lường Việt Nam",
        calibrated_on=date(2023, 2, 10),
        due_on=date(2024, 2, 10),
    )

    fact = fit.calibrate(older, on=TODAY)

    assert (fact.certificate, fact.due_on) == ("V01.CN5.0007.23", date(2024, 2, 10))
    assert fact.happened_on == date(2023, 2, 10)
    assert (fit.certificate, fit.due_on) == ("V01.CN5.0001.25", date(2027, 2, 10))
    assert not fit.in_service


@pytest.mark.parametrize(
    ("calibrated_on", "due_on", "field"),
    [
        (date(2026, 3, 4), date(2027, 3, 4), "calibrated_on"),
        (date(2026, 3, 1), date(2026, 3, 1), "due_on"),
    ],
)
def test_a_certificate_has_possible_days(calibrated_on, due_on, field):
    with pytest.raises(RuleBroken) as refusal:
        require_days(calibrated_on, due_on, on=TODAY)

    assert refusal.value.field == field


def test_a_standard_is_given_another_name_and_keeps_its_code():
    named = standard()

    fact = named.change(CorrectStandard(name="Bộ quả cân F1"), on=TODAY)

    assert (named.name, fact.code, named.revision) == ("Bộ quả cân F1", "CH-01", 2)
