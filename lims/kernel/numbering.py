"""Gapless numbers: one locked counter row per series and year, moved in the act that issues."""

from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam
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
    asked = {"series": series, "of": year, "count": count}
    last: int = session.execute(_moved(session.get_bind().dialect.name), asked).scalar_one()
    return range(last - count + 1, last + 1)


@cache
def _moved(database: str) -> Executable:
    """Move the counter, or begin it: written once, since every intake says it."""
    dialect = sqlite if database == "sqlite" else postgresql
    table: Any = Series.__table__
    first_use = dialect.insert(table).values(
        name=bindparam("series"), year=bindparam("of"), last=bindparam("count")
    )
    moved: Executable = first_use.on_conflict_do_update(
        index_elements=[table.c.name, table.c.year],
        set_={"last": table.c.last + bindparam("count")},
    ).returning(table.c.last)
    return moved


def spelled(prefix: str, year: int, number: int) -> str:
    """Write a number as documents show it, without a slash: V26-00001."""
    return f"{prefix}{year % 100:02}-{number:05}"
