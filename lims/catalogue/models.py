"""What can be asked for, by which method, at which price, and how often by law."""

import calendar
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lims.catalogue.commands import (
    CorrectMethod,
    CorrectService,
    CorrectType,
    SetCycle,
    SetPrice,
)
from lims.catalogue.events import CycleSet, EntryChanged, PriceSet
from lims.kernel import money
from lims.kernel.corrections import correct
from lims.kernel.db import JSON_COLUMN, Base, new_id
from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold
from lims.settings.definitions import Definition, register, yes_or_no
from lims.vocabulary import UNSET, Discipline, Field


class Characteristic(TypedDict):
    """A metrological characteristic that instruments of a type have: capacity, class, range."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    """Empty where the value is a word or a pure number."""


class InstrumentType(Base):
    """A kind of measuring instrument of TT 23/2013/TT-BKHCN, Art 4, or one the centre adds."""

    __tablename__ = "instrument_type"

    code: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    field: Mapped[Field]
    law_row: Mapped[int | None] = mapped_column(default=None)
    type_approval: Mapped[bool] = mapped_column(default=False)
    initial: Mapped[bool] = mapped_column(default=True)
    periodic: Mapped[bool] = mapped_column(default=True)
    after_repair: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    counting_units: Mapped[int] = mapped_column(default=1)
    """How many instruments the statistics count for one of these."""

    characteristics: Mapped[list[Characteristic]] = mapped_column(JSON_COLUMN, default_factory=list)
    """What a certificate says of its performance, in the order printed."""

    note: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def words(self) -> str:
        """Return what it is searched by."""
        return f"{self.code} {self.name_vi} {self.name_en}"

    def require_possible(self, characteristics: Mapping[str, str]) -> None:
        """Refuse what its instruments do not have, and words where a unit asks for a figure."""
        units = {listed["code"]: listed["unit"] for listed in self.characteristics}
        for code, value in characteristics.items():
            if code not in units:
                raise RuleBroken(
                    "%(type)s has no characteristic %(code)s: the catalogue lists those it has.",
                    field="characteristics",
                    type=self.name_vi,
                    code=code,
                )
            if units[code] and not any(letter.isdigit() for letter in value):
                raise RuleBroken(
                    "“%(value)s” is no figure in %(unit)s: write the number.",
                    field=f"characteristics.{code}",
                    value=value,
                    unit=units[code],
                )

    def change(self, command: CorrectType, *, on: date) -> EntryChanged:
        """Give it other words or another state; its code is for ever."""
        correct(self, command)
        return _changed(self, "instrument_type", self.code, on)


class LegalCycle(Base):
    """The verification cycle of a type from one day on; certificates keep their own date."""

    __tablename__ = "legal_cycle"
    __table_args__ = (UniqueConstraint("type_id", "valid_from"),)

    type_id: Mapped[UUID] = mapped_column(ForeignKey(InstrumentType.id))
    valid_from: Mapped[date]
    months: Mapped[int]
    source: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def until(self, performed_on: date, *, end_of_month: bool) -> date:
        """Return the last day of validity (TT 24/2013/TT-BKHCN, Art 41(10)).

        The law writes "the last day, last month of the cycle"; read as the end of that month,
        or as the day itself, by the centre's setting.
        """
        months = performed_on.month - 1 + self.months
        year, month = performed_on.year + months // 12, months % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, last if end_of_month else min(performed_on.day, last))

    def put(self, of: InstrumentType, command: SetCycle, *, on: date) -> CycleSet:
        """Give the cycle; one that was in force before today is history and stays."""
        if self.months != command.months:
            _refuse_history(self.valid_from, on)
        self.months, self.source = command.months, command.source
        return CycleSet(
            type_id=of.id,
            code=of.code,
            months=self.months,
            valid_from=self.valid_from,
            source=self.source,
            cycle_id=self.id,
            on=on,
        )


class Method(Base):
    """A standard document by which work is done: its number, and its edition apart."""

    __tablename__ = "method"
    __table_args__ = (UniqueConstraint("code", "edition"),)

    code: Mapped[str]
    edition: Mapped[str]
    title: Mapped[str]
    discipline: Mapped[Discipline]
    valid_from: Mapped[date]
    type_id: Mapped[UUID | None] = mapped_column(ForeignKey(InstrumentType.id), default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def words(self) -> str:
        """Return what it is searched by."""
        return f"{self.cited} {self.title}"

    @property
    def cited(self) -> str:
        """Return the document as a certificate cites it: ĐLVN 30:2019."""
        return f"{self.code}:{self.edition}" if self.edition else self.code

    def holds(self, on: date) -> bool:
        """Tell whether the edition is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def require_last(self, valid_to: date | None) -> None:
        """Refuse an edition that ends before it begins."""
        if valid_to is not None and valid_to < self.valid_from:
            raise RuleBroken("The last day comes before the first.", field="valid_to")

    def change(self, command: CorrectMethod, *, on: date) -> EntryChanged:
        """Give it another title or last day; number and edition are for ever."""
        if command.valid_to is not UNSET:
            self.require_last(command.valid_to)
        correct(self, command)
        return _changed(self, "method", self.cited, on)


class Service(Base):
    """A line of the tariff: what is charged, which is not always what is counted."""

    __tablename__ = "service"

    code: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    discipline: Mapped[Discipline]
    field: Mapped[Field]
    unit: Mapped[str] = mapped_column(default="phương tiện đo")
    type_id: Mapped[UUID | None] = mapped_column(ForeignKey(InstrumentType.id), default=None)
    method_id: Mapped[UUID | None] = mapped_column(ForeignKey(Method.id), default=None)
    """The method proposed for it."""

    active: Mapped[bool] = mapped_column(default=True)
    folded: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def words(self) -> str:
        """Return what it is searched by."""
        return f"{self.code} {self.name_vi} {self.name_en}"

    def change(self, command: CorrectService, *, on: date) -> EntryChanged:
        """Give it other words, another method or state; its code is for ever."""
        correct(self, command)
        return _changed(self, "service", self.code, on)


class Price(Base):
    """What a service costs from one day on; the VAT rate belongs to service and day."""

    __tablename__ = "price"
    __table_args__ = (UniqueConstraint("service_id", "valid_from"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey(Service.id))
    valid_from: Mapped[date]
    amount: Mapped[int]
    vat_rate: Mapped[Decimal]
    source: Mapped[str]
    charged_on_fail: Mapped[bool] = mapped_column(default=True)
    """A failed instrument was worked on all the same; the tariff decides whether it is charged."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def gross(self) -> int:
        """Return what is to be paid, VAT included."""
        return self.amount + money.vat(self.amount, self.vat_rate)

    def put(self, of: Service, command: SetPrice, *, on: date) -> PriceSet:
        """Give the price; one that was in force before today is history and stays."""
        current = (self.amount, self.vat_rate, self.charged_on_fail)
        if current != (command.amount, command.vat_rate, command.charged_on_fail):
            _refuse_history(self.valid_from, on)
        correct(self, command)
        return PriceSet(
            service_id=of.id,
            code=of.code,
            amount=self.amount,
            vat_rate=str(self.vat_rate),
            charged_on_fail=self.charged_on_fail,
            valid_from=self.valid_from,
            price_id=self.id,
            on=on,
        )


class TestParameter(Base):
    """A characteristic tested for a service, with its limit as the standard writes it."""

    __tablename__ = "test_parameter"
    __table_args__ = (UniqueConstraint("service_id", "code"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey(Service.id))
    code: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    unit: Mapped[str]
    method: Mapped[str]
    minimum: Mapped[Decimal | None] = mapped_column(default=None)
    maximum: Mapped[Decimal | None] = mapped_column(default=None)
    limit_source: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


def _refuse_history(valid_from: date, on: date) -> None:
    """Refuse to rewrite what was in force: what was charged and issued rests on it."""
    if valid_from < on:
        raise RuleBroken(
            "A value from %(valid_from)s is there already and was in force: leave it, and "
            "let the new one begin on a later day.",
            field="valid_from",
            valid_from=valid_from,
        )


def _changed(
    entry: InstrumentType | Method | Service, kind: str, code: str, on: date
) -> EntryChanged:
    entry.revision += 1
    entry.folded = fold(entry.words)
    return EntryChanged(entry_id=entry.id, what=kind, code=code, on=on)


END_OF_MONTH = "certificate.end_of_month"

register(
    Definition(
        name=END_OF_MONTH,
        label="Validity runs to the end of the month (yes or no)",
        group="Certificates",
        source="TT 24/2013/TT-BKHCN, Điều 41 khoản 10",
        check=yes_or_no,
    )
)
