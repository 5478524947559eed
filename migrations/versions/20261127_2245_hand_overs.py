"""Keep each return of items: which went back together, to whom, when and by whom.

Why: a part of an order may go back today and the rest later, each against a paper to sign; items
    handed over before have their facts and no such row.
Locks: none; the tables are new.
Back: drops them; the facts still say of each item when and to whom it went back.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_2245"
down_revision = "20261127_2240"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=False),
        sa.Column("handed_over_by", sa.Text(), nullable=False),
        sa.Column("item_count", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__hand_over"),
        sa.UniqueConstraint("number", name="uq__hand_over__number"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__hand_over__order_id__order"),
    )
    op.create_index("ix__hand_over__order_id", "hand_over", ["order_id"])
    op.create_table(
        "handed_over_item",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk__handed_over_item"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk__handed_over_item__item_id__item"
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_over.id"],
            name="fk__handed_over_item__hand_over_id__hand_over",
        ),
    )
    op.create_index("ix__handed_over_item__hand_over_id", "handed_over_item", ["hand_over_id"])


def downgrade() -> None:
    op.drop_table("handed_over_item")
    op.drop_table("hand_over")
