"""The history of a thing, told from its facts."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lims.web.pages import gettext

Told = tuple[datetime | None, str, str, str]
"""When (none: being recorded), by whom, what, and why."""

REASONS = ("reason", "to")


def story(facts: Iterable[Row[*tuple[Any, ...]]]) -> list[Told]:
    """Tell facts in the asker's language."""
    return [
        (row.at if row.position is not None else None, row.by, words(row.name), _why(row.payload))
        for row in facts
    ]


def words(name: str) -> str:
    """Say what a fact tells; the name of a fact is English enough where there is no catalogue."""
    said = gettext(name)
    return said if said != name else name.partition(".")[2].replace("_", " ").capitalize()


def _why(payload: str) -> str:
    said = json.loads(payload)
    return " ".join(str(said[name]) for name in REASONS if said.get(name))
