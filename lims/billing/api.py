"""Charges, invoices and payments for machines."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import contract_money, queries, service
from lims.billing.access import READING, TAKING, WRITING
from lims.billing.models import Invoice
from lims.billing.queries import Where
from lims.contracts.models import Contract
from lims.kernel.db import fetch
from lims.vocabulary import MoneyMeasure
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.billing import (
    ChargeArgs,
    ChargeSchema,
    ChargesPage,
    DraftBody,
    InvoiceArgs,
    InvoiceSchema,
    InvoicesPage,
    MoneySchema,
    PayBody,
    PaymentSchema,
    PaymentsPage,
)
from schemas.paging import PageArgs, PageRequest

api = blueprint("billing", "Charges, invoices, payments and the money of contracts")


class ChargesArgs(PageArgs, ChargeArgs):
    """Which charges, and which part of them."""

    command = None


class InvoicesArgs(PageArgs, InvoiceArgs):
    """Which invoices, and which part of them."""

    command = None


@api.route("/charges", methods=["GET"])
@allow(*READING)
@api.arguments(ChargesArgs, location="query")
@api.response(200, ChargesPage)
@query
def charges(session: Session, args: dict[str, Any]) -> ResponseReturnValue:
    """List charges, the latest first."""
    after, limit = args.pop("after"), args.pop("limit")
    rows = queries.charges(session, Where(**args), after=after, limit=limit)
    return page(rows, ChargeSchema(), limit)


@api.route("/invoices", methods=["GET"])
@allow(*READING)
@api.arguments(InvoicesArgs, location="query")
@api.response(200, InvoicesPage)
@query
def invoices(session: Session, args: dict[str, Any]) -> ResponseReturnValue:
    """List invoices and drafts, the latest first."""
    rows = [row.Invoice for row in queries.invoices(session, **args)]
    return page(rows, InvoiceSchema(), args["limit"])


@api.route("/invoices", methods=["POST"])
@allow(*WRITING)
@api.arguments(DraftBody)
@api.response(201, InvoiceSchema)
@command()
def draft(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Draft an invoice; it gets number and amounts when it is issued."""
    made = service.draft_invoice(session, by=actor().name, **body)
    return answer(InvoiceSchema().dump(made), 201)


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
    made = service.issue(session, invoice_id, by=actor().name)
    return answer(InvoiceSchema().dump(made))


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
def pay(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Take money for an invoice, or ahead of one for an order."""
    made = service.pay(session, by=actor().name, **body)
    return answer(PaymentSchema().dump(made), 201)


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
    sums = contract_money.of(session, [contract_id])[contract_id]
    named = {measure.value: sums.get(measure, 0) for measure in MoneyMeasure}
    return answer(MoneySchema().dump({"contract_id": contract_id, **named}))
