"""Let an instrument have its particulars: manufacturer, country, model, year, characteristics.

Why: a certificate prints them (TT 24/2013/TT-BKHCN, Art 40); the registry remembers them, an item
    copies them at intake, and a type of instrument lists which characteristics it has.
Locks: instrument, item and instrument_type for a moment each; a default needs no rewriting.
Back: drops the columns and what is in them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_1140"
down_revision = "20261127_1130"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = ("instrument", "item")
TEXTS = ("manufacturer", "country", "model")


def upgrade() -> None:
    for table in TABLES:
        for name in TEXTS:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("year", INT))
        op.add_column(
            table, sa.Column("characteristics", JSON, nullable=False, server_default="{}")
        )
    op.add_column(
        "instrument_type", sa.Column("characteristics", JSON, nullable=False, server_default="[]")
    )


def downgrade() -> None:
    op.drop_column("instrument_type", "characteristics")
    for table in TABLES:
        for name in ("characteristics", "year", *reversed(TEXTS)):
            op.drop_column(table, name)
