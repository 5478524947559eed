"""In this tier a change that no fact explains fails the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.eventlog.projections import Follower

UNTOLD = {"log_head", "follower", "throttle", "answer", "schedule", "delivery", "sticker_book"}
"""Tables that only serve the machinery, or whose change another row tells."""


@pytest.fixture(autouse=True)
def every_change_is_told(request: pytest.FixtureRequest) -> Iterator[None]:
    if "session" not in request.fixturenames:
        yield
        return
    session: Session = request.getfixturevalue("session")
    changed: set[str] = set()

    @event.listens_for(session, "before_flush")
    def remember(session: Session, *_: object) -> None:
        changed.update(
            str(inspect(one).identity[-1])  # of a place on a certificate: the item
            for one in session.dirty
            if session.is_modified(one)
            and one.__tablename__ not in UNTOLD
            and not isinstance(one, Follower)
        )

    yield
    if not session.is_active:
        return
    session.flush()
    log.write(session)
    told = " ".join(f"{one.subject} {one.payload}" for one in session.scalars(select(Outgoing)))
    silent = {one for one in changed if one not in told}
    assert not silent, f"Changed without a fact: {silent}"
