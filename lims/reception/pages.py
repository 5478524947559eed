"""The counter's pages: orders, items, the slip, the search box."""

from uuid import UUID

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.disciplines import AT_BENCH
from lims.documents import rendering
from lims.kernel.db import fetch, reading
from lims.reception import document_types, page_extensions, queries, service
from lims.reception.commands import GiveUp, ListItems
from lims.reception.intake.pages import pages
from lims.reception.models import Item, Order
from lims.settings import areas, centre
from lims.vocabulary import Discipline, ItemState, Role
from lims.web import page_extensions as shown
from lims.web.access import actor, allow, signed_in
from lims.web.choices import chosen, options
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import MenuEntry
from lims.web.requests import PAGE, after, asked, asked_number, local, pdf, see
from schemas.reception import GiveUpBody

LINES = 200
AT_THE_COUNTER = frozenset({Role.RECEPTION})


def install(app: Flask) -> None:
    """Put the pages, the menu, the home page's cards and the search on the application."""
    app.register_blueprint(pages)
    registry = shown.registry(app)
    registry.menu += [
        MenuEntry("Reception", "New order", "reception.new", "package-import", AT_THE_COUNTER),
        MenuEntry("Reception", "Orders", "reception.orders", "clipboard-list", frozenset(Role)),
        MenuEntry("Reception", "Items", "reception.items", "package", frozenset(Role)),
    ]
    registry.home += [
        (AT_THE_COUNTER, page_extensions.new_order),
        (AT_THE_COUNTER, page_extensions.to_hand_over),
        (AT_THE_COUNTER, page_extensions.todays_orders),
    ]
    registry.searches.append(page_extensions.search)


@pages.get("/reception")
@signed_in
@query
def orders(session: Session) -> ResponseReturnValue:
    """Show the orders, the latest first."""
    rows = queries.orders(session, q=asked("q"), after=after())
    shown_rows, following = _page(rows, [row.Order.id for row in rows])
    return render_template("reception/orders.html", rows=shown_rows, next=following, q=asked("q"))


@pages.get("/reception/items")
@signed_in
@query
def items(session: Session) -> ResponseReturnValue:
    """Show the items, by state and discipline, or what a search finds."""
    state = chosen(ItemState, asked("state"))
    discipline = chosen(Discipline, asked("discipline"))
    request = ListItems(state=state, discipline=discipline, q=asked("q"), after=after())
    rows = queries.items(session, request)
    shown_rows, following = _page(rows, [row.id for row in rows])
    return render_template(
        "reception/items.html",
        rows=shown_rows,
        columns=shown.columns("items", session, [row.id for row in shown_rows]),
        next=following,
        q=asked("q"),
        state=state,
        discipline=discipline,
        states=options(ItemState),
        disciplines=options(AT_BENCH),
    )


@pages.get("/reception/orders/<uuid:order_id>")
@signed_in
@query
def order(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show an order, its items and what later features know of it."""
    after_line = asked_number("after")
    details = queries.order_details(session, order_id, after=after_line, limit=LINES)
    lines = details.items[:LINES]
    return render_template(
        "reception/order.html",
        order_details=details,
        order=details.order,
        lines=lines,
        columns=shown.columns("items", session, [line.id for line in lines]),
        next=lines[-1].line if len(details.items) > LINES else None,
        size=LINES,
        parts=shown.sections("order", session, details.order),
        history=history_lines(session, order_id),
        print_now=asked("print") == "now",
    )


@pages.get("/reception/orders/<uuid:order_id>/slip.pdf")
@signed_in
def print_slip(order_id: UUID) -> ResponseReturnValue:
    """Print the slip and the labels, with no session open while it is set."""
    with reading() as session:
        order = fetch(session, Order, order_id)
        content = document_types.compose_slip(session, order_id)
    if request.method == "HEAD":
        return pdf(b"", order.number)
    printed = rendering.render("slip", content, created=order.received_on)
    return pdf(printed, order.number)


@pages.get("/reception/orders/<uuid:order_id>/cancel")
@allow(Role.RECEPTION)
@query
def ask_to_cancel(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Ask why an order is given up."""
    order = fetch(session, Order, order_id)
    back = url_for("reception.order", order_id=order_id)
    return render_template("reception/cancel.html", order=order, item=None, back=back)


@pages.post("/reception/orders/<uuid:order_id>/cancel")
@allow(Role.RECEPTION)
@command(GiveUpBody)
def cancel(session: Session, command: GiveUp, order_id: UUID) -> ResponseReturnValue:
    """Give a whole order up."""
    service.cancel(session, order_id, reason=command.reason, by=actor().name)
    return see("reception.order", say="The order is cancelled.", order_id=order_id)


@pages.get("/reception/items/<uuid:item_id>")
@signed_in
@query
def item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Show an item, its history and what later features know of it."""
    item = fetch(session, Item, item_id)
    return render_template(
        "reception/item.html",
        item=item,
        kind=fetch(session, InstrumentType, item.type_id) if item.type_id else None,
        order=fetch(session, Order, item.order_id),
        service=fetch(session, Service, item.service_id),
        area=areas.names(session).get(item.area, item.area) if item.area else "",
        parts=shown.sections("item", session, item),
        history=history_lines(session, item_id),
    )


@pages.get("/reception/items/<uuid:item_id>/cancel")
@allow(Role.RECEPTION)
@query
def ask_to_cancel_item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Ask why an item is given up."""
    item = fetch(session, Item, item_id)
    back = url_for("reception.item", item_id=item_id)
    return render_template("reception/cancel.html", order=None, item=item, back=back)


@pages.post("/reception/items/<uuid:item_id>/cancel")
@allow(Role.RECEPTION)
@command(GiveUpBody)
def cancel_item(session: Session, command: GiveUp, item_id: UUID) -> ResponseReturnValue:
    """Give one item up."""
    service.cancel_item(session, item_id, reason=command.reason, by=actor().name)
    return see("reception.item", say="The item is cancelled.", item_id=item_id)


@pages.get("/search")
@signed_in
@query
def search(session: Session) -> ResponseReturnValue:
    """Find anything; the code of a scanned label leads straight to its page."""
    q = asked("q")
    address = _find_scanned(session, q) if q else None
    if address is not None:
        return redirect(address)
    return render_template("reception/search.html", q=q, hits=shown.search(session, q) if q else [])


def _find_scanned(session: Session, q: str) -> str | None:
    """Return the page of a label, an order's number, or a QR code that holds an address of ours."""
    ours = centre.page_url("/")
    if q.startswith(ours):
        return local("/" + q.removeprefix(ours))
    item_id = queries.by_code(session, q)
    if item_id is not None:
        return url_for("reception.item", item_id=item_id)
    order_id = queries.by_number(session, q)
    return url_for("reception.order", order_id=order_id) if order_id is not None else None


def _page(rows: queries.Rows, ids: list[UUID]) -> tuple[queries.Rows, UUID | None]:
    """Part the row that was asked for too many from those to show."""
    following = ids[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], following
