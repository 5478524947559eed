"""Activities counted by hand."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lims.kernel.db import Base, new_id


class Indicator(Base):
    """An activity that is counted by hand: agencies trained, notices posted."""

    __tablename__ = "indicator"

    code: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class IndicatorCount(Base):
    """So many on a day; a mistake is corrected by a negative count with its reason."""

    __tablename__ = "indicator_count"
    __table_args__ = (Index("ix__indicator_count__day", "counted_on", "indicator_id"),)

    indicator_id: Mapped[UUID] = mapped_column(ForeignKey(Indicator.id))
    counted_on: Mapped[date]
    quantity: Mapped[int]
    note: Mapped[str]
    counted_by: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
