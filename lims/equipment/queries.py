"""What pages ask about the centre's standards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lims.equipment.models import SOON, Standard
from lims.eventlog.log import facts
from lims.kernel.search import holds
from lims.vocabulary import Field

MOST_TOLD = 200


@dataclass(frozen=True)
class Told:
    """One line of a thing's history."""

    at: datetime | None
    by: str
    name: str
    note: str


def listed(
    session: Session,
    *,
    q: str = "",
    field: Field | None = None,
    in_service: bool | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Standard]:
    """List standards, the one that falls due first at the top; one row more than `limit`."""
    query = select(Standard).where(*holds(Standard.folded, q))
    if field is not None:
        query = query.where(Standard.field == field)
    if in_service is not None:
        query = query.where(Standard.in_service.is_(in_service))
    last = session.get(Standard, after) if after else None
    if last is not None:
        query = query.where(tuple_(Standard.due_on, Standard.id) > (last.due_on, last.id))
    return session.scalars(query.order_by(Standard.due_on, Standard.id).limit(limit + 1)).all()


def expiring(session: Session, on: date, *, limit: int = 6) -> Sequence[Standard]:
    """List the standards in service whose certificate runs out within 30 days, or has."""
    query = select(Standard).where(Standard.in_service, Standard.due_on <= on + SOON)
    return session.scalars(query.order_by(Standard.due_on, Standard.id).limit(limit)).all()


def history(session: Session, standard_id: UUID) -> list[Told]:
    """Tell what happened to a standard, newest first; what has no place yet is being recorded."""
    query = (
        select(facts)
        .where(facts.c.subject == standard_id)
        .order_by(facts.c.at.desc())
        .limit(MOST_TOLD)
    )
    return [
        Told(row.at if row.position is not None else None, row.by, row.name, _note(row.payload))
        for row in session.execute(query)
    ]


def _note(payload: str) -> str:
    said: dict[str, str] = json.loads(payload)
    return said.get("reason") or said.get("certificate") or ""
