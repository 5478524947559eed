"""Handlers of a test are registered for that test only."""

from collections.abc import Iterator

import pytest

from workers import handler


@pytest.fixture
def no_handlers() -> Iterator[None]:
    """Begin with nobody owed anything."""
    handlers, subscribed = dict(handler.HANDLERS), dict(handler.SUBSCRIBED)
    handler.HANDLERS.clear()
    handler.SUBSCRIBED.clear()
    yield
    handler.HANDLERS.clear()
    handler.SUBSCRIBED.clear()
    handler.HANDLERS.update(handlers)
    handler.SUBSCRIBED.update(subscribed)
