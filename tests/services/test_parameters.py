"""Dated values: the law changes, what was issued does not."""

from datetime import date

import pytest
from sqlalchemy import select

from lims.catalogue import service as catalogue
from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.kernel.errors import NotFound, RuleBroken
from lims.settings import definitions, parameters
from lims.settings.commands import SetParameter
from tests.factories import TODAY


def put(session, name, value, valid_from=TODAY):
    command = SetParameter(name=name, valid_from=valid_from, value=value, source="QĐ 1")
    parameter = parameters.set_value(session, command, by="admin")
    session.flush()
    return parameter


def test_a_value_holds_from_its_day_on(session):
    put(session, "base_salary", "2340000", date(2024, 7, 1))
    put(session, "base_salary", "2530000", date(2026, 7, 1))

    assert parameters.value(session, "base_salary", TODAY).value == "2340000"
    assert parameters.value(session, "base_salary", date(2026, 7, 1)).value == "2530000"
    with pytest.raises(NotFound, match="base_salary"):
        parameters.value(session, "base_salary", date(2024, 6, 30))
    log.write(session)
    names = [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]
    assert names == ["kernel.parameter_set"] * 2


def test_a_value_of_earlier_entered_after_a_newer_one_does_not_replace_it(session):
    put(session, "base_salary", "2530000", date(2026, 2, 1))
    put(session, "base_salary", "1800000", date(2023, 7, 1))

    assert parameters.value(session, "base_salary", TODAY).value == "2530000"
    assert parameters.value(session, "base_salary", date(2025, 1, 1)).value == "1800000"


def test_todays_value_may_be_corrected_and_yesterdays_may_not(session):
    put(session, "centre.phone", "0297 1")
    put(session, "centre.phone", "0297 2")
    put(session, "centre.city", "Rạch Giá", date(2026, 3, 2))

    assert [one.value for one in parameters.listed(session)] == ["Rạch Giá", "0297 2"]
    with pytest.raises(RuleBroken, match="was in force"):
        put(session, "centre.city", "Hà Tiên", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("certificate.end_of_month", "maybe"),
        ("base_salary", "2.340.000"),
        ("base_salary", "２"),
        ("autonomy.development_min.b", "25 %"),
        ("autonomy.income_max.b", "-1"),
        ("autonomy.income_max.b", "NaN"),
        ("autonomy.income_max.b", "1e999999"),
        ("autonomy.income_max.b", "1_0"),
        ("autonomy.income_max.b", "٣"),
        ("autonomy.income_max.b", "2,5"),
        ("base_salary", "٢٣٤"),
    ],
)
def test_a_value_that_could_not_be_calculated_with_is_refused(session, name, value):
    with pytest.raises(RuleBroken) as refusal:
        put(session, name, value)

    assert refusal.value.field == "value"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("certificate.end_of_month", "no"),
        ("autonomy.income_max.a", "none"),
        ("autonomy.income_max.b", "2.5"),
    ],
)
def test_the_forms_a_value_may_have(session, name, value):
    assert put(session, name, value).value == value


@pytest.mark.parametrize("name", ["nonsense", "base_salary.b", "autonomy.income_max."])
def test_a_value_that_no_feature_reads_is_refused(session, name):
    with pytest.raises(RuleBroken) as refusal:
        put(session, name, "1")

    assert refusal.value.field == "name"


def test_a_level_calls_for_its_share(session):
    assert "autonomy.development_min.b" not in parameters.names(session)

    put(session, "autonomy.level", "b")

    assert "autonomy.development_min.b" in parameters.names(session)
    assert "autonomy.development_min." not in parameters.names(session)


def test_two_features_do_not_define_one_parameter():
    with pytest.raises(TypeError, match="Two parameters"):
        definitions.register(definitions.DEFINITIONS["base_salary"])


def test_every_value_that_comes_with_the_catalogue_is_defined_and_can_be_worked_with(session):
    catalogue.load(session, by="admin")
    session.flush()

    for row in parameters.listed(session):
        definition = definitions.find(row.name)
        assert definition is not None, row.name
        definition.check(row.value)
