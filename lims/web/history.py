"""The history of a thing as a page shows it, in the asker's language."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from lims.eventlog.events import Event
from lims.eventlog.history import history
from lims.kernel import words
from lims.web.locale import locale
from lims.web.pages import fact_text, gettext

DETAILS = ("reason", "to", "certificate", "number", "minutes", "calibrated_on", "due_on", "fields")
"""What of a fact is worth a word beside its name."""

FIELD_LABELS: dict[str, str] = {}
"""What the pages call the fields that a correction names; each feature adds its own."""


class HistoryLine(NamedTuple):
    """One line: when (None: being recorded), by whom, what happened, and the details."""

    at: datetime | None
    by: str
    text: str
    details: str


def history_lines(session: Session, *subjects: UUID) -> list[HistoryLine]:
    """Write out what happened to things, the latest first."""
    return [
        HistoryLine(entry.at, entry.by, fact_text(entry.fact.name), _details(entry.fact))
        for entry in history(session, *subjects)
    ]


def _details(fact: Event) -> str:
    values = ((name, getattr(fact, name, None)) for name in DETAILS)
    return " ".join(_detail(name, value) for name, value in values if value)


def _detail(name: str, value: object) -> str:
    """Say a day as people do, and what changed by its name on the page."""
    if isinstance(value, date):
        return words.day(value, locale())
    if name == "fields":
        names = str(value).split()
        return ", ".join(gettext(FIELD_LABELS[each]) for each in names if each in FIELD_LABELS)
    return gettext(str(value)) if name == "reason" else str(value)
