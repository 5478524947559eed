"""What reception's pages read: lists by keyset, never counted exactly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lims.contracts.models import Contract
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.kernel.words import fold
from lims.reception.commands import ListItems
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, ItemState, Place

LIMIT = 50
LAST_LETTER = chr(0x10FFFF)
SERIALS = 200
"""Items whose orders are looked up when a list of orders is searched by serial number."""

READY = (ItemState.AUTHORISED, ItemState.NOT_PERFORMED)
"""What waits for its owner, once it is paid for."""

MOST_READY = 500
CODE = re.compile(r"[A-Z]+\d{2}-\d{5,}-\d{3,4}")
NUMBER = re.compile(r"[A-Z]+\d{2}-\d{5,}")

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class OrderDetails:
    """An order with those it concerns, and a part of its items."""

    order: Order
    requester: Customer
    payer: Customer
    contract: Contract | None
    items: Rows
    states: dict[ItemState, int]


def orders(session: Session, *, q: str = "", after: UUID | None = None, limit: int = LIMIT) -> Rows:
    """List orders, the latest first; one more than asked for shows that there are others."""
    payer = aliased(Customer)
    query = (
        select(Order, Customer.name.label("requester"), payer.name.label("payer"))
        .join(Customer, Order.requester_id == Customer.id)
        .join(payer, Order.payer_id == payer.id)
        .order_by(Order.id.desc())
        .limit(limit + 1)
    )
    if q:
        ids = [_latest(match, after, limit) for match in _matches(session, q)]
        query = query.where(Order.id.in_(union_all(*ids)))
    return session.execute(query.where(Order.id < after) if after else query).all()


def _matches(session: Session, q: str) -> list[ColumnElement[bool]]:
    """Say what a search of the orders may mean: a number, a serial number, a customer."""
    who = [customer.id for customer in customers.find(session, q)]
    serials = select(Item.order_id).where(begins(q)).order_by(Item.serial_folded, Item.id)
    within = serials.limit(SERIALS).subquery()
    return [
        Order.number == q.upper(),
        Order.id.in_(select(within.c.order_id)),
        *([Order.requester_id.in_(who), Order.payer_id.in_(who)] if who else []),
    ]


def _latest(match: ColumnElement[bool], after: UUID | None, limit: int) -> Select[UUID]:
    query = select(Order.id).where(match)
    query = query.where(Order.id < after) if after else query
    return select(query.order_by(Order.id.desc()).limit(limit + 1).subquery().c.id)


def begins(q: str) -> ColumnElement[bool]:
    """Say that a serial number begins with what was typed; the index answers it."""
    start = fold(q)
    return and_(Item.serial_folded >= start, Item.serial_folded <= start + LAST_LETTER)


def items(session: Session, request: ListItems) -> Rows:
    """List items, the latest first; those that a search finds, by serial number."""
    q, after, limit = request.q, request.after, request.limit
    if not q:
        newest = _newest_lines(request.state, request.discipline, is_later=after is not None)
        return session.execute(newest, {"after": after, "most": limit + 1}).all()
    where = _standing(request.state, request.discipline)
    if NUMBER.match(q.upper()):
        query = _lines().where(_numbered(q), *where).order_by(Item.id.desc())
        query = query.where(Item.id < after) if after else query
    else:
        query = _lines().where(begins(q), *where).order_by(Item.serial_folded, Item.id)
        query = query.where(_beyond(session, after)) if after else query
    return session.execute(query.limit(limit + 1)).all()


@cache
def _newest_lines(
    state: ItemState | None, discipline: Discipline | None, *, is_later: bool
) -> Select[*tuple[Any, ...]]:
    """Build the list that is asked for most, once for each of its filters."""
    after = bindparam("after", type_=Uuid()) if is_later else None
    ids = _newest(state, discipline, after, bindparam("most", type_=Integer()))
    return _lines().where(Item.id.in_(ids)).order_by(Item.id.desc())


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Item.id,
            Item.code,
            Item.description,
            Item.serial,
            Item.user_name,
            Item.discipline,
            Item.state,
            Item.received_on,
            Item.order_id,
            Order.promised_on,
            Customer.name.label("requester"),
        )
        .join(Order, Item.order_id == Order.id)
        .join(Customer, Order.requester_id == Customer.id)
    )


def _standing(state: ItemState | None, discipline: Discipline | None) -> list[ColumnElement[bool]]:
    where = [Item.state == state] if state else []
    return [*where, Item.discipline == discipline] if discipline else where


def _newest(
    state: ItemState | None,
    discipline: Discipline | None,
    after: BindParameter[UUID] | None,
    most: BindParameter[int],
) -> Select[UUID]:
    """Name the latest items; the index is by state and discipline, so ask it for each of these."""
    kinds = [discipline] if discipline or not state else list(Discipline)
    branches = [_branch(_standing(state, kind), after, most) for kind in kinds]
    union = union_all(*(select(branch.subquery().c.id) for branch in branches)).subquery()
    return select(union.c.id).order_by(union.c.id.desc()).limit(most)


def _branch(
    where: Sequence[ColumnElement[bool]],
    after: BindParameter[UUID] | None,
    most: BindParameter[int] | int,
) -> Select[UUID]:
    query = select(Item.id).where(*where)
    query = query.where(Item.id < after) if after is not None else query
    return query.order_by(Item.id.desc()).limit(most)


def _numbered(q: str) -> ColumnElement[bool]:
    number = q.upper()
    if CODE.fullmatch(number):
        return Item.code == number
    return Item.order_id.in_(select(Order.id).where(Order.number == number))


def _beyond(session: Session, after: UUID) -> ColumnElement[bool]:
    last = fetch(session, Item, after)
    return tuple_(Item.serial_folded, Item.id) > (last.serial_folded, last.id)


def order_details(
    session: Session, order_id: UUID, *, after: int = 0, limit: int = LIMIT
) -> OrderDetails:
    """Return an order with the items after a line of it."""
    order = fetch(session, Order, order_id)
    return OrderDetails(
        order=order,
        requester=fetch(session, Customer, order.requester_id),
        payer=fetch(session, Customer, order.payer_id),
        contract=fetch(session, Contract, order.contract_id) if order.contract_id else None,
        items=of_order(session, order_id, after, limit),
        states=_states(session, order_id),
    )


def items_of(session: Session, order_id: UUID) -> list[Item]:
    """List the items of an order by their line."""
    query = select(Item).where(Item.order_id == order_id).order_by(Item.line)
    return list(session.scalars(query))


def of_order(session: Session, order_id: UUID, after: int, limit: int) -> Rows:
    """List a part of an order's items, as a page shows them."""
    query = (
        select(
            Item.id,
            Item.line,
            Item.code,
            Item.description,
            Item.serial,
            Item.user_name,
            Item.place_of_use,
            Item.discipline,
            Item.condition,
            Item.state,
        )
        .where(Item.order_id == order_id, Item.line > after)
        .order_by(Item.line)
        .limit(limit + 1)
    )
    return session.execute(query).all()


def _states(session: Session, order_id: UUID) -> dict[ItemState, int]:
    query = select(Item.state, func.count()).where(Item.order_id == order_id).group_by(Item.state)
    counts = dict(iter(session.execute(query)))
    return {state: counts[state] for state in ItemState if state in counts}


def by_code(session: Session, code: str) -> UUID | None:
    """Find the item of a scanned label."""
    return session.scalar(select(Item.id).where(Item.code == code.strip().upper()))


def by_number(session: Session, number: str) -> UUID | None:
    """Find the order of a number."""
    return session.scalar(select(Order.id).where(Order.number == number.strip().upper()))


def ready(session: Session) -> Rows:
    """List the orders with items to hand over, those of the latest work first."""
    branches = [
        _branch(_standing(state, kind), None, MOST_READY) for state in READY for kind in Discipline
    ]
    union = union_all(*(select(branch.subquery().c.id) for branch in branches)).subquery()
    latest = select(union.c.id).order_by(union.c.id.desc()).limit(MOST_READY)
    query = (
        select(Order.id, Order.number, Customer.name, func.count().label("items"))
        .join(Item, Item.order_id == Order.id)
        .join(Customer, Order.requester_id == Customer.id)
        .where(Item.id.in_(latest), Order.place == Place.LABORATORY)
        .group_by(Order.id, Order.number, Customer.name)
        .order_by(Order.id.desc())
    )
    return session.execute(query).all()


def last_order(session: Session, requester_id: UUID) -> Order | None:
    """Find what somebody brought last time."""
    query = select(Order).where(Order.requester_id == requester_id)
    return session.scalars(query.order_by(Order.id.desc()).limit(1)).first()


def first_service(session: Session, order_id: UUID) -> UUID | None:
    """Return what was asked for first in an order."""
    query = select(Item.service_id).where(Item.order_id == order_id).order_by(Item.line)
    return session.scalar(query.limit(1))
