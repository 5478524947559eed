"""Closed periods: what was reported stays as it was reported."""

from datetime import date, timedelta
from threading import Thread

import pytest

from lims.kernel import clock
from lims.kernel.db import transaction
from lims.kernel.errors import RuleBroken, WrongState
from lims.settings import periods
from lims.settings.commands import ClosePeriod
from lims.settings.periods import PeriodClosed, PeriodReopened
from lims.vocabulary import PeriodKind
from tests.factories import TODAY

FIRST, LAST = date(2025, 1, 1), date(2025, 1, 31)


def close(session, kind=PeriodKind.MONEY, first=FIRST, last=LAST):
    period = periods.close(session, ClosePeriod(kind=kind, first=first, last=last), by="director")
    session.flush()
    return period


def test_nothing_is_dated_into_a_closed_period(session):
    close(session)

    for day in (FIRST, LAST):
        with pytest.raises(RuleBroken, match="from 2025-01-01 to 2025-01-31: give a later day"):
            periods.require_open(session, PeriodKind.MONEY, day)


def test_the_days_around_it_and_the_other_kind_stay_open(session):
    close(session)

    periods.require_open(session, PeriodKind.MONEY, FIRST - timedelta(days=1))
    periods.require_open(session, PeriodKind.MONEY, LAST + timedelta(days=1))
    periods.require_open(session, PeriodKind.WORK, FIRST)


def test_a_period_is_closed_once(session):
    close(session)

    with pytest.raises(RuleBroken, match="are closed already"):
        close(session, first=LAST, last=date(2025, 2, 28))
    close(session, kind=PeriodKind.WORK)


def test_what_is_being_dated_back_is_waited_for_before_its_period_closes(database):
    def close_it():
        with transaction() as session:
            close(session)

    closing = Thread(target=close_it)
    with transaction() as session:
        periods.require_open(session, PeriodKind.MONEY, FIRST)
        closing.start()
        closing.join(0.3)
        assert closing.is_alive()
    closing.join()

    with transaction() as session, pytest.raises(RuleBroken, match="closed period"):
        periods.require_open(session, PeriodKind.MONEY, LAST)


def test_only_days_that_are_over_are_closed(session):
    with pytest.raises(RuleBroken, match="are over"):
        close(session, last=clock.today())
    with pytest.raises(RuleBroken, match="before the first"):
        close(session, first=LAST, last=FIRST)


def test_a_reopened_period_takes_days_again_and_keeps_the_reason(session):
    period = close(session)

    periods.reopen(session, period.id, reason="An invoice of January was missing", by="director")
    session.flush()

    periods.require_open(session, PeriodKind.MONEY, FIRST)
    assert period.reopen_reason == "An invoice of January was missing"
    with pytest.raises(WrongState, match="open again already"):
        periods.reopen(session, period.id, reason="Again", by="director")
    close(session)


def test_both_facts_name_the_kind_and_the_days():
    period = periods.ClosedPeriod(
        kind=PeriodKind.WORK, first=FIRST, last=LAST, closed_by="director", closed_on=TODAY
    )

    closed, reopened = period.close(), period.reopen(reason="Late", on=TODAY)

    days = {"period_id": period.id, "kind": PeriodKind.WORK, "first": FIRST, "last": LAST}
    assert closed == PeriodClosed(**days, on=TODAY)
    assert reopened == PeriodReopened(**days, on=TODAY)
