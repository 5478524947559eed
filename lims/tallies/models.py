"""The month in numbers. Drop the lines and cells, read the log again, and they come back."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lims.kernel.db import Base, new_id
from lims.tallies.events import PlanSet
from lims.vocabulary import Measure


class CountLine(Base):
    """What one fact counts as."""

    __tablename__ = "count_line"
    __table_args__ = (
        Index("ix__count_line__cell", "day", "measure", "discipline", "field", "area", "amount"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[Measure] = mapped_column(primary_key=True)
    day: Mapped[date]
    discipline: Mapped[str]
    field: Mapped[str]
    area: Mapped[str]
    subject: Mapped[UUID]
    """The item, certificate, contract or deliverable that is counted."""

    amount: Mapped[int]


class CountCell(Base):
    """A day's count by measure, discipline, field and area; any period is a sum of days."""

    __tablename__ = "count_cell"

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(primary_key=True)
    discipline: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]


class Plan(Base):
    """What a year is to bring, of one measure in one discipline (blank: all)."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("year", "measure", "discipline"),)

    year: Mapped[int]
    measure: Mapped[Measure]
    discipline: Mapped[str]
    quantity: Mapped[int]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def set(self, quantity: int, *, on: date) -> PlanSet:
        """Plan another quantity."""
        self.quantity = quantity
        return PlanSet(
            plan_id=self.id,
            year=self.year,
            measure=self.measure,
            discipline=self.discipline,
            quantity=quantity,
            on=on,
        )
