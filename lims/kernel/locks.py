"""Locks on what is no row, held to the end of the transaction.

On SQLite one transaction writes at a time, and these locks are nothing.
"""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """What is held; the first of the two keys of PostgreSQL's advisory locks."""

    PERIOD = 0x11A7
    """The closed periods of a kind: shared by who dates something back, alone by who closes."""


def hold(session: Session, lock: Lock, name: str, *, shared: bool = False) -> None:
    """Wait for a lock by its name."""
    if session.get_bind().dialect.name != "postgresql":
        return
    wait = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    session.execute(select(wait(lock.value, func.hashtext(name))))
