"""Orders and items for machines."""

from typing import Any
from uuid import UUID

from flask import make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel.db import fetch
from lims.reception import api_items, queries, service
from lims.reception.models import Item, Order
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.forms import ReasonBody
from schemas.paging import SearchArgs, SearchRequest
from schemas.reception import (
    ItemsArgs,
    ItemSchema,
    ItemsPage,
    OrderBody,
    OrderItemSchema,
    OrderSchema,
    OrdersPage,
    WholeItemSchema,
    WholeOrderSchema,
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
ITEM, ITEMS = WholeItemSchema(), ItemSchema()
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
@api.response(201, WholeOrderSchema)
@command()
def receive(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Take in an order of one to a thousand items; all of them, or none."""
    body["items"] = api_items.items(session, body["items"])
    order = service.receive(session, by=actor().name, **body)
    made = make_response(answer(_whole(session, order), 201))
    made.headers["Location"] = f"/api/v1/orders/{order.id}"
    return made


@api.route("/orders/<uuid:order_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, WholeOrderSchema)
@query
def order(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show an order and all its items."""
    return answer(_whole(session, fetch(session, Order, order_id)))


@api.route("/orders/<uuid:order_id>/cancel", methods=["POST"])
@allow(Role.RECEPTION)
@api.arguments(ReasonBody)
@api.response(200, WholeOrderSchema)
@command()
def cancel(session: Session, body: dict[str, Any], order_id: UUID) -> ResponseReturnValue:
    """Give a whole order up before any work."""
    return answer(_whole(session, service.cancel(session, order_id, by=actor().name, **body)))


@api.route("/items", methods=["GET"])
@allow(*LOOKERS)
@api.arguments(ItemsArgs, location="query")
@api.response(200, ItemsPage)
@query
def items(session: Session, args: dict[str, Any]) -> ResponseReturnValue:
    """List items by state and discipline, the latest first, or what a search finds."""
    return page(queries.items(session, **args), ITEMS, args["limit"])


@api.route("/items/<uuid:item_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, WholeItemSchema)
@query
def item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Show an item."""
    return answer(ITEM.dump(fetch(session, Item, item_id)))


def _whole(session: Session, order: Order) -> dict[str, Any]:
    session.flush()
    items = queries.of_order(session, order.id, 0, order.item_count)
    said: dict[str, Any] = ORDERS.dump(order)
    return said | {"items": LINES.dump(items, many=True)}
