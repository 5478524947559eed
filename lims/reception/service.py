"""What reception does: take in, give up, give back. Forty items are the normal case."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lims.contracts.models import Contract
from lims.eventlog import log
from lims.kernel import bulk, clock, numbering
from lims.kernel.batch import each
from lims.kernel.db import fetch, fetch_all
from lims.kernel.errors import NotFound, RuleBroken, WrongState
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.events import OrderReceived
from lims.reception.models import USUAL_DAYS, HandedOverItem, HandOver, Item, Order
from lims.reception.new_items import building
from lims.reception.new_items.serials import MOST
from lims.settings import holidays
from lims.vocabulary import Funding, ItemState

SERIES, PREFIX = "order", "N"
RETURNED = "BG"
"""Bàn giao: what the number of a return adds to that of its order."""


class Received(NamedTuple):
    """An order that was taken in, and its items as they were written."""

    order: Order
    items: Sequence[building.ItemRow]


def receive(session: Session, command: ReceiveOrder, *, by: str) -> Order:
    """Take a request and its items in; all of them, or none."""
    return take_in(session, command, by=by).order


def take_in(session: Session, command: ReceiveOrder, *, by: str) -> Received:
    """Take a request in, and return its items too, for whoever would read them again."""
    on = clock.today()
    _require_some(command.items)
    contract = _open_contract(session, command.contract_id, on)
    promised_on = _promised(session, command.promised_on, on)
    order = _order(command, contract, on, promised_on, by)
    items = building.build(session, order.id, order.requester_id, command.items, on=on, by=by)
    order.number = _number(session, on)
    building.give_codes(order, items)
    session.add(order)
    session.flush()
    bulk.insert_rows(session, Item, items)
    log.append(session, _received(order), *building.facts(order, items), by=by)
    return Received(order, items)


def _order(
    command: ReceiveOrder, contract: Contract | None, on: date, promised_on: date, by: str
) -> Order:
    return Order(
        number="",
        requester_id=command.requester_id,
        payer_id=_payer(contract, command.payer_id) or command.requester_id,
        contract_id=command.contract_id,
        funding=command.funding or (contract.funding if contract else Funding.CUSTOMER),
        place=command.place,
        certificate_mode=command.certificate_mode,
        received_on=on,
        promised_on=promised_on,
        received_by=by,
        item_count=len(command.items),
        note=command.note,
    )


def cancel_item(session: Session, item_id: UUID, *, reason: str, by: str) -> Item:
    """Give an item up before any work, saying why."""
    item = fetch(session, Item, item_id, hold=True)
    log.append(session, item.cancel(reason=reason, on=clock.today()), by=by)
    return item


def cancel(session: Session, order_id: UUID, *, reason: str, by: str) -> Order:
    """Give a whole order up before any work; what has been worked on cannot be."""
    order = fetch(session, Order, order_id)
    held = select(Item).where(Item.order_id == order_id).order_by(Item.id).with_for_update()
    items = session.scalars(held.execution_options(populate_existing=True)).all()
    open_items = [item for item in items if item.state is not ItemState.CANCELLED]
    if not open_items:
        raise WrongState("Order %(number)s is cancelled already.", number=order.number)
    begun = [item.code for item in open_items if item.state is not ItemState.RECEIVED]
    if begun:
        raise WrongState(
            "Work on %(codes)s has begun: cancel the other items one by one.",
            codes=", ".join(begun[:5]),
        )
    cancellations = [item.cancel(reason=reason, on=clock.today()) for item in open_items]
    log.append(session, *cancellations, by=by)
    return order


def hand_over_items(
    session: Session, order: Order, items: Sequence[Item], *, to: str, by: str
) -> HandOver:
    """Give items of an order back to their owner; whether it is paid for was asked before."""
    number = _hand_over_number(session, order)
    held = fetch_all(session, Item, [item.id for item in items], hold=True)
    on = clock.today()
    facts = each(held, lambda item: item.hand_over(to=to, on=on), batch="item_ids")
    hand_over = HandOver(
        number=number,
        order_id=order.id,
        receiver=to,
        handed_over_on=on,
        handed_over_by=by,
        item_count=len(held),
    )
    session.add(hand_over)
    session.flush()
    session.add_all(HandedOverItem(item_id=item.id, hand_over_id=hand_over.id) for item in held)
    log.append(session, hand_over.made(), *facts, by=by)
    return hand_over


def _hand_over_number(session: Session, order: Order) -> str:
    """Give the next return of an order its number; a second clerk at the same order waits.

    The key is left free: whoever holds an item and writes what refers to its order is not waited
    for, and so never waits for us.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update(key_share=True))
    before = session.scalar(
        select(func.count()).select_from(HandOver).where(HandOver.order_id == order.id)
    )
    return f"{order.number}-{RETURNED}{(before or 0) + 1}"


def _require_some(items: Sequence[NewItem]) -> None:
    if not items:
        raise RuleBroken("An order has at least one item: enter what was brought.", field="items")
    if len(items) > MOST:
        raise RuleBroken(
            "An order has at most %(most)s items: split it into several.", field="items", most=MOST
        )


def _open_contract(session: Session, contract_id: UUID | None, on: date) -> Contract | None:
    """Find the contract in force; held so that nobody closes it meanwhile."""
    if contract_id is None:
        return None
    shared = {"read": True}
    contract = session.get(Contract, contract_id, with_for_update=shared, populate_existing=True)
    if contract is None:
        raise NotFound("There is no such contract: choose one from the list.", field="contract_id")
    contract.require_open(on)
    return contract


def _payer(contract: Contract | None, payer_id: UUID | None) -> UUID | None:
    if contract is None:
        return payer_id
    if payer_id not in (None, contract.customer_id):
        raise RuleBroken(
            "Contract %(contract)s is with another payer: choose a contract of who pays.",
            field="contract_id",
            contract=contract.label,
        )
    return contract.customer_id


def _promised(session: Session, promised_on: date | None, on: date) -> date:
    if promised_on is not None and promised_on < on:
        raise RuleBroken(
            "The promised day has passed: choose today or a later day.", field="promised_on"
        )
    return promised_on or holidays.working_day_after(session, on, USUAL_DAYS)


def _number(session: Session, on: date) -> str:
    """Take the order's number; last, since it holds everybody else up."""
    (number,) = numbering.take(session, SERIES, on.year)
    return numbering.spelled(PREFIX, on.year, number)


def _received(order: Order) -> OrderReceived:
    return OrderReceived(
        order_id=order.id,
        number=order.number,
        requester_id=order.requester_id,
        payer_id=order.payer_id,
        contract_id=order.contract_id,
        items=order.item_count,
        on=order.received_on,
    )
