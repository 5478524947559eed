"""In this tier a change that no fact of its own explains fails the test."""

from collections.abc import Iterator
from dataclasses import fields
from types import NoneType
from typing import get_args, get_type_hints

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.eventlog import events
from lims.eventlog.events import Event
from lims.eventlog.log import Outgoing
from tests.services.changes import Changes


@pytest.fixture(autouse=True)
def every_change_is_told(request: pytest.FixtureRequest) -> Iterator[Changes | None]:
    if "session" not in request.fixturenames:
        yield None
        return
    session: Session = request.getfixturevalue("session")
    changes = Changes(session)
    changes.watch()
    yield changes
    changes.end()
    if session.is_active:
        assert changes.silent() == [], "changed, and no fact tells it"
        facts = [events.load(row.name, row.payload) for row in session.scalars(select(Outgoing))]
        assert [fact.name for fact in facts if lacks(fact)] == [], "lacks what it declares"


def lacks(fact: Event) -> list[str]:
    """Name the fields that are empty and must not be; JSON would keep any."""
    hints = get_type_hints(type(fact))
    empty = [field.name for field in fields(fact) if getattr(fact, field.name) is None]
    return [name for name in empty if NoneType not in get_args(hints[name])]
