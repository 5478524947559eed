"""Answers given to requests that may come twice: the same key gets the same answer."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel import clock
from lims.kernel.db import Base

KEPT = timedelta(days=30)


class Answer(Base):
    """What one person's request was answered; its status is 0 until there is an answer."""

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


class Request(NamedTuple):
    """Whose request it is, to which route, under which key."""

    principal: str
    route: str
    key: str


def claim(session: Session, request: Request, body: str) -> Answer | None:
    """Take the key, or return the answer that was given to it already.

    Whoever asks the same at once waits here for the end of the first: else the second would be
    refused because of what the first has just done.
    """
    taken = _taken(session.get_bind().dialect.name)
    values = request._asdict() | {"body": body, "at": clock.now()}
    if session.scalar(taken, values) is not None:
        return None
    return session.scalar(select(Answer).where(*_ASKED), _asked(request))


def keep(session: Session, request: Request, *, status: int, headers: str, answer: str) -> None:
    """Keep what the request was answered, in the transaction of its effect."""
    given = {"status": status, "headers": headers, "answer": answer}
    session.execute(_KEPT, _asked(request) | given)


def _asked(request: Request) -> dict[str, str]:
    return {f"asked_{name}": value for name, value in request._asdict().items()}


# Built once: every request that writes says them.
_TABLE: Any = Answer.__table__
_ASKED = [_TABLE.c[name] == bindparam(f"asked_{name}") for name in Request._fields]
_KEPT = update(_TABLE).where(*_ASKED)


@cache
def _taken(database: str) -> Executable:
    dialect = sqlite if database == "sqlite" else postgresql
    row: dict[str, Any] = {name: bindparam(name) for name in (*Request._fields, "body", "at")}
    blank = {"status": 0, "headers": "", "answer": ""}
    taken: Executable = (
        dialect.insert(_TABLE).values(row | blank).on_conflict_do_nothing().returning(_TABLE.c.key)
    )
    return taken


def forget(session: Session) -> None:
    """Drop what nobody will ask for again."""
    session.execute(delete(Answer).where(Answer.at < clock.now() - KEPT))
