"""What equipment shows on the pages of others: standards that need looking after, and a search."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from lims.equipment import queries
from lims.equipment.models import Standard
from lims.kernel import clock
from lims.kernel.words import day
from lims.vocabulary import Role
from lims.web.access import READERS, Person, actor
from lims.web.locale import locale
from lims.web.page_extensions import Hit, Panel

SHOWN, MOST = 6, 200
LOOKERS = (Role.TECHNICIAN, Role.CHECKER, Role.SIGNATORY, *READERS)
"""Who may look at the standards."""

KEEPERS = (Role.QUALITY, Role.ADMIN)
"""Who keeps the standards and their certificates."""


def expiring(session: Session, _person: Person) -> Panel | None:
    """Show the standards whose certificate runs out within 30 days, or has."""
    standards = queries.expiring(session, clock.today(), limit=MOST)
    if not standards:
        return None
    return Panel(
        title="Standards to be calibrated",
        count=len(standards),
        href=url_for("equipment.list"),
        icon="gauge",
        urgent=standards[0].due_on < clock.today(),
        rows=[_row(standard) for standard in standards[:SHOWN]],
    )


def _row(standard: Standard) -> tuple[str, str, str]:
    address = url_for("equipment.show", standard_id=standard.id)
    return f"{standard.code} · {standard.name}", address, day(standard.due_on, locale())


def search(session: Session, q: str) -> Sequence[Hit]:
    """Find standards by code, name, serial number or certificate."""
    if not actor().has(*LOOKERS):
        return []
    standards = queries.listed(session, q=q, limit=5)[:5]
    return [
        Hit(
            kind="Standard",
            text=f"{standard.code} · {standard.name}",
            href=url_for("equipment.show", standard_id=standard.id),
            note=standard.serial,
        )
        for standard in standards
    ]
