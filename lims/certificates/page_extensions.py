"""Certificates on other pages: home, item, order, instrument, search."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from lims.certificates import queries
from lims.certificates.queries import Line
from lims.certificates.signing import waiting
from lims.customers.models import Instrument
from lims.reception.models import Item, Order
from lims.web.access import Person
from lims.web.page_extensions import Hit, Panel, Section
from lims.web.pages import gettext

FOUND = 8


def to_sign(session: Session, _person: Person) -> Panel:
    """Show what waits for the signature, the oldest orders first."""
    return Panel(
        title=gettext("Waiting for signature"),
        count=waiting.count(session),
        href=url_for("certificates.waiting"),
        icon="signature",
        rows=[
            (
                queue.requester,
                url_for("certificates.waiting", order=queue.order_id),
                f"{queue.number} · {queue.results}",
            )
            for queue in waiting.queues(session)
        ],
        actions=[(gettext("Review and sign"), url_for("certificates.waiting"))],
    )


def of_item(session: Session, subject: object) -> Section | None:
    """Show the certificates of an item on its page."""
    return _section(queries.of_item(session, subject.id)) if isinstance(subject, Item) else None


def of_order(session: Session, subject: object) -> Section | None:
    """Show the certificates of an order on its page."""
    return _section(queries.of_order(session, subject.id)) if isinstance(subject, Order) else None


def of_instrument(session: Session, subject: object) -> Section | None:
    """Show the certificates of an instrument over the years."""
    lines = queries.of_instrument(session, subject.id) if isinstance(subject, Instrument) else []
    return _section(lines)


def search(session: Session, q: str) -> Sequence[Hit]:
    """Find certificates."""
    return [
        Hit(
            "Certificate",
            f"{line.certificate.number} · {line.description} {line.serial}".rstrip(),
            url_for("certificates.show", certificate_id=line.id),
            line.customer,
        )
        for line in queries.listed(session, q=q, limit=FOUND)[:FOUND]
    ]


def _section(lines: Sequence[Line]) -> Section | None:
    return Section("certificates/_section.html", {"lines": lines}) if lines else None
