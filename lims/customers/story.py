"""The history of a thing, told from its facts in the asker's language."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lims.web.pages import gettext

Told = tuple[datetime | None, str, str, str]
"""When (none: being recorded), by whom, what, and what more there is to say."""

WORTH_SAYING = ("reason", "number", "minutes", "due_on", "fields")


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
    """Say the names of what changed; the rest stands as it is."""
    if name != "fields":
        return text
    return ", ".join(gettext(one.replace("_", " ")) for one in text.split())
