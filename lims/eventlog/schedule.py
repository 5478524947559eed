"""What happens because a day or a month has ended, once, however long the machine was off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import Base

BY = "schedule"


@dataclass(frozen=True, kw_only=True)
class DayEnded(Event):
    """A day of the laboratory is over; the log is sealed for it."""

    name = "kernel.day_ended"
    about = "run_id"

    run_id: UUID


@dataclass(frozen=True, kw_only=True)
class MonthEnded(Event):
    """A calendar month is over; `month` is written 2026-01."""

    name = "kernel.month_ended"
    about = "run_id"

    run_id: UUID
    month: str


class Schedule(Base):
    """When something is next due; the row is held while its fact is written."""

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


def _day(on: date) -> Event:
    return DayEnded(run_id=uuid5(NAMESPACE_OID, f"day-ended {on}"), on=on)


def _month(on: date) -> Event:
    month = f"{on:%Y-%m}"
    return MonthEnded(run_id=uuid5(NAMESPACE_OID, f"month-ended {month}"), month=month, on=on)


def _next_day(last: date) -> date:
    return last + timedelta(days=1)


def _next_month(last: date) -> date:
    return ((last + timedelta(days=1)).replace(day=1) + timedelta(days=32)).replace(day=1) - (
        timedelta(days=1)
    )


Periods = dict[str, tuple[Callable[[date], Event], Callable[[date], date]]]

PERIODS: Periods = {
    "day-ended": (_day, _next_day),
    "month-ended": (_month, _next_month),
}


def _after(last: date) -> datetime:
    """Return the instant at which a day of the laboratory is over."""
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=clock.LAB)


def begin(session: Session) -> None:
    """Set up the schedule on first start: from the day that is running now."""
    scheduled = set(session.scalars(select(Schedule.name)))
    yesterday = clock.today() - timedelta(days=1)
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    for name, last in (("day-ended", yesterday), ("month-ended", last_month)):
        if name not in scheduled:
            following = PERIODS[name][1](last)
            session.add(Schedule(name=name, next_at=_after(following)))


def any_due(session: Session) -> bool:
    """Tell cheaply whether something should fire."""
    return session.scalar(select(Schedule.name).where(Schedule.next_at <= clock.now())) is not None


def fire(session: Session) -> int:
    """Write the facts that are due, one after the other, and move on; return how many."""
    fired = 0
    rows = select(Schedule).where(Schedule.next_at <= clock.now()).order_by(Schedule.name)
    for row in session.scalars(rows.with_for_update()):
        ended, following = PERIODS[row.name]
        while row.next_at <= clock.now():
            last = clock.day_of(row.next_at) - timedelta(days=1)
            log.append(session, ended(last), by=BY)
            row.next_at = _after(following(last))
            fired += 1
    return fired
