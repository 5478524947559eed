"""What waits at the counter, on the home page; and what a search finds here."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lims.customers import service as customers
from lims.kernel import clock
from lims.reception import queries
from lims.reception.commands import ListItems
from lims.web.access import Person
from lims.web.page_extensions import Hit, Panel
from lims.web.pages import gettext

SHOWN = 5
FOUND = 8


def new_order(_session: Session, _person: Person) -> Panel:
    """Lead to the page of intake, one click away."""
    return Panel(
        title=gettext("New order"),
        count=None,
        href="/reception/orders/new",
        icon="package-import",
        actions=[(gettext("New order"), "/reception/orders/new")],
    )


def todays_orders(session: Session, _person: Person) -> Panel:
    """Show what came in today."""
    today = clock.today()
    rows = [row for row in queries.orders(session) if row.Order.received_on == today]
    return Panel(
        title=gettext("Received today"),
        count=min(len(rows), queries.LIMIT),
        href="/reception",
        icon="clipboard-list",
        rows=[
            (row.requester, f"/reception/orders/{row.Order.id}", row.Order.number)
            for row in rows[:SHOWN]
        ],
    )


def to_hand_over(session: Session, _person: Person) -> Panel:
    """Show what is done and waits for its owner."""
    rows = queries.ready(session)
    return Panel(
        title=gettext("To hand over"),
        count=sum(row.items for row in rows),
        href="/reception/items?state=authorised",
        icon="package-export",
        rows=[
            (row.name, f"/reception/orders/{row.id}", f"{row.number} · {_waiting(row.items)}")
            for row in rows[:SHOWN]
        ],
    )


def _waiting(n: int) -> str:
    return gettext("%(n)s to hand over", n=n)


def search(session: Session, q: str) -> Sequence[Hit]:
    """Find orders, items and customers."""
    return [*_orders(session, q), *_items(session, q), *_customers(session, q)]


def _orders(session: Session, q: str) -> list[Hit]:
    return [
        Hit("Order", row.Order.number, f"/reception/orders/{row.Order.id}", row.requester)
        for row in queries.orders(session, q=q, limit=FOUND)[:FOUND]
    ]


def _items(session: Session, q: str) -> list[Hit]:
    return [
        Hit("Item", f"{row.code} · {row.serial}", f"/reception/items/{row.id}", row.requester)
        for row in queries.items(session, ListItems(q=q, limit=FOUND))[:FOUND]
    ]


def _customers(session: Session, q: str) -> list[Hit]:
    return [
        Hit("Customer", customer.name, f"/customers/{customer.id}", customer.address)
        for customer in customers.find(session, q, FOUND)
    ]
