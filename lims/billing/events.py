"""What billing tells the rest of the centre. Amounts are whole đồng."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private
from lims.vocabulary import Discipline, Field, PaymentMeans, RevenueClass


@dataclass(frozen=True, kw_only=True)
class ChargeEarned(Event):
    """A piece of work was authorised or accepted, and its price is owed."""

    name = "billing.charge_earned"
    about = "charge_id"
    counted = True

    charge_id: UUID
    source_id: UUID
    """The result or the deliverable it is for."""

    contract_id: UUID | None
    payer_id: UUID
    revenue_class: RevenueClass
    discipline: Discipline
    field: Field
    net: int
    vat: int


@dataclass(frozen=True, kw_only=True)
class ChargeCancelled(Event):
    """What was earned is not owed after all: its result was withdrawn."""

    name = "billing.charge_cancelled"
    about = "charge_id"
    counted = True

    charge_id: UUID
    source_id: UUID
    contract_id: UUID | None
    payer_id: UUID
    revenue_class: RevenueClass
    discipline: Discipline
    field: Field
    net: int
    vat: int
    reason: Private


@dataclass(frozen=True, kw_only=True)
class InvoiceDrafted(Event):
    """Charges of one buyer were put on a draft; it has no number."""

    name = "billing.invoice_drafted"
    about = "invoice_id"

    invoice_id: UUID
    buyer_id: UUID
    contract_id: UUID | None
    charges: int


@dataclass(frozen=True, kw_only=True)
class InvoiceDiscarded(Event):
    """A draft was given up and its charges are free again."""

    name = "billing.invoice_discarded"
    about = "invoice_id"

    invoice_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """An invoice got its number; it is never edited."""

    name = "billing.invoice_issued"
    about = "invoice_id"
    counted = True

    invoice_id: UUID
    series: str
    number: int
    buyer_id: UUID
    contract_id: UUID | None
    net: int
    vat: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in, for an invoice or ahead of one."""

    name = "billing.payment_received"
    about = "payment_id"
    counted = True

    payment_id: UUID
    number: str
    invoice_id: UUID | None
    order_id: UUID | None
    contract_id: UUID | None
    payer_id: UUID
    means: PaymentMeans
    amount: int


@dataclass(frozen=True, kw_only=True)
class PaymentAllocated(Event):
    """Money that came in ahead was set against an invoice."""

    name = "billing.payment_allocated"
    about = "payment_id"

    payment_id: UUID
    invoice_id: UUID
    amount: int
