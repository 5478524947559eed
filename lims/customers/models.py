"""Customers and the instruments they have."""

import re
from datetime import date
from typing import TypedDict, cast
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from lims.catalogue.models import InstrumentType
from lims.customers.commands import Arrival, CorrectCustomer, CorrectInstrument
from lims.customers.events import CustomerChanged, InstrumentChanged, InstrumentDueSet
from lims.kernel.corrections import correct
from lims.kernel.db import Base, Characteristics, new_id
from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold
from lims.particulars import CHARACTERISTICS, NAMES, Particulars
from lims.vocabulary import UNSET, CustomerKind

BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared byte by byte, so that the index answers "begins with" in any locale."""


class Customer(Base):
    """Who asks, who owns, or who pays: one register for the three."""

    __tablename__ = "customer"
    __table_args__ = (Index("ix__customer__folded", "folded"),)

    name: Mapped[str]
    folded: Mapped[str]
    kind: Mapped[CustomerKind]
    tax_code: Mapped[str | None] = mapped_column(default=None, index=True, unique=True)
    budget_code: Mapped[str | None] = mapped_column(default=None)
    """Mã số đơn vị có quan hệ với ngân sách."""

    personal_number: Mapped[str | None] = mapped_column(default=None)
    address: Mapped[str] = mapped_column(default="")
    area: Mapped[str] = mapped_column(default="")
    """The code of its area."""

    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def differs(self, command: CorrectCustomer) -> bool:
        """Tell whether a correction would change anything."""
        return _differs(self, command)

    def correct(self, command: CorrectCustomer, *, on: date) -> CustomerChanged:
        """Correct its particulars; what was issued before is not rewritten."""
        changed = correct(self, command)
        self.folded = search_key(self.name)
        self.revision += 1
        return CustomerChanged(customer_id=self.id, fields=" ".join(sorted(changed)), on=on)


class ParticularColumns(MappedAsDataclass, kw_only=True):
    """The particulars of an instrument: in the registry, and on an item as a copy of that day."""

    manufacturer: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None] = mapped_column(default=None)
    characteristics: Mapped[Characteristics] = mapped_column(default_factory=dict)


class ParticularsRow(TypedDict):
    """The same columns of a row that goes into a statement of hundreds."""

    manufacturer: str
    country: str
    model: str
    year: int | None
    characteristics: Characteristics


def require_made(year: int | None, on: date) -> None:
    """Refuse a year of manufacture that has not come."""
    if year is not None and year > on.year:
        raise RuleBroken("The year of manufacture has not come yet: type it again.", field="year")


def particulars_row(stated: Particulars | ParticularColumns) -> ParticularsRow:
    """Copy the particulars of an instrument into the columns of a row."""
    row = {name: getattr(stated, name) for name in NAMES}
    return cast("ParticularsRow", row | {CHARACTERISTICS: dict(stated.characteristics)})


class Instrument(ParticularColumns, Base):
    """An instrument in the registry: known by its type, serial and holder."""

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("holder_id", "type_id", "serial_folded"),
        Index("ix__instrument__due", "due_on", "id"),
        Index("ix__instrument__serial", "serial_folded"),
    )

    holder_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id))
    type_id: Mapped[UUID] = mapped_column(ForeignKey(InstrumentType.id))
    serial: Mapped[str]
    serial_folded: Mapped[str] = mapped_column(BYTEWISE)
    user_name: Mapped[str] = mapped_column(default="")
    place_of_use: Mapped[str] = mapped_column(default="")
    area: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None] = mapped_column(default=None)
    due_result_id: Mapped[UUID | None] = mapped_column(default=None)
    """The result that set the due date; None where no verdict stands."""

    scrapped: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def fall_due(
        self, due_on: date | None, *, result_id: UUID, on: date, stands: bool = True
    ) -> InstrumentDueSet:
        """Take the date until which the newest verdict holds; None after a fail, or without one.

        `result_id` is that verdict; where none stands any more, the result that was withdrawn.
        """
        self.due_on, self.due_result_id = due_on, result_id if stands else None
        return InstrumentDueSet(instrument_id=self.id, result_id=result_id, due_on=due_on, on=on)

    def news(self, arrival: Arrival) -> CorrectInstrument:
        """Return what its coming in says anew: blanks of its use, and its particulars."""
        newest = {name: getattr(arrival, name) or getattr(self, name) for name in NAMES}
        newest[CHARACTERISTICS] = {**self.characteristics, **arrival.characteristics}
        return CorrectInstrument(
            user_name=self.user_name or arrival.user_name,
            place_of_use=self.place_of_use or arrival.place_of_use,
            area=self.area or arrival.area,
            scrapped=False,  # it stands on the counter
            **newest,
        )

    def differs(self, command: CorrectInstrument) -> bool:
        """Tell whether a correction would change anything."""
        return _differs(self, command)

    def correct(self, command: CorrectInstrument, *, on: date) -> InstrumentChanged:
        """Correct what the registry says of it; what was issued before is not rewritten."""
        changed = correct(self, command)
        self.serial_folded = fold(self.serial)
        self.revision += 1
        return InstrumentChanged(instrument_id=self.id, fields=" ".join(sorted(changed)), on=on)


def _differs(row: Base, command: CorrectCustomer | CorrectInstrument) -> bool:
    return any(
        value is not UNSET and getattr(row, name) != value for name, value in vars(command).items()
    )


def search_key(name: str) -> str:
    """Return a name as it is compared: “Cty TNHH (A.B)” and "CTY TNHH A B" are one."""
    return fold(re.sub(r"[\W_]+", " ", name)) or fold(name)
