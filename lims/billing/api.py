"""Charges, invoices and payments for machines."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import queries, service
from lims.billing.access import READING, TAKING, WRITING
from lims.billing.commands import (
    DraftInvoice,
    FindCharges,
    FindInvoices,
    HandOverItems,
    TakePayment,
)
from lims.billing.contract_money import statement
from lims.billing.models import Invoice
from lims.billing.returns import order_items
from lims.contracts.models import Contract
from lims.kernel.db import fetch
from lims.vocabulary import MoneyMeasure, Role
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.billing import (
    ChargesArgs,
    ChargeSchema,
    ChargesPage,
    DraftBody,
    HandOverBody,
    HandOverDetailsSchema,
    HandOverSchema,
    InvoicesArgs,
    InvoiceSchema,
    InvoicesPage,
    MoneySchema,
    PayBody,
    PaymentSchema,
    PaymentsPage,
    ReturnedItemSchema,
)
from schemas.paging import PageArgs, PageRequest

api = blueprint("billing", "Charges, invoices, payments and the money of contracts")


@api.route("/charges", methods=["GET"])
@allow(*READING)
@api.arguments(ChargesArgs, location="query")
@api.response(200, ChargesPage)
@query
def charges(session: Session, asked: FindCharges) -> ResponseReturnValue:
    """List charges, the latest first."""
    return page(queries.charges(session, asked), ChargeSchema(), asked.limit)


@api.route("/invoices", methods=["GET"])
@allow(*READING)
@api.arguments(InvoicesArgs, location="query")
@api.response(200, InvoicesPage)
@query
def invoices(session: Session, asked: FindInvoices) -> ResponseReturnValue:
    """List invoices and drafts, the latest first."""
    rows = [row.Invoice for row in queries.invoices(session, asked)]
    return page(rows, InvoiceSchema(), asked.limit)


@api.route("/invoices", methods=["POST"])
@allow(*WRITING)
@api.arguments(DraftBody)
@api.response(201, InvoiceSchema)
@command()
def draft(session: Session, command: DraftInvoice) -> ResponseReturnValue:
    """Draft an invoice; it gets number and amounts when it is issued."""
    invoice = service.draft_invoice(session, command, by=actor().name)
    return answer(InvoiceSchema().dump(invoice), 201)


@api.route("/invoices/<uuid:invoice_id>", methods=["GET"])
@allow(*READING)
@api.response(200, InvoiceSchema)
@query
def invoice(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Show one invoice."""
    return answer(InvoiceSchema().dump(fetch(session, Invoice, invoice_id)))


@api.route("/invoices/<uuid:invoice_id>/issue", methods=["POST"])
@allow(*WRITING)
@api.response(200, InvoiceSchema)
@command()
def issue(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Issue a draft: it gets its number and is never edited again."""
    invoice = service.issue(session, invoice_id, by=actor().name)
    return answer(InvoiceSchema().dump(invoice))


@api.route("/orders/<uuid:order_id>/hand-over", methods=["POST"])
@allow(Role.RECEPTION)
@api.arguments(HandOverBody)
@api.response(201, HandOverDetailsSchema)
@command()
def hand_over(session: Session, command: HandOverItems, order_id: UUID) -> ResponseReturnValue:
    """Give items of an order back: those that are named, or all that are done."""
    made = service.hand_over(session, order_id, command, by=actor().name)
    lines = order_items.of_hand_over(session, made.id)
    items = ReturnedItemSchema().dump(lines, many=True)
    return answer(HandOverSchema().dump(made) | {"items": items}, 201)


@api.route("/payments", methods=["GET"])
@allow(*READING)
@api.arguments(PageArgs, location="query")
@api.response(200, PaymentsPage)
@query
def payments(session: Session, args: PageRequest) -> ResponseReturnValue:
    """List payments, the latest first."""
    rows = [row.Payment for row in queries.payments(session, after=args.after, limit=args.limit)]
    return page(rows, PaymentSchema(), args.limit)


@api.route("/payments", methods=["POST"])
@allow(*TAKING)
@api.arguments(PayBody)
@api.response(201, PaymentSchema)
@command()
def pay(session: Session, command: TakePayment) -> ResponseReturnValue:
    """Take money for an invoice, or ahead of one for an order."""
    payment = service.pay(session, command, by=actor().name)
    return answer(PaymentSchema().dump(payment), 201)


@api.route("/receivables", methods=["GET"])
@allow(*READING)
@api.arguments(PageArgs, location="query")
@api.response(200, InvoicesPage)
@query
def receivables(session: Session, args: PageRequest) -> ResponseReturnValue:
    """List what is issued and not paid, the oldest first."""
    rows = [row.Invoice for row in queries.receivables(session, after=args.after, limit=args.limit)]
    return page(rows, InvoiceSchema(), args.limit)


@api.route("/contracts/<uuid:contract_id>/money", methods=["GET"])
@allow(*READING)
@api.response(200, MoneySchema)
@query
def money(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Show how far the money of a contract has come; all zeros are the contract of none."""
    if contract_id.int:
        fetch(session, Contract, contract_id)
    sums = statement.of(session, [contract_id])[contract_id]
    amounts = {measure.value: sums.get(measure, 0) for measure in MoneyMeasure}
    return answer(MoneySchema().dump({"contract_id": contract_id, **amounts}))
