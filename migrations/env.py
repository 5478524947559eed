"""Run the migrations against the database that was asked for."""

from typing import Any

from alembic import context
from sqlalchemy.schema import SchemaItem

from lims.config import Settings
from lims.kernel import db
from lims.tables import METADATA


def ours(item: SchemaItem, *_: Any) -> bool:  # noqa: ANN401 - Alembic's own signature
    """Leave views out of the comparison: a migration makes them by hand."""
    return not item.info.get("is_view", False)


url = context.config.attributes.get("url") or Settings.from_env().database_url
engine = db.make_engine(url)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_object=ours,
        compare_type=True,
        render_as_batch=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
