"""Begin tallies.

Why: the counts of the month are summed from lines that name their fact.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0912"
down_revision = "20261122_0911"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "count_cell",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "measure", "discipline", "field", "area", name="pk__count_cell"
        ),
    )
    op.create_table(
        "count_line",
        sa.Column("position", INT, autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.PrimaryKeyConstraint("position", "measure", name="pk__count_line"),
    )
    op.create_index(
        "ix__count_line__cell",
        "count_line",
        ["day", "measure", "discipline", "field", "area", "amount"],
        unique=False,
    )
    op.create_table(
        "plan",
        sa.Column("year", INT, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__plan"),
        sa.UniqueConstraint(
            "year", "measure", "discipline", name="uq__plan__year_measure_discipline"
        ),
    )


def downgrade() -> None:
    op.drop_table("plan")
    op.drop_table("count_line")
    op.drop_table("count_cell")
