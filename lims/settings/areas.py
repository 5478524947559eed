"""Administrative areas, with the days between which they exist and what follows them."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel.db import Base, new_id


class Area(Base):
    """A district or, since July 2025, a commune-level unit."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    successor: Mapped[str | None] = mapped_column(default=None)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


def listed(session: Session) -> list[Area]:
    """List the areas, by name."""
    return list(session.scalars(select(Area).order_by(Area.name)))


def names(session: Session) -> dict[str, str]:
    """Return the name of every area by its code."""
    return {area.code: area.name for area in listed(session)}
