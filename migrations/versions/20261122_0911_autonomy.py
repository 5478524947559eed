"""Begin autonomy.

Why: expenditure by the classes of the decree.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0911"
down_revision = "20261122_0910"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "expense",
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("expense_class", sa.String(40), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__expense"),
    )
    op.create_index("ix__expense__spent", "expense", ["spent_on", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("expense")
