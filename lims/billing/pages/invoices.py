"""The accountant's pages: what to invoice, drafts and invoices, receivables."""

from uuid import UUID

from flask import Blueprint, Flask, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import page_extensions, queries, service
from lims.billing.access import READING, TAKING, WRITING
from lims.billing.commands import DraftInvoice, FindCharges, FindInvoices
from lims.billing.invoices import lines
from lims.billing.models import Invoice
from lims.billing.pages import drafting, hand_over, payments, walk_in
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.documents import store
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import ChargeState, InvoiceStanding, InvoiceState, Role
from lims.web import page_extensions as shown
from lims.web.access import actor, allow
from lims.web.choices import chosen, options
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry
from lims.web.pages import word
from lims.web.requests import PAGE, after, as_id, asked, see
from schemas.billing import DraftForm

pages = Blueprint("billing", __name__)


def install(app: Flask) -> None:
    """Put the pages, the menu, the cards and the parts of other pages on the application."""
    for blueprint in (pages, drafting.pages, payments.pages, walk_in.pages, hand_over.pages):
        app.register_blueprint(blueprint)
    registry = shown.registry(app)
    looking, counter = frozenset(READING), frozenset({Role.RECEPTION})
    registry.menu += [
        MenuEntry("Reception", "Walk-in customer", "counter.walk_in", "cash", counter),
        MenuEntry("Money", "To invoice", "billing.to_invoice", "coins", looking),
        MenuEntry("Money", "Invoices", "billing.invoices", "file-invoice", looking),
        MenuEntry("Money", "Receivables", "billing.receivables", "report-money", looking),
        MenuEntry("Money", "Payments", "cash.payments", "receipt", looking),
        MenuEntry("Money", "Money of contracts", "cash.money", "transfer", looking),
    ]
    page_extensions.install(registry)


@pages.get("/billing")
@allow(*READING)
@query
def to_invoice(session: Session) -> ResponseReturnValue:
    """Show what waits to be invoiced, by who pays and under which contract."""
    return render_template(
        "billing/to_invoice.html",
        rows=queries.to_invoice(session, as_id(asked("payer_id"))),
        to_correct=queries.to_correct(session),
        may=actor().has(*WRITING),
    )


@pages.get("/billing/charges")
@allow(*READING)
@query
def charges(session: Session) -> ResponseReturnValue:
    """Show charges one by one."""
    state = asked("state")
    wanted = FindCharges(
        payer_id=as_id(asked("payer_id")),
        contract_id=as_id(asked("contract_id")),
        order_id=as_id(asked("order_id")),
        invoice_id=as_id(asked("invoice_id")),
        state=chosen(ChargeState, state),
        after=after(),
        limit=PAGE,
    )
    rows = queries.charges(session, wanted)
    return render_template(
        "billing/charges.html",
        rows=rows[:PAGE],
        purposes=lines.purposes(session, rows[:PAGE]),
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        state=state,
        states=[(state.value, word(state)) for state in ChargeState],
    )


@pages.get("/billing/invoices")
@allow(*READING)
@query
def invoices(session: Session) -> ResponseReturnValue:
    """Show drafts and invoices."""
    standing = chosen(InvoiceStanding, asked("standing") or asked("state"))
    wanted = FindInvoices(standing=standing, after=after(), limit=PAGE)
    rows = queries.invoices(session, wanted)
    drafts = [row.Invoice.id for row in rows if row.Invoice.state is InvoiceState.DRAFT]
    return render_template(
        "billing/invoices.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].Invoice.id if len(rows) > PAGE else None,
        totals=queries.totals(session, drafts),
        standing_asked=standing,
        standings=options(InvoiceStanding),
    )


@pages.get("/billing/invoices/new")
@allow(*READING)
@query
def ask_what(session: Session) -> ResponseReturnValue:
    """Show what could go on a draft."""
    return render_template(
        "billing/to_invoice.html",
        rows=queries.to_invoice(session),
        to_correct=queries.to_correct(session),
        may=actor().has(*WRITING),
    )


@pages.post("/billing/invoices/new")
@allow(*WRITING)
@command(DraftForm)
def draft(session: Session, command: DraftInvoice) -> ResponseReturnValue:
    """Put what a buyer owes on a draft."""
    invoice = service.draft_invoice(session, command, by=actor().name)
    return see("billing.invoice", say="Look the draft over, then issue it.", invoice_id=invoice.id)


@pages.get("/billing/invoices/<uuid:invoice_id>", endpoint="invoice")
@allow(*READING, *TAKING)
@query
def show_invoice(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Show an invoice or a draft: lines, totals, payments, its paper."""
    invoice = fetch(session, Invoice, invoice_id)
    contract = fetch(session, Contract, invoice.contract_id) if invoice.contract_id else None
    return render_template(
        "billing/invoice.html",
        invoice=invoice,
        buyer=fetch(session, Customer, invoice.buyer_id),
        contract=contract,
        rows=lines.of_invoice(session, invoice_id),
        payments=queries.payments_of(session, invoice_id),
        documents=store.documents_of(session, invoice_id),
        may=actor().has(*WRITING),
        may_take=actor().has(*TAKING),
    )


@pages.post("/billing/invoices/<uuid:invoice_id>/issue")
@allow(*WRITING)
@command()
def issue(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Give a draft its number."""
    service.issue(session, invoice_id, by=actor().name)
    return see("billing.invoice", say="The invoice is issued.", invoice_id=invoice_id)


@pages.post("/billing/invoices/<uuid:invoice_id>/discard")
@allow(*WRITING)
@command()
def discard(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    service.discard(session, invoice_id, by=actor().name)
    return see("billing.to_invoice", say="The draft is discarded; its charges are free again.")


@pages.get("/billing/receivables")
@allow(*READING)
@query
def receivables(session: Session) -> ResponseReturnValue:
    """Show what is issued and not paid, the oldest first."""
    rows = queries.receivables(session, after=after(), limit=PAGE)
    return render_template(
        "billing/receivables.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].Invoice.id if len(rows) > PAGE else None,
        ages=queries.ages(session, clock.today()),
        may_take=actor().has(*TAKING),
        pay=lambda invoice: url_for("cash.ask_for_invoice", invoice_id=invoice.id),
    )
