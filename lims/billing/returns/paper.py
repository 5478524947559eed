"""What the hand-over paper says; it is printed on demand, as the reception slip is."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lims.billing.document_types import HandOverPaper, ReturnedItem, ReturnedResult
from lims.billing.returns import order_items
from lims.billing.returns.order_items import Line
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.kernel.words import day
from lims.reception.document_types import PRINTED, full_name, party, printable
from lims.reception.models import HandedOverItem, HandOver, Item, Order
from lims.settings import centre
from lims.vocabulary import ItemState, Outcome, ResultState

PRINTED_AS: dict[Outcome | ResultState | None, ReturnedResult] = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.MEASURED: "measured",
    Outcome.NOT_PERFORMED: "not_performed",
    ResultState.WITHDRAWN: "withdrawn",
    None: "cancelled",
}
"""What the template writes out in both languages; without a result it was given up before work."""


def compose(session: Session, hand_over_id: UUID) -> HandOverPaper:
    """Gather what is printed; the printing itself needs no session."""
    hand_over = fetch(session, HandOver, hand_over_id)
    order = fetch(session, Order, hand_over.order_id)
    paper = HandOverPaper(
        centre=centre.block(session),
        number=hand_over.number,
        order=order.number,
        requester=party(fetch(session, Customer, order.requester_id)),
        received_on=day(order.received_on, PRINTED),
        handed_over_on=day(hand_over.handed_over_on, PRINTED),
        items=[_item(line) for line in order_items.of_hand_over(session, hand_over_id)],
        handed_over_by=full_name(session, hand_over.handed_over_by),
        receiver=printable(hand_over.receiver),
    )
    if remaining := _remaining(session, hand_over):
        paper["remaining"] = str(remaining)
    return paper


def _item(line: Line) -> ReturnedItem:
    item = ReturnedItem(
        code=line.item.code,
        name=printable(line.item.description),
        serial=printable(line.item.serial),
        result=PRINTED_AS[line.result],
    )
    if line.reason:
        item["reason"] = printable(line.reason)
    if line.certificate:
        item["certificate"] = line.certificate
    return item


def _remaining(session: Session, hand_over: HandOver) -> int:
    """Count what stayed here that day: a later print of the paper says no less."""
    stayed = or_(Item.state != ItemState.HANDED_OVER, HandedOverItem.hand_over_id > hand_over.id)
    query = (
        select(func.count())
        .select_from(Item)
        .outerjoin(HandedOverItem, HandedOverItem.item_id == Item.id)
        .where(Item.order_id == hand_over.order_id, stayed)
    )
    return session.scalar(query) or 0
