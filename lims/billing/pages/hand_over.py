"""The counter gives back what is done and paid for: the ticks, the paper to sign."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import service
from lims.billing.charges import accounts
from lims.billing.commands import HandOverItems
from lims.billing.returns import order_items, paper
from lims.customers.models import Customer
from lims.documents import rendering
from lims.kernel.db import fetch, reading
from lims.reception.models import HandOver, Order
from lims.vocabulary import Role
from lims.web.access import actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.requests import pdf, see
from schemas.billing import HandOverForm

pages = Blueprint("hand_over", __name__)


@pages.get("/reception/orders/<uuid:order_id>/hand-over")
@allow(Role.RECEPTION)
@query
def ask(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show what can go back with its results, whether it is paid, and ask who takes it."""
    order = fetch(session, Order, order_id)
    lines = order_items.of_order(session, order_id)
    return render_template(
        "billing/hand_over.html",
        order=order,
        requester=fetch(session, Customer, order.requester_id),
        ready=[line for line in lines if line.ready],
        staying=[line for line in lines if not line.ready],
        account=accounts.account(session, order),
        pay_at=_pay_at(session, order),
        on_credit=service.on_credit(session, order),
    )


@pages.post("/reception/orders/<uuid:order_id>/hand-over")
@allow(Role.RECEPTION)
@command(HandOverForm)
def hand_over(session: Session, command: HandOverItems, order_id: UUID) -> ResponseReturnValue:
    """Give back what is ticked, and open the order with the paper to sign printing."""
    made = service.hand_over(session, order_id, command, by=actor().name)
    return see(
        "reception.order",
        say="Handed over. The receiver signs the paper.",
        order_id=order_id,
        print=made.id,
    )


@pages.get("/reception/hand-overs/<uuid:hand_over_id>/paper.pdf")
@signed_in
def print_paper(hand_over_id: UUID) -> ResponseReturnValue:
    """Print what went back together, with no session open while it is set."""
    with reading() as session:
        made = fetch(session, HandOver, hand_over_id)
        content = paper.compose(session, hand_over_id)
    if request.method == "HEAD":
        return pdf(b"", made.number)
    return pdf(rendering.render("hand-over", content, created=made.handed_over_on), made.number)


def _pay_at(session: Session, order: Order) -> str:
    """Return where an order is paid: on its open invoice, or ahead of one."""
    for invoice, _part in accounts.invoiced(session, order.id):
        if invoice.open > 0:
            return f"/billing/invoices/{invoice.id}/pay"
    return f"/billing/orders/{order.id}/pay"
