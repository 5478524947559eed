"""What people and machines ask of billing, typed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.vocabulary import ChargeState, InvoiceStanding, InvoiceState, PaymentMeans


@dataclass(frozen=True, kw_only=True)
class DraftInvoice:
    """Put what a buyer owes on a draft: of a contract, of an order, as picked, or the rest."""

    buyer_id: UUID
    contract_id: UUID | None = None
    order_id: UUID | None = None
    charge_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class TakePayment:
    """Take money for an invoice, or ahead of one for an order; never for both."""

    amount: int
    means: PaymentMeans
    received_on: date
    reference: str = ""
    invoice_id: UUID | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ServeWalkIn:
    """Take one instrument in with its price in cash; without an amount, that of the tariff."""

    service_id: UUID
    serial: str
    customer_name: str
    customer_id: UUID | None = None
    amount: int | None = None


@dataclass(frozen=True, kw_only=True)
class WalkInPage:
    """What the page of the walk-in customer holds; a service may be typed instead of picked."""

    customer_name: str
    serial: str
    service_id: UUID | None = None
    service_text: str = ""
    customer_id: UUID | None = None
    amount: int | None = None


@dataclass(frozen=True, kw_only=True)
class HandOverItems:
    """Give back what was ticked of an order, or all that is done of it, and to whom."""

    to: str
    item_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FindCharges:
    """Which charges; what is None does not matter."""

    payer_id: UUID | None = None
    contract_id: UUID | None = None
    order_id: UUID | None = None
    invoice_id: UUID | None = None
    state: ChargeState | None = None
    after: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class FindInvoices:
    """Which invoices and drafts; what is None does not matter."""

    buyer_id: UUID | None = None
    state: InvoiceState | None = None
    standing: InvoiceStanding | None = None
    after: UUID | None = None
    limit: int = 50
