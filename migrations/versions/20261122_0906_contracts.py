"""Begin contracts.

Why: what was agreed before anything was touched.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0906"
down_revision = "20261122_0905"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECIMAL = sa.Text().with_variant(sa.Numeric(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("funding", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("on_credit", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk__contract__customer_id__customer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__contract"),
        sa.UniqueConstraint("number", name="uq__contract__number"),
    )
    op.create_index("ix__contract__customer_id", "contract", ["customer_id"], unique=False)
    op.create_index("ix__contract__state", "contract", ["state", "id"], unique=False)
    op.create_table(
        "deliverable",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("vat_rate", DECIMAL, nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__deliverable__contract_id__contract"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__deliverable"),
    )
    op.create_index("ix__deliverable__contract_id", "deliverable", ["contract_id"], unique=False)
    op.create_table(
        "contract_line",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("unit_price", INT, nullable=False),
        sa.Column("vat_rate", DECIMAL, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk__contract_line__contract_id__contract"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk__contract_line__service_id__service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__contract_line"),
    )
    op.create_index(
        "ix__contract_line__contract_id", "contract_line", ["contract_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("contract_line")
    op.drop_table("deliverable")
    op.drop_table("contract")
