"""Invoices: drafted from charges, issued under a gapless number, or given up as drafts."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from lims.billing.commands import DraftInvoice
from lims.billing.document_types import INVOICE_FORM, INVOICE_SERIES
from lims.billing.events import InvoiceDrafted, PaymentAllocated
from lims.billing.invoices import composition, lines
from lims.billing.invoices.lines import Line
from lims.billing.models import (
    Allocation,
    Charge,
    Invoice,
    Payment,
)
from lims.customers.models import Customer
from lims.documents import rendering, store
from lims.eventlog import log
from lims.kernel import clock, numbering
from lims.kernel.db import fetch, fetch_all
from lims.kernel.errors import RuleBroken
from lims.reception.models import Order
from lims.settings import parameters
from lims.vocabulary import ChargeState, InvoiceState, PaymentMeans

CHUNK = 500

Free = Row[UUID, UUID | None]
"""A charge that is on no invoice, and its contract."""


def draft_invoice(session: Session, command: DraftInvoice, *, by: str) -> Invoice:
    """Put what a buyer owes on a draft.

    Without contract, order and picked charges it is everything that belongs to no contract: an
    invoice never mixes contracts, so that the money of each can be followed.
    """
    buyer = fetch(session, Customer, command.buyer_id)
    charges = _held(session, [Charge.payer_id == buyer.id, _narrowed(command)])
    _require(charges, buyer, command.charge_ids)
    invoice = Invoice(
        buyer_id=buyer.id, contract_id=charges[0].contract_id, drafted_on=clock.today()
    )
    session.add(invoice)
    session.flush()
    _put_on(session, invoice, [charge.id for charge in charges])
    drafted = InvoiceDrafted(
        invoice_id=invoice.id,
        buyer_id=buyer.id,
        contract_id=invoice.contract_id,
        charges=len(charges),
        on=invoice.drafted_on,
    )
    log.append(session, drafted, by=by)
    return invoice


def discard(session: Session, invoice_id: UUID, *, by: str) -> Invoice:
    """Give a draft up; its charges can be invoiced again."""
    _hold_charges(session, invoice_id)
    invoice = fetch(session, Invoice, invoice_id, hold=True)
    discarded = invoice.discard(clock.today())
    charges = update(Charge).where(Charge.invoice_id == invoice_id)
    session.execute(charges.values(invoice_id=None))
    log.append(session, discarded, by=by)
    return invoice


def issue(session: Session, invoice_id: UUID, *, by: str) -> Invoice:
    """Give a draft its number, set what was paid ahead against it, and fix what it says.

    Rows are held in the order charges, invoice, orders, payments; the number is taken last.
    """
    orders = _hold_charges(session, invoice_id)
    invoice = fetch(session, Invoice, invoice_id, hold=True)
    on = clock.today()
    form = parameters.value(session, INVOICE_FORM, on).value
    series = parameters.value(session, INVOICE_SERIES, on).value
    rows = _priced(session, invoice)
    advances = _advances(session, orders)
    (number,) = numbering.take(session, f"invoice/{series}", on.year)
    issued = invoice.issue(
        form=form, series=series, year=on.year, number=number, at=clock.now(), on=on
    )
    session.execute(
        update(Charge).where(Charge.invoice_id == invoice_id).values(state=ChargeState.INVOICED)
    )
    log.append(session, issued, *_allocated(session, invoice, advances, on), by=by)
    _freeze(session, invoice, rows, {payment.means for payment in advances}, by=by)
    return invoice


def _narrowed(command: DraftInvoice) -> ColumnElement[bool]:
    if command.charge_ids is not None:
        return Charge.id.in_(command.charge_ids)
    if command.order_id is not None:
        return Charge.order_id == command.order_id
    return Charge.contract_id == command.contract_id


def _held(session: Session, where: Sequence[ColumnElement[bool]]) -> Sequence[Free]:
    """Find what is free to be invoiced, held in key order; as tuples, for they may be thousands."""
    free = (Charge.state == ChargeState.EARNED, Charge.invoice_id.is_(None))
    query = select(Charge.id, Charge.contract_id).where(*where, *free)
    return session.execute(query.order_by(Charge.id).with_for_update()).all()


def _require(charges: Sequence[Free], buyer: Customer, charge_ids: Collection[UUID] | None) -> None:
    if charge_ids is not None and len(charges) < len(set(charge_ids)):
        raise RuleBroken(
            "Some of these charges are on another invoice, cancelled or somebody else's:"
            " load the list again and choose anew.",
            field="charge_ids",
        )
    if not charges:
        raise RuleBroken(
            "Nothing of %(buyer)s waits to be invoiced: work is charged when its result is"
            " authorised.",
            buyer=buyer.name,
        )
    if len({charge.contract_id for charge in charges}) > 1:
        raise RuleBroken(
            "These charges belong to different contracts: make one invoice for each.",
            field="charge_ids",
        )


def _put_on(session: Session, invoice: Invoice, charge_ids: Sequence[UUID]) -> None:
    for start in range(0, len(charge_ids), CHUNK):
        chunk = Charge.id.in_(charge_ids[start : start + CHUNK])
        session.execute(update(Charge).where(chunk).values(invoice_id=invoice.id))


def _hold_charges(session: Session, invoice_id: UUID) -> list[UUID]:
    """Hold an invoice's charges in key order; return the orders they come from."""
    query = select(Charge.order_id).where(Charge.invoice_id == invoice_id).order_by(Charge.id)
    orders = session.scalars(query.with_for_update()).all()
    return sorted({order_id for order_id in orders if order_id is not None})


def _priced(session: Session, invoice: Invoice) -> list[Line]:
    """Add up what stands on the draft; a withdrawal may have taken charges off it."""
    rows = lines.of_invoice(session, invoice.id)
    if not rows and invoice.state is InvoiceState.DRAFT:
        raise RuleBroken("Nothing is left on this draft: discard it.")
    if invoice.state is InvoiceState.DRAFT:
        invoice.net, invoice.vat = sum(row.net for row in rows), sum(row.vat for row in rows)
    return rows


def _advances(session: Session, orders: Sequence[UUID]) -> list[Payment]:
    """Hold what was paid ahead on the orders, oldest first; nobody pays ahead meanwhile."""
    fetch_all(session, Order, orders, hold=True)
    payments: list[Payment] = []
    for start in range(0, len(orders), CHUNK):
        chunk = Payment.order_id.in_(orders[start : start + CHUNK])
        query = select(Payment).where(chunk, Payment.allocated < Payment.amount)
        held = query.order_by(Payment.id).with_for_update()
        payments += session.scalars(held.execution_options(populate_existing=True))
    return sorted(payments, key=lambda payment: payment.id)


def _allocated(
    session: Session, invoice: Invoice, advances: Sequence[Payment], on: date
) -> Iterator[PaymentAllocated]:
    for payment in advances:
        if invoice.open > 0:
            part = payment.allocate(invoice, on)
            session.add(
                Allocation(payment_id=payment.id, invoice_id=invoice.id, amount=part.amount)
            )
            yield part


def _freeze(
    session: Session,
    invoice: Invoice,
    rows: Sequence[Line],
    means: set[PaymentMeans],
    *,
    by: str,
) -> None:
    """Fix what the invoice says; a worker prints it."""
    buyer = fetch(session, Customer, invoice.buyer_id)
    content = composition.invoice(session, invoice, buyer, rows, means)
    rendering.check("invoice", content)
    store.freeze(
        session,
        invoice.id,
        kind="invoice",
        template=rendering.version("invoice"),
        number=invoice.label.replace("/", "-"),
        content=content,
        on=invoice.issued_on or clock.today(),
        by=by,
    )
