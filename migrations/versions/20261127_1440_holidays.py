"""Keep the days of rest, and the Saturdays of work in exchange.

Why: promised days are counted in working days, and the New Year is no working week.
Locks: none; the table is new.
Back: drops the table; Saturdays and Sundays alone are skipped again.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_1440"
down_revision = "20261127_1215"


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__holiday"),
        sa.UniqueConstraint("day", name="uq__holiday__day"),
    )


def downgrade() -> None:
    op.drop_table("holiday")
