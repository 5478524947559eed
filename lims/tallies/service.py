"""The plan of a year: what the counts are held against."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.disciplines import KINDS
from lims.eventlog import log
from lims.kernel import clock
from lims.tallies.commands import Planned
from lims.tallies.models import Plan
from lims.vocabulary import Discipline, Measure

PLANNED: tuple[tuple[Measure, Discipline], ...] = tuple(
    (measure, discipline) for discipline, kind in KINDS.items() for measure in kind.measures
)
"""What a year's plan names, in the order of the yearly report."""


def set_plan(
    session: Session, year: int, quantities: Mapping[Planned, int], *, by: str
) -> list[Plan]:
    """Plan a year; what is already planned alike is left alone."""
    rows = {
        (row.measure, row.discipline): row
        for row in session.scalars(select(Plan).where(Plan.year == year).with_for_update())
    }
    for (measure, discipline), quantity in quantities.items():
        row = rows.get((measure, discipline.value))
        if row is None:
            row = Plan(year=year, measure=measure, discipline=discipline.value, quantity=-1)
            rows[measure, discipline.value] = row
            session.add(row)
        if row.quantity != quantity:
            log.append(session, row.set(quantity, on=clock.today()), by=by)
    return list(rows.values())
