"""Begin catalogue.

Why: legal cycles, methods and prices are dated rows, never constants.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0902"
down_revision = "20261122_0901"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECIMAL = sa.Text().with_variant(sa.Numeric(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "instrument_type",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("law_row", INT, nullable=True),
        sa.Column("type_approval", sa.Boolean(), nullable=False),
        sa.Column("initial", sa.Boolean(), nullable=False),
        sa.Column("periodic", sa.Boolean(), nullable=False),
        sa.Column("after_repair", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("counting_units", INT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__instrument_type"),
        sa.UniqueConstraint("code", name="uq__instrument_type__code"),
    )
    op.create_table(
        "legal_cycle",
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("months", INT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["type_id"], ["instrument_type.id"], name="fk__legal_cycle__type_id__instrument_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__legal_cycle"),
        sa.UniqueConstraint("type_id", "valid_from", name="uq__legal_cycle__type_id_valid_from"),
    )
    op.create_table(
        "method",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["type_id"], ["instrument_type.id"], name="fk__method__type_id__instrument_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__method"),
        sa.UniqueConstraint("code", "edition", name="uq__method__code_edition"),
    )
    op.create_table(
        "service",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["method_id"], ["method.id"], name="fk__service__method_id__method"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["instrument_type.id"], name="fk__service__type_id__instrument_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__service"),
        sa.UniqueConstraint("code", name="uq__service__code"),
    )
    op.create_table(
        "price",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("vat_rate", DECIMAL, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("charged_on_fail", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk__price__service_id__service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__price"),
        sa.UniqueConstraint("service_id", "valid_from", name="uq__price__service_id_valid_from"),
    )
    op.create_table(
        "test_parameter",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("minimum", DECIMAL, nullable=True),
        sa.Column("maximum", DECIMAL, nullable=True),
        sa.Column("limit_source", sa.Text(), nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk__test_parameter__service_id__service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__test_parameter"),
        sa.UniqueConstraint("service_id", "code", name="uq__test_parameter__service_id_code"),
    )


def downgrade() -> None:
    op.drop_table("test_parameter")
    op.drop_table("price")
    op.drop_table("service")
    op.drop_table("method")
    op.drop_table("legal_cycle")
    op.drop_table("instrument_type")
