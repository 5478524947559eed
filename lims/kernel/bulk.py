"""Many rows in one statement, past the session: hundreds of items come in one request.

A row is a typed dictionary of its table's columns. Through the unit of work an item costs 87 µs,
constructed and inserted past it 38, this way 18 (SQLite, 27 columns).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lims.kernel.db import Base


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert complete rows of one table; the session does not learn of them."""
    table: Any = model.__table__
    session.execute(insert(table), list(rows))


def insert_missing(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert what no unique constraint refuses, and return how many rows that were.

    What a colleague inserts at the same moment is left as it is.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table: Any = model.__table__
    session.flush()
    result: Any = session.execute(
        dialect.insert(table).on_conflict_do_nothing(),
        list(rows),
        execution_options={"preserve_rowcount": True},  # psycopg forgets it with the cursor
    )
    inserted: int = result.rowcount
    return inserted
