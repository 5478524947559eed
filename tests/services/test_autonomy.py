"""Expenses by class, and a year worked out from facts and dated values."""

from datetime import date, timedelta

import pytest

from lims.autonomy import queries, service
from lims.autonomy.commands import EnterExpense, FindExpenses
from lims.billing.models import MoneyCell
from lims.kernel.db import new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.settings import periods
from lims.settings.commands import ClosePeriod
from lims.vocabulary import ExpenseClass, MoneyMeasure, PeriodKind, RevenueClass
from tests import factories
from tests.factories import TODAY


def spend(session, amount=1_000, **values):
    usual = {"spent_on": TODAY, "expense_class": ExpenseClass.PAY, "description": "Lương"}
    command = EnterExpense(amount=amount, **(usual | values))
    expense = service.enter(session, command, by="ketoan")
    session.flush()
    return expense


def revenue(session, amount, day=TODAY, kind=RevenueClass.SERVICES):
    cell = MoneyCell(
        day=day,
        measure=MoneyMeasure.REVENUE,
        contract_id=new_id(),
        revenue_class=kind.value,
        discipline="verification",
        amount=amount,
    )
    factories.save(session, cell)


def decree(session, level="b", share="0.25"):
    factories.parameter(session, "autonomy.level", level)
    factories.parameter(
        session, f"autonomy.development_min.{level}", share, source="NĐ 54/2016/NĐ-CP, Điều 8"
    )


def test_a_year_is_worked_out_and_names_the_values_it_rests_on(session):
    decree(session)
    revenue(session, 10_000_000)
    revenue(session, 2_000_000, kind=RevenueClass.STATE_PAID_SERVICES)
    revenue(session, 99_000_000, day=date(2025, 12, 31))
    spend(session, 3_000_000)
    spend(session, 1_000_000, expense_class=ExpenseClass.TAX)

    accounts = queries.accounts(session, 2026)

    assert accounts.sums.revenue == {
        RevenueClass.STATE_PAID_SERVICES: 2_000_000,
        RevenueClass.SERVICES: 10_000_000,
    }
    assert (accounts.sums.surplus, accounts.minimum, accounts.rest) == (
        8_000_000,
        2_000_000,
        6_000_000,
    )
    assert accounts.share.source == "NĐ 54/2016/NĐ-CP, Điều 8"
    assert accounts.level.value == "b"


def test_the_values_are_those_of_the_last_day_of_the_year(session):
    decree(session)
    later = date(2027, 1, 1)
    factories.parameter(session, "autonomy.level", "2", valid_from=later)
    factories.parameter(session, "autonomy.development_min.2", "0.30", valid_from=later)

    assert queries.accounts(session, 2026).share.value == "0.25"
    assert queries.accounts(session, 2027).share.value == "0.30"


def test_what_is_not_known_is_named_and_nothing_is_made_up(session):
    without = queries.accounts(session, 2026)
    factories.parameter(session, "autonomy.level", "c9")
    half = queries.accounts(session, 2026)

    assert (without.level, without.minimum, without.rest) == (None, None, None)
    assert without.missing == "autonomy.level"
    assert half.missing == "autonomy.development_min.c9"


def test_a_level_for_which_the_law_sets_no_least_share_leaves_the_fund_open(session):
    decree(session, share="none")
    revenue(session, 1_000_000)

    accounts = queries.accounts(session, 2026)

    assert (accounts.rate, accounts.minimum, accounts.rest) == (0, 0, 1_000_000)


def test_a_deficit_distributes_nothing(session):
    decree(session)
    spend(session)

    accounts = queries.accounts(session, 2026)

    assert (accounts.sums.surplus, accounts.minimum, accounts.rest) == (-1_000, 0, 0)


def test_a_wrong_entry_is_reversed_once_and_stays_in_the_list(session):
    wrong, right = spend(session), spend(session, 2_000)

    service.reverse(session, wrong.id, reason="Nhập hai lần", by="ketoan")
    session.flush()

    assert queries.accounts(session, 2026).sums.expenses == {ExpenseClass.PAY: 2_000}
    assert {expense.id for expense in queries.expenses(session, FindExpenses(limit=9))} == {
        wrong.id,
        right.id,
    }
    with pytest.raises(WrongState, match="already"):
        service.reverse(session, wrong.id, reason="x", by="ketoan")


def test_expenses_are_listed_by_year_and_class_the_latest_day_first(session):
    old = spend(session, spent_on=date(2025, 5, 1))
    pay = [spend(session, spent_on=TODAY - timedelta(days=n)) for n in range(3)]
    spend(session, expense_class=ExpenseClass.OTHER)

    def listed(**values):
        wanted = FindExpenses(expense_class=ExpenseClass.PAY, **values)
        return [expense.id for expense in queries.expenses(session, wanted)]

    assert listed(year=2026, limit=9) == [expense.id for expense in pay]
    assert listed(year=2026, limit=1) == [pay[0].id, pay[1].id]
    assert listed(year=2026, limit=9, after=pay[1].id) == [pay[2].id]
    assert listed(year=2025, limit=9) == [old.id]


def test_what_cannot_be_is_not_entered(session):
    with pytest.raises(RuleBroken, match="later day"):
        spend(session, spent_on=TODAY + timedelta(days=1))
    with pytest.raises(RuleBroken, match="reversed, never"):
        spend(session, 0)


def test_an_expense_is_not_dated_into_a_closed_period(session):
    january = ClosePeriod(kind=PeriodKind.MONEY, first=date(2025, 1, 1), last=date(2025, 1, 31))
    periods.close(session, january, by="director")
    session.flush()

    with pytest.raises(RuleBroken, match="lies in a closed period") as refusal:
        spend(session, spent_on=date(2025, 1, 31))

    assert refusal.value.field == "spent_on"
