"""Legal values with the day from which they hold and where they are written."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel.db import Base, new_id
from lims.kernel.errors import NotFound


class Parameter(Base):
    """One value of one legal parameter, from one day on."""

    __tablename__ = "parameter"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    name: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[str]
    source: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


def value(session: Session, name: str, on: date) -> Parameter:
    """Return the parameter as it stood on a day."""
    query = select(Parameter).where(Parameter.name == name, Parameter.valid_from <= on)
    found = session.scalars(query.order_by(Parameter.valid_from.desc()).limit(1)).first()
    if found is None:
        raise NotFound(
            "No value of %(name)s is known for %(on)s: enter it under Administration.",
            name=name,
            on=on,
        )
    return found


def rate(session: Session, name: str, on: date) -> Decimal:
    """Return a parameter that is a rate."""
    return Decimal(value(session, name, on).value)
