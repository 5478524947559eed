"""The only place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LAB = ZoneInfo("Asia/Ho_Chi_Minh")

_set_to: ContextVar[datetime | None] = ContextVar("_set_to", default=None)


def set_zone(zone: str) -> None:
    """Keep the laboratory's day in another zone than Vietnam's."""
    global LAB  # noqa: PLW0603 - one laboratory to a process
    LAB = ZoneInfo(zone)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)  # noqa: TID251 - this is the one place


def today() -> date:
    """Return the day it is at the counter, which until 7 a.m. is not the day in UTC."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the laboratory's day of an instant."""
    return instant.astimezone(LAB).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be another instant for a while: for the demonstration and the tests."""
    token = _set_to.set(instant)
    try:
        yield
    finally:
        _set_to.reset(token)
