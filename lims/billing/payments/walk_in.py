"""The walk-in customer: one instrument and its price in cash, in one act."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.billing.charges import agreement
from lims.billing.commands import ServeWalkIn, TakePayment
from lims.billing.models import Payment
from lims.billing.payments import receiving
from lims.customers import service as customers
from lims.customers.commands import EnterCustomer
from lims.customers.models import Customer, search_key
from lims.kernel import clock
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.models import Order
from lims.vocabulary import CertificateMode, CustomerKind, PaymentMeans, Place


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


def _customer(session: Session, customer_id: UUID | None, name: str, *, by: str) -> Customer:
    """Find who is at the counter, by pick or by name; somebody new is entered by name alone."""
    namesake = select(Customer.id).where(Customer.folded == search_key(name)).limit(1)
    if customer_id is None and session.scalar(namesake) is None:
        return customers.enter(session, EnterCustomer(name=name, kind=CustomerKind.PERSON), by=by)
    return customers.resolve(session, customer_id, name, field="customer_id_text")
