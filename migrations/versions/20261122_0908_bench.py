"""Begin bench.

Why: sheets of work, and the results that everything after hangs on.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0908"
down_revision = "20261122_0907"

JSON = sa.JSON().with_variant(JSONB, "postgresql")


def upgrade() -> None:
    op.create_table(
        "sheet",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("environment", JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["method_id"], ["method.id"], name="fk__sheet__method_id__method"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__sheet__order_id__order"),
        sa.PrimaryKeyConstraint("id", name="pk__sheet"),
    )
    op.create_index("ix__sheet__order_id", "sheet", ["order_id"], unique=False)
    op.create_table(
        "minutes",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__minutes__order_id__order"),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name="fk__minutes__sheet_id__sheet"),
        sa.PrimaryKeyConstraint("id", name="pk__minutes"),
        sa.UniqueConstraint("number", name="uq__minutes__number"),
    )
    op.create_index("ix__minutes__order_id", "minutes", ["order_id"], unique=False)
    op.create_index("ix__minutes__sheet_id", "minutes", ["sheet_id"], unique=False)
    op.create_table(
        "sheet_standard",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["sheet.id"], name="fk__sheet_standard__sheet_id__sheet"
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name="fk__sheet_standard__standard_id__standard"
        ),
        sa.PrimaryKeyConstraint("sheet_id", "standard_id", name="pk__sheet_standard"),
    )
    op.create_index(
        "ix__sheet_standard__standard_id", "sheet_standard", ["standard_id"], unique=False
    )
    op.create_table(
        "result",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("readings", JSON, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("authorised_by", sa.Text(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("minutes_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk__result__item_id__item"),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name="fk__result__minutes_id__minutes"
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name="fk__result__sheet_id__sheet"),
        sa.PrimaryKeyConstraint("id", name="pk__result"),
    )
    op.create_index("ix__result__item", "result", ["item_id"], unique=False)
    op.create_index("ix__result__minutes_id", "result", ["minutes_id"], unique=False)
    op.create_index("ix__result__sheet_id", "result", ["sheet_id"], unique=False)
    op.create_index("ix__result__state", "result", ["state", "id"], unique=False)
    op.create_index(
        "uq__result__item",
        "result",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )


def downgrade() -> None:
    op.drop_table("result")
    op.drop_table("sheet_standard")
    op.drop_table("minutes")
    op.drop_table("sheet")
