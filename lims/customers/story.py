"""The history of a thing, told from its facts in the asker's language."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from lims.kernel import words
from lims.web.locale import locale
from lims.web.pages import gettext

Told = tuple[datetime | None, str, str, str]
"""When (none: being recorded), by whom, what, and what more there is to say."""

WORTH_SAYING = ("reason", "number", "minutes", "due_on", "fields")

FIELDS = {
    "name": "Name",
    "kind": "Kind",
    "tax_code": "Tax code",
    "budget_code": "Code of the budget-related unit",
    "personal_number": "Personal identification number",
    "address": "Address",
    "area": "Area",
    "phone": "Telephone",
    "email": "E-mail",
    "holder_id": "Holder",
    "serial": "Serial",
    "user_name": "User",
    "place_of_use": "Place of use",
    "scrapped": "In use or not",
}
"""What a change names, as the pages call it."""


def story(facts: Iterable[Row[*tuple[Any, ...]]]) -> list[Told]:
    """Tell facts as the page shows them."""
    return [
        (row.at if row.position is not None else None, row.by, gettext(row.name), _more(row))
        for row in facts
    ]


def _more(row: Row[*tuple[Any, ...]]) -> str:
    said = json.loads(row.payload)
    return " ".join(_spoken(name, str(said[name])) for name in WORTH_SAYING if said.get(name))


def _spoken(name: str, text: str) -> str:
    """Say a day as people do, and what changed by its name on the page."""
    if name == "due_on":
        return words.day(date.fromisoformat(text), locale())
    if name == "fields":
        return ", ".join(gettext(FIELDS[one]) for one in text.split() if one in FIELDS)
    return text
