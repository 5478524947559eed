"""Begin customers.

Why: who asks, who owns and who pays, and the registry of their instruments.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0905"
down_revision = "20261122_0904"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("budget_code", sa.Text(), nullable=True),
        sa.Column("personal_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__customer"),
    )
    op.create_index("ix__customer__folded", "customer", ["folded"], unique=False)
    op.create_index("ix__customer__tax_code", "customer", ["tax_code"], unique=True)
    op.create_table(
        "instrument",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column(
            "serial_folded",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("place_of_use", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_from", sa.Uuid(), nullable=True),
        sa.Column("scrapped", sa.Boolean(), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["customer.id"], name="fk__instrument__holder_id__customer"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["instrument_type.id"], name="fk__instrument__type_id__instrument_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__instrument"),
        sa.UniqueConstraint(
            "holder_id",
            "type_id",
            "serial_folded",
            name="uq__instrument__holder_id_type_id_serial_folded",
        ),
    )
    op.create_index("ix__instrument__due", "instrument", ["due_on", "id"], unique=False)
    op.create_index("ix__instrument__serial", "instrument", ["serial_folded"], unique=False)


def downgrade() -> None:
    op.drop_table("instrument")
    op.drop_table("customer")
