"""Keep which periods of work and of money are closed.

Why: nothing may be dated into days that were reported already.
Locks: none; the table is new.
Back: drops the table; what was closed is open again.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_1215"
down_revision = "20261127_1210"


def upgrade() -> None:
    op.create_table(
        "closed_period",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("reopen_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__closed_period"),
    )


def downgrade() -> None:
    op.drop_table("closed_period")
