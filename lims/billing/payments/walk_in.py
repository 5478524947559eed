"""The counter and its cash: the walk-in customer, and what goes back when it is paid."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.billing.charges import accounts, agreement
from lims.billing.commands import ServeWalkIn, TakePayment
from lims.billing.models import Payment
from lims.billing.payments import receiving
from lims.contracts.models import Contract
from lims.customers import service as customers
from lims.customers.commands import EnterCustomer
from lims.customers.models import Customer, search_key
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken, WrongState
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.models import Item, Order
from lims.vocabulary import CertificateMode, CustomerKind, ItemState, PaymentMeans, Place

READY = (ItemState.AUTHORISED, ItemState.NOT_PERFORMED, ItemState.CANCELLED)
"""What may go back to its owner."""


@dataclass(frozen=True)
class WalkIn:
    """What became of a walk-in customer's visit."""

    order: Order
    payment: Payment


def walk_in(session: Session, command: ServeWalkIn, *, by: str) -> WalkIn:
    """Take one instrument and its price in cash."""
    customer = _customer(session, command.customer_id, command.customer_name, by=by)
    request = ReceiveOrder(
        requester_id=customer.id,
        place=Place.LABORATORY,
        certificate_mode=CertificateMode.EACH,
        items=[NewItem(service_id=command.service_id, serial=command.serial)],
    )
    order = reception.receive(session, request, by=by)
    price = agreement.quote(session, command.service_id, None, order.received_on).gross
    cash = TakePayment(
        order_id=order.id,
        amount=price if command.amount is None else command.amount,
        means=PaymentMeans.CASH,
        received_on=clock.today(),
    )
    return WalkIn(order, receiving.pay(session, cash, by=by))


def hand_over(session: Session, order_id: UUID, *, to: str, by: str) -> list[Item]:
    """Give back what is done of an order: paid, or on credit where the contract allows it."""
    order = fetch(session, Order, order_id)
    require_paid(session, order)
    query = select(Item).where(Item.order_id == order_id, Item.state.in_(READY))
    items = session.scalars(query.order_by(Item.line)).all()
    if not items:
        raise _nothing_to_give(session, order)
    return reception.hand_over_items(session, items, to=to, by=by)


def _nothing_to_give(session: Session, order: Order) -> WrongState:
    states = session.scalars(select(Item.state).where(Item.order_id == order.id).distinct())
    if set(states) == {ItemState.HANDED_OVER}:
        return WrongState(
            "Everything of order %(order)s has gone back already: each item says to whom.",
            order=order.number,
        )
    return WrongState(
        "Nothing of order %(order)s can go back yet: wait until its results are authorised.",
        order=order.number,
    )


def on_credit(session: Session, order: Order) -> bool:
    """Tell whether the contract of an order lets work go out unpaid."""
    return order.contract_id is not None and fetch(session, Contract, order.contract_id).on_credit


def require_paid(session: Session, order: Order) -> None:
    """Refuse to give back what is not paid for, or not even priced yet."""
    if on_credit(session, order):
        return
    if agreement.awaited(session, order):
        raise WrongState(
            "The charges of order %(order)s are still being computed: try again in a moment.",
            order=order.number,
        )
    due = accounts.account(session, order).due
    if due > 0:
        raise RuleBroken(
            "%(due)s đ of order %(order)s are not paid: take the money first; only a contract on"
            " credit lets work go out unpaid.",
            due=due,
            order=order.number,
        )


def _customer(session: Session, customer_id: UUID | None, name: str, *, by: str) -> Customer:
    """Find who is at the counter, by pick or by name; somebody new is entered by name alone."""
    namesake = select(Customer.id).where(Customer.folded == search_key(name)).limit(1)
    if customer_id is None and session.scalar(namesake) is None:
        return customers.enter(session, EnterCustomer(name=name, kind=CustomerKind.PERSON), by=by)
    return customers.resolve(session, customer_id, name, field="customer_id_text")
