"""Closed periods of work and of money: what they hold is reported, and nothing is dated back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock, locks
from lims.kernel.db import Base, fetch, new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.kernel.locks import Lock
from lims.settings.commands import ClosePeriod
from lims.vocabulary import PeriodKind


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """The days of a period were closed: nothing of that kind is dated into them any more."""

    name = "settings.period_closed"
    about = "period_id"

    period_id: UUID
    kind: PeriodKind
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class PeriodReopened(Event):
    """A closed period was opened again; the reason stands with the period."""

    name = "settings.period_reopened"
    about = "period_id"

    period_id: UUID
    kind: PeriodKind
    first: date
    last: date


class ClosedPeriod(Base):
    """Days that were closed for work or for money; a reopened period is kept and binds nobody."""

    __tablename__ = "closed_period"

    kind: Mapped[PeriodKind]
    first: Mapped[date]
    last: Mapped[date]
    closed_by: Mapped[str]
    closed_on: Mapped[date]
    reopened_on: Mapped[date | None] = mapped_column(default=None)
    reopen_reason: Mapped[str | None] = mapped_column(default=None)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def close(self) -> PeriodClosed:
        """Close the days; a day that is not over yet stays open."""
        if self.last < self.first:
            raise RuleBroken("The last day comes before the first.", field="last")
        if self.last >= self.closed_on:
            raise RuleBroken("Only days that are over can be closed.", field="last")
        return PeriodClosed(
            period_id=self.id, kind=self.kind, first=self.first, last=self.last, on=self.closed_on
        )

    def reopen(self, *, reason: str, on: date) -> PeriodReopened:
        """Open the days again, saying why."""
        if self.reopened_on is not None:
            raise WrongState("This period is open again already.")
        self.reopened_on, self.reopen_reason = on, reason
        return PeriodReopened(
            period_id=self.id, kind=self.kind, first=self.first, last=self.last, on=on
        )


def close(session: Session, command: ClosePeriod, *, by: str) -> ClosedPeriod:
    """Close a period whose days are all open."""
    period = ClosedPeriod(
        kind=command.kind,
        first=command.first,
        last=command.last,
        closed_by=by,
        closed_on=clock.today(),
    )
    fact = period.close()
    locks.hold(session, Lock.PERIOD, command.kind)
    overlapping = _closed(session, command.kind, first=command.first, last=command.last)
    if overlapping is not None:
        raise RuleBroken(
            "The days from %(first)s to %(last)s are closed already: choose other days.",
            field="first",
            first=overlapping.first,
            last=overlapping.last,
        )
    session.add(period)
    log.append(session, fact, by=by)
    return period


def reopen(session: Session, period_id: UUID, *, reason: str, by: str) -> ClosedPeriod:
    """Open a closed period again."""
    period = fetch(session, ClosedPeriod, period_id, hold=True)
    log.append(session, period.reopen(reason=reason, on=clock.today()), by=by)
    return period


def require_open(session: Session, kind: PeriodKind, day: date, *, field: str = "on") -> None:
    """Refuse a day that lies in a closed period of its kind; today and what comes never do.

    Nobody closes the period between this answer and the end of the transaction.
    """
    if day >= clock.today():
        return
    locks.hold(session, Lock.PERIOD, kind, shared=True)
    period = _closed(session, kind, first=day, last=day)
    if period is not None:
        raise RuleBroken(
            "%(day)s lies in a closed period, from %(first)s to %(last)s: give a later day, or "
            "let the director open the period again.",
            field=field,
            day=day,
            first=period.first,
            last=period.last,
        )


def _closed(session: Session, kind: PeriodKind, *, first: date, last: date) -> ClosedPeriod | None:
    """Return the earliest closed period that shares a day with those from first to last."""
    query = select(ClosedPeriod).where(
        ClosedPeriod.kind == kind,
        ClosedPeriod.reopened_on.is_(None),
        ClosedPeriod.first <= last,
        ClosedPeriod.last >= first,
    )
    return session.scalars(query.order_by(ClosedPeriod.first).limit(1)).first()
