"""Money that comes in, and the money of contracts with the facts behind each number."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import queries, service
from lims.billing.access import READING, TAKING
from lims.billing.charges import accounts
from lims.billing.commands import TakePayment
from lims.billing.contract_money import statement
from lims.billing.contract_money.projection import CHAIN
from lims.billing.contract_money.statement import SourceFacts
from lims.billing.models import NO_CONTRACT, Invoice
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.kernel.errors import NotFound
from lims.reception.models import Order
from lims.vocabulary import Discipline, MoneyMeasure, PaymentMeans, RevenueClass
from lims.web.access import actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.pages import word
from lims.web.requests import PAGE, after, asked, asked_number, see
from schemas.billing import PayForm

pages = Blueprint("cash", __name__)

FACTS = 100


@pages.get("/billing/payments")
@allow(*READING)
@query
def payments(session: Session) -> ResponseReturnValue:
    """Show what came in, the latest first."""
    rows = queries.payments(session, after=after(), limit=PAGE)
    return render_template(
        "billing/payments.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].Payment.id if len(rows) > PAGE else None,
    )


@pages.get("/billing/invoices/<uuid:invoice_id>/pay")
@allow(*TAKING)
@query
def ask_for_invoice(session: Session, invoice_id: UUID) -> ResponseReturnValue:
    """Ask what came in for an invoice."""
    invoice = fetch(session, Invoice, invoice_id)
    buyer = fetch(session, Customer, invoice.buyer_id)
    return _ask(invoice.label, buyer, invoice.open, f"/billing/invoices/{invoice_id}")


@pages.post("/billing/invoices/<uuid:invoice_id>/pay")
@allow(*TAKING)
@command(PayForm)
def pay_invoice(session: Session, command: TakePayment, invoice_id: UUID) -> ResponseReturnValue:
    """Take money for an invoice."""
    service.pay(session, replace(command, invoice_id=invoice_id), by=actor().name)
    return see(
        "billing.invoice",
        say="The money is in; the receipt is being printed.",
        invoice_id=invoice_id,
    )


@pages.get("/billing/orders/<uuid:order_id>/pay")
@allow(*TAKING)
@query
def ask_for_order(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Ask what came in ahead for an order."""
    order = fetch(session, Order, order_id)
    payer = fetch(session, Customer, order.payer_id)
    payable = accounts.account(session, order).payable
    return _ask(order.number, payer, payable, f"/reception/orders/{order_id}")


@pages.post("/billing/orders/<uuid:order_id>/pay")
@allow(*TAKING)
@command(PayForm)
def pay_order(session: Session, command: TakePayment, order_id: UUID) -> ResponseReturnValue:
    """Take money ahead for an order."""
    service.pay(session, replace(command, order_id=order_id), by=actor().name)
    return see(
        "reception.order", say="The money is in; the receipt is being printed.", order_id=order_id
    )


def _ask(subject: str, payer: Customer, amount: int, back: str) -> ResponseReturnValue:
    return render_template(
        "billing/pay.html",
        subject=subject,
        payer=payer,
        amount=amount,
        back=back,
        means=options(PaymentMeans),
    )


@pages.get("/billing/money")
@allow(*READING)
@query
def money(session: Session) -> ResponseReturnValue:
    """Show contracted → done → invoiced → paid for each contract, for none, and in all."""
    rows = statement.contracts(session, after=after(), limit=PAGE)
    return render_template(
        "billing/money.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].contract_id if len(rows) > PAGE else None,
        loose=statement.without_contract(session),
        total=statement.between(session),
        measures=CHAIN,
    )


@pages.get("/billing/money/facts")
@allow(*READING)
@query
def facts(session: Session) -> ResponseReturnValue:
    """Explain a number: the facts it is the sum of."""
    number = _source_facts()
    rows = statement.facts(session, number, after=asked_number("after"), limit=FACTS + 1)
    return render_template(
        "billing/facts.html",
        figure=number,
        contract=_contract(session, number.contract_id),
        loose=number.contract_id == NO_CONTRACT,
        total=statement.total(session, number),
        rows=rows[:FACTS],
        next=rows[FACTS - 1][0].position if len(rows) > FACTS else None,
        disciplines={discipline.value: word(discipline) for discipline in Discipline},
    )


def _source_facts() -> SourceFacts:
    """Read from the address which number is meant."""
    measure, revenue_class = asked("measure"), asked("class")
    try:
        return SourceFacts(
            contract_id=UUID(asked("contract")) if asked("contract") else None,
            measure=MoneyMeasure(measure),
            first=date.fromisoformat(asked("from")) if asked("from") else None,
            last=date.fromisoformat(asked("to")) if asked("to") else None,
            revenue_class=RevenueClass(revenue_class) if revenue_class else None,
        )
    except ValueError as error:
        raise NotFound("There is no such number: open it from its table.") from error


def _contract(session: Session, contract_id: UUID | None) -> Contract | None:
    if contract_id is None or contract_id == NO_CONTRACT:
        return None
    return fetch(session, Contract, contract_id)
