"""Reading the counts: any period is a sum of days, and every number opens its facts."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, extract, func, select
from sqlalchemy.orm import Session

from lims.certificates.models import Certificate
from lims.contracts.models import Contract, Deliverable
from lims.eventlog.log import Entry
from lims.reception.models import Item
from lims.tallies.models import CountCell, CountLine, Plan
from lims.vocabulary import Discipline, Measure

Counts = dict[tuple[Any, ...], int]
"""Sums by the values of the dimensions that were asked for."""

DIMENSIONS = ("year", "month", "day", "measure", "discipline", "field", "area")


@dataclass(frozen=True, kw_only=True)
class Period:
    """From one day to another, both counted."""

    first: date
    last: date

    @classmethod
    def month(cls, of: date) -> "Period":
        """Return the calendar month of a day."""
        first = of.replace(day=1)
        return cls(first=first, last=following_month(first) - timedelta(days=1))

    @classmethod
    def year_to(cls, last: date) -> "Period":
        """Return the year up to and with a day."""
        return cls(first=last.replace(month=1, day=1), last=last)


def following_month(first: date) -> date:
    """Return the first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which numbers are meant; None leaves a dimension open."""

    period: Period
    measure: Measure | None = None
    discipline: str | None = None
    field: str | None = None
    area: str | None = None

    def clauses(self, table: type[CountCell] | type[CountLine]) -> list[ColumnElement[bool]]:
        """Return the conditions on the cells or on their lines."""
        wanted = (
            (table.measure, self.measure),
            (table.discipline, self.discipline),
            (table.field, self.field),
            (table.area, self.area),
        )
        narrowed = [column == value for column, value in wanted if value is not None]
        return [table.day.between(self.period.first, self.period.last), *narrowed]


def _dimension(name: str) -> Any:  # noqa: ANN401 - columns of several types
    if name in ("year", "month"):
        return extract(name, CountCell.day).label(name)
    return getattr(CountCell, name)


def sums(session: Session, where: Where, by: Sequence[str]) -> Sequence[Row[Any]]:
    """Sum the cells by dimensions; each row has the dimensions and `amount`."""
    columns = [_dimension(name) for name in by]
    query: Select[Any] = select(
        *columns, func.coalesce(func.sum(CountCell.amount), 0).label("amount")
    )
    query = query.where(*where.clauses(CountCell)).group_by(*columns).order_by(*columns)
    return session.execute(query).all()


def table(session: Session, where: Where, by: Sequence[str]) -> Counts:
    """Sum the cells by dimensions, found by their values."""
    return {tuple(row[:-1]): int(row.amount) for row in sums(session, where, by)}


def plans(session: Session, year: int) -> dict[tuple[Measure, str], int]:
    """Return the plan of a year by measure and discipline."""
    rows = session.scalars(select(Plan).where(Plan.year == year))
    return {(row.measure, row.discipline): row.quantity for row in rows}


def hold_plan(session: Session, year: int) -> str:
    """Let nobody else change the plan of a year, and return its revision."""
    session.scalars(select(Plan.id).where(Plan.year == year).with_for_update()).all()
    return plan_revision(session, year)


def plan_revision(session: Session, year: int) -> str:
    """Tell one state of a plan from another: it is many rows, and has no revision of its own."""
    return hashlib.sha256(repr(sorted(plans(session, year).items())).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class SourceFact:
    """A fact behind a number, with the item it is about when it is about one."""

    line: CountLine
    entry: Entry
    item: Item | None


def source_facts(session: Session, where: Where, *, after: int, limit: int) -> list[SourceFact]:
    """List the facts behind a number, in the order of the log."""
    query = (
        select(CountLine, Entry, Item)
        .join(Entry, Entry.position == CountLine.position)
        .outerjoin(Item, Item.id == CountLine.subject)
        .where(*where.clauses(CountLine), CountLine.position > after)
        .order_by(CountLine.position)
        .limit(limit)
    )
    return [
        SourceFact(line=line, entry=entry, item=item)
        for line, entry, item in session.execute(query)
    ]


def others(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name what is counted and is no item, with its page: contracts, deliverables, certificates."""
    labels: dict[UUID, tuple[str, str]] = {}
    for contract in session.scalars(select(Contract).where(Contract.id.in_(ids))):
        labels[contract.id] = (f"/contracts/{contract.id}", f"{contract.label} {contract.subject}")
    for work in session.scalars(select(Deliverable).where(Deliverable.id.in_(ids))):
        labels[work.id] = (f"/contracts/{work.contract_id}", work.title)
    for certificate in session.scalars(select(Certificate).where(Certificate.id.in_(ids))):
        labels[certificate.id] = (f"/certificates/{certificate.id}", certificate.number)
    return labels


@dataclass(frozen=True, kw_only=True)
class Against:
    """One planned number: the period, the year so far, the plan, and how far it is met."""

    measure: Measure
    discipline: Discipline
    now: int
    so_far: int
    plan: int | None

    @property
    def percent(self) -> str:
        """Return the share of the plan in tenths of a percent, as reports write it: 100,2."""
        if not self.plan:
            return ""
        tenths = (self.so_far * 2000 + self.plan) // (2 * self.plan)
        return f"{tenths // 10},{tenths % 10}"


def against_plan(
    session: Session, period: Period, planned: Collection[tuple[Measure, Discipline]]
) -> list[Against]:
    """Hold a period and its year so far against the plan."""
    by = ("measure", "discipline")
    now = table(session, Where(period=period), by)
    so_far = table(session, Where(period=Period.year_to(period.last)), by)
    plan = plans(session, period.last.year)
    return [
        Against(
            measure=measure,
            discipline=discipline,
            now=now.get((measure, discipline.value), 0),
            so_far=so_far.get((measure, discipline.value), 0),
            plan=plan.get((measure, discipline.value)),
        )
        for measure, discipline in planned
    ]
