"""Gapless numbers: one locked counter row per series and year, moved in the act that issues."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.kernel.db import Base


class Series(Base):
    """The last number given in one series of one year."""

    __tablename__ = "series"

    name: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def take(session: Session, series: str, year: int, count: int = 1) -> range:
    """Take the next `count` numbers; they are given back if the transaction does not commit.

    Locks: the counter's row, so take numbers last, and several series in name order.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first_use = dialect.insert(Series).values(name=series, year=year, last=count)
    moved = first_use.on_conflict_do_update(
        index_elements=[Series.name, Series.year], set_={"last": Series.last + count}
    )
    last: int = session.execute(moved.returning(Series.last)).scalar_one()
    return range(last - count + 1, last + 1)


def spelled(prefix: str, year: int, number: int) -> str:
    """Write a number as documents show it, without a slash: V26-00001."""
    return f"{prefix}{year % 100:02}-{number:05}"


def given(session: Session, series: str, year: int) -> int:
    """Return the last number given."""
    query = select(Series.last).where(Series.name == series, Series.year == year)
    return session.scalar(query) or 0
