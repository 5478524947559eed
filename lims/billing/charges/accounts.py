"""What is asked for and what has come in, for one order; and the lines of an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lims.billing.charges import agreement
from lims.billing.models import Charge, Invoice, Payment
from lims.kernel.errors import NotFound
from lims.kernel.money import vat
from lims.reception.models import Item, Order
from lims.vocabulary import ChargeState, InvoiceState, ItemState

NEVER_CHARGED = (ItemState.CANCELLED, ItemState.NOT_PERFORMED)


@dataclass(frozen=True)
class Row:
    """Work of one service at one price: a line of an invoice, for one item or for thousands."""

    description: str
    unit: str
    unit_price: int
    vat_rate: Decimal
    quantity: int
    net: int
    vat: int

    @property
    def total(self) -> int:
        """Return the line with its VAT."""
        return self.net + self.vat

    @property
    def gross_price(self) -> int:
        """Return the price of one with its VAT."""
        return self.unit_price + vat(self.unit_price, self.vat_rate)


@dataclass(frozen=True)
class Account:
    """Where the money of an order stands."""

    charged: int
    """Everything charged so far, VAT included."""

    paid: int
    """Everything taken for the order itself; what came in on its invoices is not in here."""

    due: int
    """What is still to be paid before the work goes out."""

    expected: int
    """What all of it will come to by today's prices, VAT included."""

    payable: int
    """The most that can be paid ahead: what is on no invoice, and what is still to be done."""


def rows_of(session: Session, *where: ColumnElement[bool]) -> list[Row]:
    """Sum charges by service and price, in the order of their names."""
    query = (
        select(
            Charge.description,
            Charge.unit,
            Charge.unit_price,
            Charge.vat_rate,
            func.sum(Charge.quantity),
            func.sum(Charge.net),
            func.sum(Charge.vat),
        )
        .where(*where)
        .group_by(Charge.description, Charge.unit, Charge.unit_price, Charge.vat_rate)
        .order_by(Charge.description, Charge.unit_price)
    )
    rows = (
        Row(description, unit, price, rate, *map(int, sums))
        for description, unit, price, rate, *sums in session.execute(query)
    )
    return list(rows)


def account(session: Session, order: Order) -> Account:
    """Add up the money of an order."""
    charged, loose = _charged(session, order.id)
    paid, left = _paid(session, order.id)
    on_invoices = sum(min(part, invoice.open) for invoice, part in invoiced(session, order.id))
    priced = expected(session, order)
    return Account(
        charged=charged,
        paid=paid,
        due=on_invoices + max(0, loose - left),
        expected=priced,
        payable=max(0, loose + max(0, priced - charged) - left),
    )


def _charged(session: Session, order_id: UUID) -> tuple[int, int]:
    """Sum what is charged, and of it what is on no issued invoice."""
    query = (
        select(Charge.state, func.sum(Charge.net + Charge.vat))
        .where(Charge.order_id == order_id, Charge.state != ChargeState.CANCELLED)
        .group_by(Charge.state)
    )
    sums = {state: int(amount) for state, amount in session.execute(query)}
    return sum(sums.values()), sums.get(ChargeState.EARNED, 0)


def _paid(session: Session, order_id: UUID) -> tuple[int, int]:
    """Sum what was paid ahead, and of it what is not set against an invoice."""
    query = select(func.sum(Payment.amount), func.sum(Payment.amount - Payment.allocated))
    paid, left = session.execute(query.where(Payment.order_id == order_id)).one()
    return int(paid or 0), int(left or 0)


def expected(session: Session, order: Order) -> int:
    """Price what was received by the day it came in: the work itself is priced when it is done."""
    query = (
        select(Item.service_id, func.count())
        .where(Item.order_id == order.id, Item.state.not_in(NEVER_CHARGED))
        .group_by(Item.service_id)
    )
    return sum(
        count * _gross(session, service_id, order)
        for service_id, count in session.execute(query).all()
    )


def _gross(session: Session, service_id: UUID, order: Order) -> int:
    """Price one; what the tariff does not know is expected to come to nothing."""
    try:
        return agreement.quote(session, service_id, order.contract_id, order.received_on).gross
    except NotFound:
        return 0


def invoiced(session: Session, order_id: UUID) -> Sequence[tuple[Invoice, int]]:
    """List the issued invoices with work of an order, and how much of each that is."""
    query = (
        select(Invoice, func.sum(Charge.net + Charge.vat))
        .join(Charge, Charge.invoice_id == Invoice.id)
        .where(Charge.order_id == order_id, Invoice.state == InvoiceState.ISSUED)
        .group_by(Invoice.id)
        .order_by(Invoice.id)
    )
    return [(invoice, int(part)) for invoice, part in session.execute(query)]
