"""Items go back to their owner when they are done and paid for, all at once or in parts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.billing.charges import accounts, agreement
from lims.billing.commands import HandOverItems
from lims.contracts.models import Contract
from lims.kernel.db import fetch
from lims.kernel.errors import LabError, RuleBroken, WrongState
from lims.reception import service as reception
from lims.reception.models import HandOver, Item, Order
from lims.vocabulary import ItemState

READY = (ItemState.AUTHORISED, ItemState.NOT_PERFORMED, ItemState.CANCELLED)
"""What may go back to its owner."""


def hand_over(session: Session, order_id: UUID, command: HandOverItems, *, by: str) -> HandOver:
    """Give back what is done of an order: paid, or on credit where the contract allows it."""
    order = fetch(session, Order, order_id)
    require_paid(session, order)
    items = _wanted(session, order, command.item_ids)
    if not items:
        raise _nothing_to_give(session, order)
    return reception.hand_over_items(session, order, items, to=command.to, by=by)


def _wanted(session: Session, order: Order, item_ids: Sequence[UUID] | None) -> Sequence[Item]:
    """Find what was ticked, each refused by itself if it is not ready; or else all that is."""
    query = select(Item).where(Item.order_id == order.id).order_by(Item.line)
    if item_ids is None:
        return session.scalars(query.where(Item.state.in_(READY))).all()
    items = session.scalars(query.where(Item.id.in_(item_ids))).all()
    if len(items) < len(set(item_ids)):
        raise RuleBroken(
            "Some of these items are not of order %(order)s: load the page again and tick anew.",
            field="item_ids",
            order=order.number,
        )
    return items


def _nothing_to_give(session: Session, order: Order) -> LabError:
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
            "%(due)s đ of order %(order)s are not paid, and no part of it goes back before all of"
            " that is: take the money first; only a contract on credit lets work go out unpaid.",
            due=due,
            order=order.number,
        )
