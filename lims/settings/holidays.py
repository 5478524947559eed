"""The days on which the centre rests, and the Saturdays on which it works in exchange.

Labour Code 45/2019/QH14, Article 112; the exchanged days are announced every year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import extract, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import Base, new_id
from lims.settings.commands import SetHoliday

SATURDAY = 5
LONGEST_REST = timedelta(days=31)
"""Longer than any New Year: how far beyond the bare weeks the exceptions are looked up."""


@dataclass(frozen=True, kw_only=True)
class HolidaySet(Event):
    """A day was declared a day of rest or a working day."""

    name = "settings.holiday_set"
    about = "holiday_id"

    holiday_id: UUID
    day: date
    working: bool


class Holiday(Base):
    """A day that is not what its weekday says: of rest, or of work in exchange for another."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str]
    working: Mapped[bool]
    source: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


def set_day(session: Session, command: SetHoliday, *, by: str) -> Holiday:
    """Declare a day, or say otherwise what was declared; what was promised already stays."""
    query = select(Holiday).where(Holiday.day == command.day)
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        row = Holiday(**vars(command))
        session.add(row)
    row.name, row.working, row.source = command.name, command.working, command.source
    fact = HolidaySet(holiday_id=row.id, day=row.day, working=row.working, on=clock.today())
    log.append(session, fact, by=by)
    return row


def listed(session: Session, year: int) -> list[Holiday]:
    """List the days of a year."""
    query = select(Holiday).where(extract("year", Holiday.day) == year).order_by(Holiday.day)
    return list(session.scalars(query))


def working_day_after(session: Session, on: date, days: int) -> date:
    """Return the day so many working days later."""
    latest = on + timedelta(days=2 * days) + LONGEST_REST
    query = select(Holiday.day, Holiday.working).where(Holiday.day.between(on, latest))
    declared = {day: working for day, working in session.execute(query)}  # noqa: C416 - rows
    return count_on(on, days, declared)


def count_on(on: date, days: int, declared: Mapping[date, bool]) -> date:
    """Count working days on: Saturdays and Sundays are none, unless declared so."""
    while days:
        on += timedelta(days=1)
        days -= declared.get(on, on.weekday() < SATURDAY)
    return on
