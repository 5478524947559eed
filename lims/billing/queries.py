"""What the pages of billing read: lists by keyset, sums from the lines behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.billing.commands import FindCharges, FindInvoices
from lims.billing.models import Allocation, Charge, Invoice, Payment
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.documents.store import Document
from lims.kernel.db import fetch
from lims.reception.models import Item, Order
from lims.vocabulary import ChargeState, InvoiceStanding, InvoiceState, ResultState

LIMIT = 50
MOST_PAYERS = 200
"""So many of those who owe most are listed; the others are found by name."""

AGES = (30, 60, 90)
"""Days after which a receivable is older than the bracket before."""

Rows = Sequence[Row[*tuple[Any, ...]]]
Picked = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Age:
    """What is open and how long: more than `over` days, at the most `upto`."""

    over: int | None
    upto: int | None
    amount: int


def to_invoice(session: Session, payer_id: UUID | None = None) -> Rows:
    """Sum what is on no invoice by payer and contract, the largest first."""
    total = func.sum(Charge.net + Charge.vat).label("total")
    query = (
        select(
            Charge.payer_id,
            Customer.name.label("payer"),
            Charge.contract_id,
            Contract.number.label("contract"),
            func.count().label("charges"),
            func.min(Charge.earned_on).label("since"),
            total,
        )
        .join(Customer, Customer.id == Charge.payer_id)
        .outerjoin(Contract, Contract.id == Charge.contract_id)
        .where(Charge.state == ChargeState.EARNED, Charge.invoice_id.is_(None))
        .group_by(Charge.payer_id, Customer.name, Charge.contract_id, Contract.number)
        .order_by(total.desc(), Charge.payer_id, Charge.contract_id)
        .limit(MOST_PAYERS)
    )
    return session.execute(query.where(Charge.payer_id == payer_id) if payer_id else query).all()


def to_correct(session: Session) -> Rows:
    """List invoiced charges whose result was withdrawn since: another invoice corrects them."""
    query = (
        select(Charge, Invoice, Customer.name.label("payer"), Item.code)
        .join(Result, Result.id == Charge.source_id)
        .join(Item, Item.id == Result.item_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(Customer, Customer.id == Charge.payer_id)
        .where(Result.state == ResultState.WITHDRAWN, Charge.state == ChargeState.INVOICED)
        .order_by(Charge.id)
        .limit(LIMIT)
    )
    return session.execute(query).all()


def charges(session: Session, asked: FindCharges) -> list[Charge]:
    """List charges, the latest first."""
    wanted = (
        (Charge.payer_id, asked.payer_id),
        (Charge.contract_id, asked.contract_id),
        (Charge.order_id, asked.order_id),
        (Charge.invoice_id, asked.invoice_id),
        (Charge.state, asked.state),
    )
    conditions = [column == value for column, value in wanted if value is not None]
    query = select(Charge).where(*conditions)
    return list(session.scalars(_page(query, Charge.id, asked.after, asked.limit)))


def invoices(session: Session, asked: FindInvoices) -> Rows:
    """List invoices with their buyers, the latest first; a draft's total is what stands on it."""
    query = select(Invoice, Customer.name.label("buyer")).join(
        Customer, Customer.id == Invoice.buyer_id
    )
    query = query.where(Invoice.state == asked.state) if asked.state else query
    query = query.where(*_standing(asked.standing)) if asked.standing else query
    query = query.where(Invoice.buyer_id == asked.buyer_id) if asked.buyer_id else query
    return session.execute(_page(query, Invoice.id, asked.after, asked.limit)).all()


def totals(session: Session, invoice_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Add up what stands on drafts."""
    query = (
        select(Charge.invoice_id, func.sum(Charge.net + Charge.vat))
        .where(Charge.invoice_id.in_(invoice_ids))
        .group_by(Charge.invoice_id)
    )
    return {key: int(total) for key, total in session.execute(query) if key is not None}


def by_label(session: Session, label: str) -> Invoice | None:
    """Find an invoice by what people call it: C26TAA-00000001, or the bare number."""
    series, _, number = label.strip().upper().rpartition("-")
    if not number.isdecimal() or len(number) > 8:  # noqa: PLR2004 - digits of an invoice number
        return None
    query = select(Invoice).where(Invoice.number == int(number))
    query = query.where(Invoice.series == series) if series else query
    return session.scalars(query.order_by(Invoice.id.desc()).limit(1)).first()


def payments(session: Session, *, after: UUID | None = None, limit: int = LIMIT) -> Rows:
    """List payments with who paid, the latest first."""
    query = select(Payment, Customer.name.label("payer"), Invoice, Order.number.label("order"))
    query = (
        query.join(Customer, Customer.id == Payment.payer_id)
        .outerjoin(Invoice, Invoice.id == Payment.invoice_id)
        .outerjoin(Order, Order.id == Payment.order_id)
    )
    return session.execute(_page(query, Payment.id, after, limit)).all()


def payments_of(session: Session, invoice_id: UUID) -> Rows:
    """List what paid an invoice, and how much of it."""
    query = (
        select(Payment, Allocation.amount, _receipt())
        .join(Allocation, Allocation.payment_id == Payment.id)
        .outerjoin(Document, (Document.of == Payment.id) & (Document.kind == "receipt"))
        .where(Allocation.invoice_id == invoice_id)
    )
    return session.execute(query.order_by(Payment.id)).all()


def payments_for(session: Session, order_id: UUID) -> Rows:
    """List what was paid ahead on an order."""
    query = (
        select(Payment, _receipt())
        .outerjoin(Document, (Document.of == Payment.id) & (Document.kind == "receipt"))
        .where(Payment.order_id == order_id)
    )
    return session.execute(query.order_by(Payment.id)).all()


def receivables(session: Session, *, after: UUID | None = None, limit: int = LIMIT) -> Rows:
    """List what is issued and open, the oldest first."""
    query = (
        select(Invoice, Customer.name.label("buyer"))
        .join(Customer, Customer.id == Invoice.buyer_id)
        .where(*_open())
        .order_by(Invoice.issued_on, Invoice.id)
        .limit(limit + 1)
    )
    if after is not None:
        last = fetch(session, Invoice, after)
        query = query.where(tuple_(Invoice.issued_on, Invoice.id) > (last.issued_on, last.id))
    return session.execute(query).all()


def ages(session: Session, on: date) -> list[Age]:
    """Add up what is open by how many days it has been."""
    query = select(Invoice.issued_on, func.sum(Invoice.net + Invoice.vat - Invoice.paid))
    rows = session.execute(query.where(*_open()).group_by(Invoice.issued_on)).all()
    brackets = []
    for over, upto in zip((None, *AGES), (*AGES, None), strict=True):
        within = (
            int(amount)
            for issued_on, amount in rows
            if issued_on is not None and _between((on - issued_on).days, over, upto)
        )
        brackets.append(Age(over, upto, sum(within)))
    return brackets


def _between(days: int, over: int | None, upto: int | None) -> bool:
    return (over is None or days > over) and (upto is None or days <= upto)


def _standing(standing: InvoiceStanding) -> tuple[Any, ...]:
    """Say what `Invoice.standing` says, where the rows are."""
    total = Invoice.net + Invoice.vat
    if standing is InvoiceStanding.PAID:
        return (Invoice.state == InvoiceState.ISSUED, Invoice.paid >= total)
    if standing is InvoiceStanding.PART_PAID:
        return (*_open(), Invoice.paid > 0)
    if standing is InvoiceStanding.ISSUED:
        return (*_open(), Invoice.paid == 0)
    return (Invoice.state == InvoiceState(standing.value),)


def _open() -> tuple[Any, ...]:
    return (
        Invoice.state == InvoiceState.ISSUED,
        Invoice.paid < Invoice.net + Invoice.vat,
    )


def _receipt() -> Any:  # noqa: ANN401 - a labelled column
    return Document.id.label("receipt_id")


def _page(query: Picked, key: Any, after: UUID | None, limit: int) -> Picked:  # noqa: ANN401
    """Cut one page, and one row more that shows whether there is another."""
    query = query.where(key < after) if after else query
    return query.order_by(key.desc()).limit(limit + 1)
