"""Charges, invoices and payments; and the money of each contract, summed from the facts."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lims.billing.events import (
    ChargeCancelled,
    ChargeEarned,
    InvoiceDiscarded,
    InvoiceIssued,
    PaymentAllocated,
    PaymentReceived,
)
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.kernel.db import Base, new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.reception.models import Order
from lims.vocabulary import (
    ChargeState,
    Discipline,
    Field,
    InvoiceStanding,
    InvoiceState,
    MoneyMeasure,
    PaymentMeans,
    RevenueClass,
)

NO_CONTRACT = UUID(int=0)
"""The row of the money that belongs to no contract, so that the rows sum to the total."""

CELL = ("day", "measure", "contract_id", "revenue_class", "discipline")


class Invoice(Base):
    """What one buyer is asked to pay."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        Index("ix__invoice__state", "state", "id"),
    )

    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id), index=True)
    drafted_on: Mapped[date]
    contract_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Contract.id), default=None, index=True
    )
    state: Mapped[InvoiceState] = mapped_column(default=InvoiceState.DRAFT)
    form: Mapped[str] = mapped_column(default="")
    series: Mapped[str | None] = mapped_column(default=None)
    year: Mapped[int | None] = mapped_column(default=None)
    number: Mapped[int | None] = mapped_column(default=None)
    issued_on: Mapped[date | None] = mapped_column(default=None)
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    net: Mapped[int] = mapped_column(default=0)
    vat: Mapped[int] = mapped_column(default=0)
    paid: Mapped[int] = mapped_column(default=0)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def total(self) -> int:
        """Return what is to be paid."""
        return self.net + self.vat

    @property
    def open(self) -> int:
        """Return what is still to be paid."""
        return self.total - self.paid

    @property
    def standing(self) -> InvoiceStanding:
        """Say how far it is paid, which its state does not."""
        if self.state is not InvoiceState.ISSUED or self.paid == 0 < self.open:
            return InvoiceStanding(self.state.value)
        return InvoiceStanding.PART_PAID if self.open else InvoiceStanding.PAID

    @property
    def label(self) -> str:
        """Return how people call it."""
        return "" if self.number is None else f"{self.series}-{self.number:08}"

    def issue(
        self, *, form: str, series: str, year: int, number: int, at: datetime, on: date
    ) -> InvoiceIssued:
        """Give it its number; from here on it is never edited (NĐ 254/2026/NĐ-CP, Art 10)."""
        if self.state is not InvoiceState.DRAFT:
            raise WrongState("Invoice %(invoice)s is not a draft.", invoice=self.label)
        self.state, self.form = InvoiceState.ISSUED, form
        self.series, self.year, self.number = series, year, number
        self.issued_on, self.issued_at = on, at
        return InvoiceIssued(
            invoice_id=self.id,
            series=series,
            number=number,
            buyer_id=self.buyer_id,
            contract_id=self.contract_id,
            net=self.net,
            vat=self.vat,
            total=self.total,
            on=on,
        )

    def discard(self, on: date) -> InvoiceDiscarded:
        """Give the draft up; an issued invoice has no such way out."""
        if self.state is not InvoiceState.DRAFT:
            raise WrongState(
                "Invoice %(invoice)s is issued: it is corrected by another, never discarded.",
                invoice=self.label,
            )
        self.state = InvoiceState.DISCARDED
        return InvoiceDiscarded(invoice_id=self.id, on=on)

    def require_owed(self, amount: int) -> None:
        """Refuse money that nobody asked for with this invoice."""
        if self.state is not InvoiceState.ISSUED:
            raise WrongState("This invoice is not issued: issue it, then take the money.")
        if amount > self.open:
            raise RuleBroken(
                "Only %(open)s đ are still to be paid on invoice %(invoice)s: take that much;"
                " what is paid ahead belongs to its own order.",
                field="amount",
                open=self.open,
                invoice=self.label,
            )


class Charge(Base):
    """The price of one piece of work, from the day it was earned."""

    __tablename__ = "charge"
    __table_args__ = (
        Index("ix__charge__payer", "payer_id", "state", "id"),
        Index("ix__charge__earned", "earned_on", "id"),
    )

    source_id: Mapped[UUID] = mapped_column(unique=True)
    """The result or the deliverable it is for: charged once."""

    payer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id))
    description: Mapped[str]
    """The service as the invoice names it."""

    unit: Mapped[str]
    discipline: Mapped[Discipline]
    field: Mapped[Field]
    revenue_class: Mapped[RevenueClass]
    quantity: Mapped[int]
    unit_price: Mapped[int]
    net: Mapped[int]
    vat_rate: Mapped[Decimal]
    vat: Mapped[int]
    earned_on: Mapped[date]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey(Order.id), default=None, index=True)
    item_id: Mapped[UUID | None] = mapped_column(default=None)
    contract_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Contract.id), default=None, index=True
    )
    invoice_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Invoice.id), default=None, index=True
    )
    state: Mapped[ChargeState] = mapped_column(default=ChargeState.EARNED)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def total(self) -> int:
        """Return the charge with its VAT."""
        return self.net + self.vat

    def earned(self) -> ChargeEarned:
        """Tell that it is owed."""
        return ChargeEarned(
            charge_id=self.id,
            source_id=self.source_id,
            contract_id=self.contract_id,
            payer_id=self.payer_id,
            revenue_class=self.revenue_class,
            discipline=self.discipline,
            field=self.field,
            net=self.net,
            vat=self.vat,
            on=self.earned_on,
        )

    def cancel(self, *, reason: str, on: date) -> ChargeCancelled:
        """Take it back, off its draft too; once invoiced, another invoice corrects it."""
        if self.state is not ChargeState.EARNED:
            raise WrongState("A charge that is %(state)s cannot be cancelled.", state=self.state)
        self.state, self.invoice_id = ChargeState.CANCELLED, None
        return ChargeCancelled(
            charge_id=self.id,
            source_id=self.source_id,
            contract_id=self.contract_id,
            payer_id=self.payer_id,
            revenue_class=self.revenue_class,
            discipline=self.discipline,
            field=self.field,
            net=self.net,
            vat=self.vat,
            reason=reason,
            on=on,
        )


class Payment(Base):
    """Money that came in; ahead of the invoice it belongs to an order."""

    __tablename__ = "payment"

    number: Mapped[str] = mapped_column(unique=True)
    payer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id), index=True)
    means: Mapped[PaymentMeans]
    amount: Mapped[int]
    received_on: Mapped[date]
    received_by: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    invoice_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Invoice.id), default=None, index=True
    )
    """The invoice it was paid for; money that came in ahead has none."""

    order_id: Mapped[UUID | None] = mapped_column(ForeignKey(Order.id), default=None, index=True)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey(Contract.id), default=None)
    allocated: Mapped[int] = mapped_column(default=0)
    """How much of it is set against invoices."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def left(self) -> int:
        """Return what is not set against an invoice yet."""
        return self.amount - self.allocated

    def received(self) -> PaymentReceived:
        """Tell that the money is in."""
        return PaymentReceived(
            payment_id=self.id,
            number=self.number,
            invoice_id=self.invoice_id,
            order_id=self.order_id,
            contract_id=self.contract_id,
            payer_id=self.payer_id,
            means=self.means,
            amount=self.amount,
            on=self.received_on,
        )

    def allocate(self, invoice: Invoice, on: date) -> PaymentAllocated:
        """Set as much of it against an invoice as is left of the one and open on the other."""
        amount = min(self.left, invoice.open)
        if amount <= 0:
            raise WrongState("Nothing of payment %(number)s is left.", number=self.number)
        self.allocated += amount
        invoice.paid += amount
        return PaymentAllocated(payment_id=self.id, invoice_id=invoice.id, amount=amount, on=on)


class Allocation(Base):
    """How much of a payment pays how much of an invoice; what an invoice has paid is its sum."""

    __tablename__ = "allocation"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id), primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey(Invoice.id), primary_key=True, index=True)
    amount: Mapped[int]


class MoneyLine(Base):
    """What one fact adds to the money of a contract."""

    __tablename__ = "money_line"
    __table_args__ = (Index("ix__money_line__cell", *CELL, "amount"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[MoneyMeasure] = mapped_column(primary_key=True)
    day: Mapped[date]
    contract_id: Mapped[UUID]
    revenue_class: Mapped[str]
    discipline: Mapped[str]
    amount: Mapped[int]


class MoneyCell(Base):
    """The money of a contract by day, measure, class of revenue and discipline."""

    __tablename__ = "money_cell"
    __table_args__ = (Index("ix__money_cell__contract", "contract_id", "measure"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[MoneyMeasure] = mapped_column(primary_key=True)
    contract_id: Mapped[UUID] = mapped_column(primary_key=True)
    revenue_class: Mapped[str] = mapped_column(primary_key=True)
    discipline: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
