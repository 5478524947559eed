"""Orders and items for machines."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel.db import fetch
from lims.reception import queries, service
from lims.reception.commands import GiveUp, ListItems, RequestOrder
from lims.reception.intake import requests
from lims.reception.models import Item, Order
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.paging import SearchArgs, SearchRequest
from schemas.reception import (
    GiveUpBody,
    ItemDetailsSchema,
    ItemsArgs,
    ItemSchema,
    ItemsPage,
    OrderBody,
    OrderDetailsSchema,
    OrderItemSchema,
    OrderSchema,
    OrdersPage,
)

api = blueprint("reception", "Orders and the items in the centre's custody")

LOOKERS = (
    Role.RECEPTION,
    Role.TECHNICIAN,
    Role.CHECKER,
    Role.SIGNATORY,
    Role.ACCOUNTANT,
    *READERS,
)
ITEM, ITEMS = ItemDetailsSchema(), ItemSchema()
ORDERS, LINES = OrderSchema(), OrderItemSchema()


@api.route("/orders", methods=["GET"])
@allow(*LOOKERS)
@api.arguments(SearchArgs, location="query")
@api.response(200, OrdersPage)
@query
def orders(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List orders, the latest first."""
    rows = [
        row.Order for row in queries.orders(session, q=args.q, after=args.after, limit=args.limit)
    ]
    return page(rows, ORDERS, args.limit)


@api.route("/orders", methods=["POST"])
@allow(Role.RECEPTION)
@api.arguments(OrderBody)
@api.response(201, OrderDetailsSchema)
@command()
def receive(session: Session, request: RequestOrder) -> ResponseReturnValue:
    """Take in an order of one to a thousand items; all of them, or none."""
    resolved = requests.resolve(session, request)
    order, items = service.take_in(session, resolved.command, by=actor().name)
    created = _details(order, items, 201)
    created.headers["Location"] = f"/api/v1/orders/{order.id}"
    return created


@api.route("/orders/<uuid:order_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, OrderDetailsSchema)
@query
def order(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show an order and all its items."""
    return _stored(session, fetch(session, Order, order_id))


@api.route("/orders/<uuid:order_id>/cancel", methods=["POST"])
@allow(Role.RECEPTION)
@api.arguments(GiveUpBody)
@api.response(200, OrderDetailsSchema)
@command()
def cancel(session: Session, command: GiveUp, order_id: UUID) -> ResponseReturnValue:
    """Give a whole order up before any work."""
    order = service.cancel(session, order_id, reason=command.reason, by=actor().name)
    return _stored(session, order)


@api.route("/items", methods=["GET"])
@allow(*LOOKERS)
@api.arguments(ItemsArgs, location="query")
@api.response(200, ItemsPage)
@query
def items(session: Session, request: ListItems) -> ResponseReturnValue:
    """List items by state and discipline, the latest first, or what a search finds."""
    return page(queries.items(session, request), ITEMS, request.limit)


@api.route("/items/<uuid:item_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, ItemDetailsSchema)
@query
def item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Show an item."""
    return answer(ITEM.dump(fetch(session, Item, item_id)))


def _stored(session: Session, order: Order) -> Response:
    return _details(order, queries.of_order(session, order.id, 0, order.item_count))


def _details(order: Order, items: Sequence[object], status: int = 200) -> Response:
    """Answer with an order and all its items."""
    return answer(ORDERS.dump(order) | {"items": LINES.dump(items, many=True)}, status)
