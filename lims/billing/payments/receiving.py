"""Money that comes in: for an invoice, or ahead of one for an order; each with its receipt."""

from uuid import UUID

from sqlalchemy.orm import Session

from lims.billing.charges import accounts
from lims.billing.commands import TakePayment
from lims.billing.invoices import composition
from lims.billing.models import Allocation, Invoice, Payment
from lims.customers.models import Customer
from lims.documents import rendering, store
from lims.eventlog import log
from lims.kernel import clock, numbering
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.reception.models import Order
from lims.settings import periods
from lims.vocabulary import PeriodKind

SERIES, PREFIX = "receipt", "PT"


def pay(session: Session, command: TakePayment, *, by: str) -> Payment:
    """Take money for an invoice, or ahead of one for an order; print its receipt."""
    _require(command)
    periods.require_open(session, PeriodKind.MONEY, command.received_on, field="received_on")
    if command.invoice_id is not None:
        return _pay_invoice(session, command, command.invoice_id, by=by)
    order = _order(session, command.order_id, command.amount)
    payment = _payment(session, command, order.payer_id, order.contract_id, by=by)
    log.append(session, payment.received(), by=by)
    _freeze(session, payment, _for_order(order), by=by)
    return payment


def _pay_invoice(session: Session, command: TakePayment, invoice_id: UUID, *, by: str) -> Payment:
    invoice = fetch(session, Invoice, invoice_id, hold=True)
    invoice.require_owed(command.amount)
    payment = _payment(session, command, invoice.buyer_id, invoice.contract_id, by=by)
    payment.allocate(invoice, command.received_on)
    session.add(Allocation(payment_id=payment.id, invoice_id=invoice_id, amount=command.amount))
    log.append(session, payment.received(), by=by)
    _freeze(session, payment, _for_invoice(invoice), by=by)
    return payment


def _payment(
    session: Session, command: TakePayment, payer_id: UUID, contract_id: UUID | None, *, by: str
) -> Payment:
    payment = Payment(
        number=_number(session),
        payer_id=payer_id,
        means=command.means,
        amount=command.amount,
        received_on=command.received_on,
        received_by=by,
        reference=command.reference,
        invoice_id=command.invoice_id,
        order_id=command.order_id,
        contract_id=contract_id,
    )
    session.add(payment)
    session.flush()
    return payment


def _require(command: TakePayment) -> None:
    if (command.invoice_id is None) == (command.order_id is None):
        raise RuleBroken("Say which invoice is paid, or which order is paid ahead; not both.")
    if command.amount <= 0:
        raise RuleBroken("Write the amount that came in, in whole đồng.", field="amount")
    if command.received_on > clock.today():
        raise RuleBroken("Money cannot come in on a later day than today.", field="received_on")


def _order(session: Session, order_id: UUID | None, amount: int) -> Order:
    """Hold the order that is paid ahead; what is invoiced is paid on its invoice."""
    order = fetch(session, Order, order_id or UUID(int=0), hold=True)
    for invoice, _part in accounts.invoiced(session, order.id):
        if invoice.open > 0:
            raise RuleBroken(
                "This work is on invoice %(invoice)s: take the money on that invoice.",
                invoice=invoice.label,
            )
    payable = accounts.account(session, order).payable
    if amount > payable:
        raise RuleBroken(
            "Order %(order)s comes to %(payable)s đ more at the most: take that much, or give"
            " change.",
            field="amount",
            order=order.number,
            payable=payable,
        )
    return order


def _for_invoice(invoice: Invoice) -> str:
    return f"Thanh toán hóa đơn {invoice.series} số {invoice.number:08}"


def _for_order(order: Order) -> str:
    return f"Nộp trước tiền dịch vụ theo đơn tiếp nhận {order.number}"


def _number(session: Session) -> str:
    year = clock.today().year
    (number,) = numbering.take(session, SERIES, year)
    return numbering.spelled(PREFIX, year, number)


def _freeze(session: Session, payment: Payment, reason: str, *, by: str) -> None:
    """Fix what the receipt says; a worker prints it."""
    payer = fetch(session, Customer, payment.payer_id)
    attached = "01 hóa đơn" if payment.invoice_id else ""
    content = composition.receipt(session, payment, payer, reason=reason, attached=attached)
    rendering.check("receipt", content)
    store.freeze(
        session,
        payment.id,
        kind="receipt",
        template=rendering.version("receipt"),
        number=payment.number,
        content=content,
        on=payment.received_on,
        by=by,
    )
