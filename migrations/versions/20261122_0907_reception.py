"""Begin reception.

Why: orders and the items in the centre's custody.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0907"
down_revision = "20261122_0906"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "order",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("funding", sa.String(40), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("certificate_mode", sa.String(40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("item_count", INT, nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__order__contract_id__contract"
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["customer.id"], name="fk__order__payer_id__customer"
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["customer.id"], name="fk__order__requester_id__customer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__order"),
        sa.UniqueConstraint("number", name="uq__order__number"),
    )
    op.create_index("ix__order__contract_id", "order", ["contract_id"], unique=False)
    op.create_index("ix__order__payer_id", "order", ["payer_id"], unique=False)
    op.create_index("ix__order__requester", "order", ["requester_id", "id"], unique=False)
    op.create_table(
        "item",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("units", INT, nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("occasion", sa.String(40), nullable=True),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column(
            "serial_folded",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("place_of_use", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name="fk__item__instrument_id__instrument"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__item__order_id__order"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk__item__service_id__service"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["instrument_type.id"], name="fk__item__type_id__instrument_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__item"),
        sa.UniqueConstraint("code", name="uq__item__code"),
        sa.UniqueConstraint("order_id", "line", name="uq__item__order_id_line"),
    )
    op.create_index("ix__item__discipline", "item", ["discipline", "id"], unique=False)
    op.create_index("ix__item__instrument_id", "item", ["instrument_id"], unique=False)
    op.create_index("ix__item__serial", "item", ["serial_folded", "id"], unique=False)
    op.create_index("ix__item__state", "item", ["state", "discipline", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("item")
    op.drop_table("order")
