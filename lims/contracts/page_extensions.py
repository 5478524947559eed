"""What contracts put on other pages: the home page, the search, the customer's page."""

from sqlalchemy.orm import Session

from lims.contracts import queries
from lims.contracts.access import READING, WRITING
from lims.customers.models import Customer
from lims.web.access import Person, actor
from lims.web.page_extensions import Hit, Panel, Section
from lims.web.pages import gettext

SHOWN = 5
MOST = 99
"""More drafts than these are not counted: there is work enough."""


def drafts(session: Session, _person: Person) -> Panel:
    """Show the contracts that wait to be signed."""
    rows = queries.drafts(session, MOST)
    return Panel(
        title=gettext("Contracts to be signed"),
        count=len(rows),
        href="/contracts?state=draft",
        icon="contract",
        rows=[
            (row.Contract.subject, f"/contracts/{row.Contract.id}", row.customer)
            for row in rows[:SHOWN]
        ],
    )


def of_customer(session: Session, customer: object) -> Section | None:
    """Show a customer's contracts on the customer's page."""
    if not isinstance(customer, Customer) or not actor().has(*READING):
        return None
    rows = queries.contracts(session, customer_id=customer.id, limit=SHOWN)
    context = {
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "customer": customer,
        "may": actor().has(*WRITING),
    }
    return Section("contracts/_of_customer.html", context)


def search(session: Session, q: str) -> list[Hit]:
    """Find contracts by number or customer."""
    if not actor().has(*READING):
        return []
    return [
        Hit("Contract", row.Contract.label, f"/contracts/{row.Contract.id}", row.customer)
        for row in queries.contracts(session, q=q, limit=SHOWN)[:SHOWN]
    ]
