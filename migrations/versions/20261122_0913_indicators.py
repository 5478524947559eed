"""Begin indicators.

Why: activities counted by hand.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0913"
down_revision = "20261122_0912"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__indicator"),
        sa.UniqueConstraint("code", name="uq__indicator__code"),
    )
    op.create_table(
        "indicator_count",
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name="fk__indicator_count__indicator_id__indicator"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__indicator_count"),
    )
    op.create_index(
        "ix__indicator_count__day", "indicator_count", ["counted_on", "indicator_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("indicator_count")
    op.drop_table("indicator")
