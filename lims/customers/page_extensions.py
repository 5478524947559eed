"""A customer's instruments on the customer's page, and what a search finds of the registry."""

from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers import queries
from lims.customers.access import REGISTERING
from lims.customers.models import Customer
from lims.web.access import actor
from lims.web.locale import local_name
from lims.web.page_extensions import Hit, Section

SHOWN = 8


def type_name(kind: InstrumentType) -> str:
    """Return the name of a type in the asker's language."""
    return local_name(kind.name_vi, kind.name_en)


def of_customer(session: Session, customer: object) -> Section | None:
    """Show a customer's instruments on the customer's page."""
    if not isinstance(customer, Customer):
        return None
    rows = queries.instruments(session, holder_id=customer.id, limit=SHOWN)
    context = {
        "rows": queries.instrument_details(session, rows[:SHOWN]),
        "customer": customer,
        "more": len(rows) > SHOWN,
        "may": actor().has(*REGISTERING),
    }
    return Section("customers/_instruments.html", context)


def search(session: Session, q: str) -> list[Hit]:
    """Find instruments by the beginning of a serial, or by words of type and holder."""
    rows = queries.instruments(session, q=q, limit=SHOWN)[:SHOWN]
    return [
        Hit(
            "Instrument",
            f"{details.instrument.serial} · {type_name(details.type)}",
            f"/instruments/{details.id}",
            details.holder.name,
        )
        for details in queries.instrument_details(session, rows)
    ]
