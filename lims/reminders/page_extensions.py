"""What falls due, on the home page; what was done before, on the pages it was done for."""

from sqlalchemy.orm import Session

from lims.customers.models import Customer, Instrument
from lims.kernel import clock, words
from lims.reminders import queries
from lims.reminders.queries import SOON, Window
from lims.web.access import Person
from lims.web.locale import locale
from lims.web.page_extensions import Panel, Section
from lims.web.pages import gettext

SHOWN = 5
MOST = 99
"""More than these are not counted: there is work enough."""

BEFORE = 20
"""How many earlier times a page lists."""


def due(session: Session, _person: Person) -> Panel:
    """Show the instruments whose verification ends soon."""
    rows = queries.due(session, Window.within(SOON, clock.today()), limit=MOST - 1)
    return Panel(
        title=gettext("Falling due within 30 days"),
        count=len(rows),
        href="/instruments/due",
        icon="calendar-due",
        rows=[
            (
                f"{details.holder.name} · {details.instrument.serial}",
                f"/instruments/{details.id}",
                words.spoken(details.instrument.due_on, locale()),
            )
            for details in rows[:SHOWN]
        ],
    )


def running_out(session: Session, _person: Person) -> Panel:
    """Show the contracts whose last day is near."""
    rows = queries.running_out(session, Window.within(SOON, clock.today()), MOST)
    return Panel(
        title=gettext("Contracts running out within 30 days"),
        count=len(rows),
        href="/contracts?state=signed",
        icon="contract",
        rows=[
            (
                f"{row.Contract.label} · {row.customer}",
                f"/contracts/{row.Contract.id}",
                words.spoken(row.Contract.valid_to, locale()),
            )
            for row in rows[:SHOWN]
        ],
    )


def late(session: Session, _person: Person) -> Panel:
    """Show the work that was promised for a day that is past."""
    rows = queries.late(session, clock.today(), limit=MOST - 1)
    return Panel(
        title=gettext("Late work"),
        count=len(rows),
        href="/reminders/late",
        icon="alarm",
        urgent=bool(rows),
        rows=[
            (
                f"{row.Order.number} · {row.requester}",
                f"/reception/orders/{row.Order.id}",
                words.spoken(row.Order.promised_on, locale()),
            )
            for row in rows[:SHOWN]
        ],
    )


def orders_of_customer(session: Session, customer: object) -> Section | None:
    """Show a customer's orders on the customer's page."""
    if not isinstance(customer, Customer):
        return None
    rows = queries.orders_of(session, customer.id, BEFORE)
    return Section("reminders/_orders.html", {"rows": rows, "customer": customer})


def times_of_instrument(session: Session, instrument: object) -> Section | None:
    """Show on an instrument's page when it was in and what was found."""
    if not isinstance(instrument, Instrument):
        return None
    rows = queries.items_of(session, instrument.id, BEFORE)
    return Section("reminders/_times.html", {"rows": rows})
