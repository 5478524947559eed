"""Answers given to requests that may come twice: the same key gets the same answer."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel import clock, locks
from lims.kernel.db import Base
from lims.kernel.locks import Lock

KEPT = timedelta(days=30)


class Answer(Base):
    """What one person's request was answered, kept in the transaction of its effect."""

    __tablename__ = "answer"

    principal: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    """HMAC-SHA-256 of what was asked, with the secret key of the web."""

    status: Mapped[int]
    headers: Mapped[str]
    answer: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


def claim(session: Session, principal: str, route: str, key: str) -> Answer | None:
    """Return the answer that was given already; whoever asks the same at once waits for it.

    Else the second would be refused because of what the first has just done.
    """
    locks.hold(session, Lock.REQUEST, f"{principal} {route} {key}")
    asked = {"principal": principal, "route": route, "key": key}
    return session.scalar(_GIVEN, asked)


_GIVEN = select(Answer).where(
    Answer.principal == bindparam("principal"),
    Answer.route == bindparam("route"),
    Answer.key == bindparam("key"),
)
"""Built once: every request that writes asks it."""


def forget(session: Session) -> None:
    """Drop what nobody will ask for again."""
    session.execute(delete(Answer).where(Answer.at < clock.now() - KEPT))
