from datetime import date

import pytest

from lims.indicators import service
from lims.indicators.commands import CountActivity, DefineIndicator
from lims.kernel.errors import RuleBroken
from lims.settings import periods
from lims.settings.commands import ClosePeriod
from lims.vocabulary import PeriodKind
from tests.factories import TODAY


@pytest.fixture
def trained(session):
    made = service.define(
        session,
        DefineIndicator(
            code="tap-huan", name_vi="Cơ quan được tập huấn", name_en="Agencies trained"
        ),
        by="sep",
    )
    session.flush()
    return made


def count(session, indicator, quantity, *, on=TODAY, note=""):
    return service.count(
        session, indicator.id, CountActivity(counted_on=on, quantity=quantity, note=note), by="sep"
    )


def test_a_year_is_the_sum_of_its_counts_corrections_included(session, trained):
    count(session, trained, 54)
    count(session, trained, -2, note="ghi hai lần")
    count(session, trained, 9, on=date(2025, 12, 31))
    session.flush()

    assert service.year(session, 2026) == {trained.id: 52}
    assert [one.quantity for one in service.counts(session, trained.id)][-1] == 9


@pytest.mark.parametrize(
    ("quantity", "on", "note", "field"),
    [
        (1, date(2026, 3, 4), "", "counted_on"),
        (0, TODAY, "", "quantity"),
        (-1, TODAY, "", "note"),
    ],
)
def test_a_count_that_makes_no_sense_is_refused_beside_its_field(
    session, trained, quantity, on, note, field
):
    with pytest.raises(RuleBroken) as refusal:
        count(session, trained, quantity, on=on, note=note)

    assert refusal.value.field == field


def test_nothing_is_counted_into_a_closed_period(session, trained):
    december = ClosePeriod(kind=PeriodKind.WORK, first=date(2025, 12, 1), last=date(2025, 12, 31))
    periods.close(session, december, by="director")
    session.flush()

    with pytest.raises(RuleBroken, match="lies in a closed period") as refusal:
        count(session, trained, 9, on=date(2025, 12, 31))

    assert refusal.value.field == "counted_on"


def test_a_code_is_given_once(session, trained):
    with pytest.raises(RuleBroken, match="taken"):
        service.define(
            session, DefineIndicator(code="tap-huan", name_vi="x", name_en="x"), by="sep"
        )
