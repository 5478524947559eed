"""What falls due, what is late, and what was done before for a customer or an instrument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.customers.queries import InstrumentDetails, instrument_details
from lims.customers.registry import service as registry
from lims.reception.models import Item, Order
from lims.vocabulary import ContractState, ItemState, ResultState

Rows = Sequence[Row[*tuple[Any, ...]]]

SOON = 30
"""Days within which something is about to fall due."""

UNFINISHED = (ItemState.RECEIVED, ItemState.RECORDED, ItemState.SUBMITTED, ItemState.CHECKED)


@dataclass(frozen=True)
class Window:
    """Between which days something falls due; without a first day, whatever is past."""

    until: date
    since: date | None = None

    @classmethod
    def within(cls, days: int, on: date) -> "Window":
        """Look so many days ahead, today included."""
        return cls(since=on, until=on + timedelta(days=days))

    @classmethod
    def overdue(cls, on: date) -> "Window":
        """Look at what was due before a day."""
        return cls(until=on - timedelta(days=1))


def due(
    session: Session,
    window: Window,
    *,
    area: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[InstrumentDetails]:
    """List the instruments whose verification ends in a window, the first to end first."""
    instruments = registry.falling_due(
        session,
        since=window.since,
        until=window.until,
        area=area,
        after=after,
        limit=limit + 1,
    )
    return instrument_details(session, instruments)


def running_out(session: Session, window: Window, limit: int) -> Rows:
    """List the contracts in force whose last day lies in a window."""
    query = (
        select(Contract, Customer.name.label("customer"))
        .join(Customer, Customer.id == Contract.customer_id)
        .where(
            Contract.state == ContractState.SIGNED,
            Contract.valid_to >= window.since,
            Contract.valid_to <= window.until,
        )
    )
    return session.execute(query.order_by(Contract.valid_to, Contract.id).limit(limit)).all()


def late(session: Session, on: date, *, after: UUID | None = None, limit: int = 50) -> Rows:
    """List the orders promised for a day that is past with items unfinished, the latest last."""
    open_items = (
        select(Item.order_id, func.count().label("unfinished"))
        .where(Item.state.in_(UNFINISHED))
        .group_by(Item.order_id)
        .subquery()
    )
    query = (
        select(Order, Customer.name.label("requester"), open_items.c.unfinished)
        .join(open_items, open_items.c.order_id == Order.id)
        .join(Customer, Customer.id == Order.requester_id)
        .where(Order.promised_on < on)
    )
    last = session.get(Order, after) if after else None
    if last is not None:
        query = query.where(tuple_(Order.promised_on, Order.id) > (last.promised_on, last.id))
    return session.execute(query.order_by(Order.promised_on, Order.id).limit(limit + 1)).all()


def orders_of(session: Session, customer_id: UUID, limit: int) -> Sequence[Order]:
    """List the orders that a customer brought or pays for, the latest first."""
    concerned = or_(Order.requester_id == customer_id, Order.payer_id == customer_id)
    query = select(Order).where(concerned).order_by(Order.id.desc()).limit(limit)
    return session.scalars(query).all()


def items_of(session: Session, instrument_id: UUID, limit: int) -> Rows:
    """List the times an instrument was in, the latest first, each with what was found."""
    standing = and_(Result.item_id == Item.id, Result.state == ResultState.AUTHORISED)
    query = (
        select(Item, Result)
        .outerjoin(Result, standing)
        .where(Item.instrument_id == instrument_id)
        .order_by(Item.id.desc())
    )
    return session.execute(query.limit(limit)).all()
