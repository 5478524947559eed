"""Begin billing.

Why: a source is charged once, a number used once; the money of a contract is a projection.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0910"
down_revision = "20261122_0909"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECIMAL = sa.Text().with_variant(sa.Numeric(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "money_cell",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("revenue_class", sa.Text(), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "measure", "contract_id", "revenue_class", "discipline", name="pk__money_cell"
        ),
    )
    op.create_index(
        "ix__money_cell__contract", "money_cell", ["contract_id", "measure"], unique=False
    )
    op.create_table(
        "money_line",
        sa.Column("position", INT, autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("revenue_class", sa.Text(), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.PrimaryKeyConstraint("position", "measure", name="pk__money_line"),
    )
    op.create_index(
        "ix__money_line__cell",
        "money_line",
        ["day", "measure", "contract_id", "revenue_class", "discipline", "amount"],
        unique=False,
    )
    op.create_table(
        "invoice",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("year", INT, nullable=True),
        sa.Column("number", INT, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("net", INT, nullable=False),
        sa.Column("vat", INT, nullable=False),
        sa.Column("paid", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["customer.id"], name="fk__invoice__buyer_id__customer"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__invoice__contract_id__contract"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__invoice"),
        sa.UniqueConstraint("series", "year", "number", name="uq__invoice__series_year_number"),
    )
    op.create_index("ix__invoice__buyer_id", "invoice", ["buyer_id"], unique=False)
    op.create_index("ix__invoice__contract_id", "invoice", ["contract_id"], unique=False)
    op.create_index("ix__invoice__state", "invoice", ["state", "id"], unique=False)
    op.create_table(
        "charge",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("revenue_class", sa.String(40), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("unit_price", INT, nullable=False),
        sa.Column("net", INT, nullable=False),
        sa.Column("vat_rate", DECIMAL, nullable=False),
        sa.Column("vat", INT, nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__charge__contract_id__contract"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name="fk__charge__invoice_id__invoice"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__charge__order_id__order"),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["customer.id"], name="fk__charge__payer_id__customer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__charge"),
        sa.UniqueConstraint("source_id", name="uq__charge__source_id"),
    )
    op.create_index("ix__charge__contract_id", "charge", ["contract_id"], unique=False)
    op.create_index("ix__charge__earned", "charge", ["earned_on", "id"], unique=False)
    op.create_index("ix__charge__invoice_id", "charge", ["invoice_id"], unique=False)
    op.create_index("ix__charge__order_id", "charge", ["order_id"], unique=False)
    op.create_index("ix__charge__payer", "charge", ["payer_id", "state", "id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=False),
        sa.Column("means", sa.String(40), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("allocated", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__payment__contract_id__contract"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name="fk__payment__invoice_id__invoice"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk__payment__order_id__order"),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["customer.id"], name="fk__payment__payer_id__customer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__payment"),
        sa.UniqueConstraint("number", name="uq__payment__number"),
    )
    op.create_index("ix__payment__invoice_id", "payment", ["invoice_id"], unique=False)
    op.create_index("ix__payment__order_id", "payment", ["order_id"], unique=False)
    op.create_index("ix__payment__payer_id", "payment", ["payer_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name="fk__allocation__invoice_id__invoice"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name="fk__allocation__payment_id__payment"
        ),
        sa.PrimaryKeyConstraint("payment_id", "invoice_id", name="pk__allocation"),
    )
    op.create_index("ix__allocation__invoice_id", "allocation", ["invoice_id"], unique=False)


def downgrade() -> None:
    op.drop_table("allocation")
    op.drop_table("payment")
    op.drop_table("charge")
    op.drop_table("invoice")
    op.drop_table("money_line")
    op.drop_table("money_cell")
