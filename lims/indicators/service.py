"""Name an activity, count it, correct it by another count."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lims.eventlog import log
from lims.indicators.commands import CountActivity, DefineIndicator
from lims.indicators.events import IndicatorCounted, IndicatorDefined
from lims.indicators.models import Indicator, IndicatorCount
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.settings import periods
from lims.vocabulary import PeriodKind


def define(session: Session, command: DefineIndicator, *, by: str) -> Indicator:
    """Name an activity that will be counted by hand."""
    code = command.code
    if session.scalar(select(Indicator.id).where(Indicator.code == code)) is not None:
        raise RuleBroken("The code %(code)s is taken: choose another.", field="code", code=code)
    indicator = Indicator(code=code, name_vi=command.name_vi, name_en=command.name_en)
    session.add(indicator)
    defined = IndicatorDefined(indicator_id=indicator.id, code=code, on=clock.today())
    log.append(session, defined, by=by)
    return indicator


def count(
    session: Session, indicator_id: UUID, command: CountActivity, *, by: str
) -> IndicatorCount:
    """Count so many; a negative count corrects and must say why."""
    _require(session, command)
    indicator = fetch(session, Indicator, indicator_id)
    counted = IndicatorCount(
        indicator_id=indicator.id,
        counted_on=command.counted_on,
        quantity=command.quantity,
        note=command.note,
        counted_by=by,
    )
    session.add(counted)
    fact = IndicatorCounted(
        count_id=counted.id,
        indicator=indicator.code,
        quantity=command.quantity,
        note=command.note,
        on=command.counted_on,
    )
    log.append(session, fact, by=by)
    return counted


def _require(session: Session, command: CountActivity) -> None:
    if command.counted_on > clock.today():
        raise RuleBroken("A day to come cannot be counted yet.", field="counted_on")
    periods.require_open(session, PeriodKind.WORK, command.counted_on, field="counted_on")
    if command.quantity == 0:
        raise RuleBroken("Write how many; a correction is a negative number.", field="quantity")
    if command.quantity < 0 and not command.note:
        raise RuleBroken("Say why the count is corrected.", field="note")


def year(session: Session, of: int) -> dict[UUID, int]:
    """Sum a year by indicator."""
    query = (
        select(IndicatorCount.indicator_id, func.sum(IndicatorCount.quantity))
        .where(IndicatorCount.counted_on.between(date(of, 1, 1), date(of, 12, 31)))
        .group_by(IndicatorCount.indicator_id)
    )
    return {indicator: int(total) for indicator, total in session.execute(query)}


def listed(session: Session) -> list[Indicator]:
    """List the activities that are counted."""
    return list(session.scalars(select(Indicator).order_by(Indicator.code)))


def counts(session: Session, indicator_id: UUID, limit: int = 100) -> list[IndicatorCount]:
    """List the latest counts of one activity."""
    query = select(IndicatorCount).where(IndicatorCount.indicator_id == indicator_id)
    return list(session.scalars(query.order_by(IndicatorCount.counted_on.desc()).limit(limit)))
