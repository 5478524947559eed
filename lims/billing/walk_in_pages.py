"""The counter's pages about money: the walk-in customer, and handing over what is paid."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import accounts, service
from lims.catalogue import service as catalogue
from lims.customers.models import Customer
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import LabError, RuleBroken
from lims.reception import queries as reception
from lims.reception.models import Order
from lims.vocabulary import Discipline, Role
from lims.web.access import actor, allow
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.requests import asked, see
from schemas.billing import HandOverForm, WalkInForm

pages = Blueprint("counter", __name__)

OVER_THE_COUNTER = (Discipline.VERIFICATION, Discipline.CALIBRATION)
SUGGESTED = 10


@pages.get("/reception/walk-in")
@allow(Role.RECEPTION)
def walk_in() -> ResponseReturnValue:
    """Ask who is there, with what, for how much: one page, one button."""
    return render_template("billing/walk_in.html")


@pages.post("/reception/walk-in")
@allow(Role.RECEPTION)
@command(WalkInForm)
def receive_and_pay(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Take the instrument and its price in, and open the order with its slip printing."""
    visit = service.walk_in(
        session,
        customer_id=form["customer_id"],
        name=form["customer_id_text"],
        service_id=_service(session, form["service_id"], form["service_id_text"]),
        serial=form["serial"],
        amount=form["amount"],
        by=actor().name,
    )
    return see(
        "reception.order",
        say="Taken in and paid. Beside the slip, give the customer the receipt below.",
        order_id=visit.order.id,
        print="now",
    )


@pages.get("/reception/walk-in/services")
@allow(Role.RECEPTION)
@query
def services(session: Session) -> ResponseReturnValue:
    """Name the services that what is typed may mean."""
    found = [one for one in catalogue.services(session, q=asked("q")) if _counter(one.discipline)]
    choices = [
        (one.id, one.name_vi if locale() == "vi" else one.name_en or one.name_vi, one.code)
        for one in found[:SUGGESTED]
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/reception/walk-in/price")
@allow(Role.RECEPTION)
@query
def price(session: Session) -> ResponseReturnValue:
    """Fill in the price of the service that was chosen, VAT included."""
    try:
        quote = service.quote(session, UUID(asked("service_id")), None, clock.today())
    except (ValueError, LabError):
        return render_template("billing/_amount.html", amount=None)
    return render_template("billing/_amount.html", amount=quote.gross)


@pages.get("/reception/orders/<uuid:order_id>/hand-over")
@allow(Role.RECEPTION)
@query
def ask_to_hand_over(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show what can go back, whether it is paid, and ask who takes it."""
    order = fetch(session, Order, order_id)
    items = reception.items_of(session, order_id)
    return render_template(
        "billing/hand_over.html",
        order=order,
        requester=fetch(session, Customer, order.requester_id),
        ready=[one for one in items if one.state in reception.READY],
        staying=[
            one for one in items if one.state not in reception.READY and one.state != "handed_over"
        ],
        account=accounts.account(session, order),
        pay_at=_pay_at(session, order),
        on_credit=service.on_credit(session, order),
    )


@pages.post("/reception/orders/<uuid:order_id>/hand-over")
@allow(Role.RECEPTION)
@command(HandOverForm)
def hand_over(session: Session, form: dict[str, Any], order_id: UUID) -> ResponseReturnValue:
    """Give the items back."""
    service.hand_over(session, order_id, by=actor().name, **form)
    return see("reception.order", say="Handed over.", order_id=order_id)


def _pay_at(session: Session, order: Order) -> str:
    """Return where an order is paid: on its open invoice, or ahead of one."""
    for invoice, _part in accounts.invoiced(session, order.id):
        if invoice.open > 0:
            return f"/billing/invoices/{invoice.id}/pay"
    return f"/billing/orders/{order.id}/pay"


def _service(session: Session, service_id: UUID | None, text: str) -> UUID:
    """Return what was picked, or the only service that what was typed means."""
    if service_id is not None:
        return service_id
    found = [one for one in catalogue.services(session, q=text) if _counter(one.discipline)]
    if len(found) != 1 or not text:
        raise RuleBroken("Choose a service from the list.", field="service_id_text")
    return found[0].id


def _counter(discipline: Discipline) -> bool:
    return discipline in OVER_THE_COUNTER
