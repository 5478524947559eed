"""In this tier a change that no fact of its own explains fails the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

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
