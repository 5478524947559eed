"""What pages ask about the centre's standards."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lims.equipment.models import SOON, Standard
from lims.kernel.search import holds
from lims.vocabulary import Field


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
