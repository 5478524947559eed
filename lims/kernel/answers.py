"""Answers given to requests that may come twice: the same key gets the same answer."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel import clock
from lims.kernel.db import Base

KEPT = timedelta(days=30)


class Answer(Base):
    """What one person's request was answered, kept in the transaction of its effect."""

    __tablename__ = "answer"

    principal: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    """SHA-256 of what was asked."""

    status: Mapped[int]
    headers: Mapped[str]
    answer: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


def forget(session: Session) -> None:
    """Drop what nobody will ask for again."""
    session.execute(delete(Answer).where(Answer.at < clock.now() - KEPT))
