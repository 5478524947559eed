"""Run the migrations against the database that was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Engine
from sqlalchemy.schema import SchemaItem

from lims.config import Settings
from lims.features import METADATA
from lims.kernel import db


def ours(item: SchemaItem, *_: Any) -> bool:  # noqa: ANN401 - Alembic's own signature
    """Leave views out of the comparison: a migration makes them by hand."""
    return not item.info.get("is_view", False)


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """Make an engine and let go of its connections, also when a migration refuses."""
    engine = db.make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


with (
    engine_of(context.config.attributes.get("url") or Settings.from_env().database_url) as engine,
    engine.connect() as connection,
):
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_object=ours,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
