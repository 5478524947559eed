"""Begin certificates.

Why: an item is on at most one live certificate; partial unique indexes hold it.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0909"
down_revision = "20261122_0908"


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.id"], name="fk__certificate__order_id__order"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name="fk__certificate__replaces_id__certificate"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__certificate"),
        sa.UniqueConstraint("code", name="uq__certificate__code"),
        sa.UniqueConstraint("number", name="uq__certificate__number"),
    )
    op.create_index("ix__certificate__issued", "certificate", ["issued_on", "id"], unique=False)
    op.create_index("ix__certificate__order_id", "certificate", ["order_id"], unique=False)
    op.create_index("ix__certificate__replaces_id", "certificate", ["replaces_id"], unique=False)
    op.create_table(
        "certificate_place",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("validity", sa.String(40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name="fk__certificate_place__certificate_id__certificate",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name="fk__certificate_place__instrument_id__instrument",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk__certificate_place__item_id__item"
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name="fk__certificate_place__result_id__result"
        ),
        sa.PrimaryKeyConstraint("certificate_id", "item_id", name="pk__certificate_place"),
    )
    op.create_index(
        "ix__certificate_place__result_id", "certificate_place", ["result_id"], unique=False
    )
    op.create_index(
        "uq__certificate_place__live_instrument",
        "certificate_place",
        ["instrument_id"],
        unique=True,
        sqlite_where=sa.text("validity = 'live'"),
        postgresql_where=sa.text("validity = 'live'"),
    )
    op.create_index(
        "uq__certificate_place__live_item",
        "certificate_place",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("validity = 'live'"),
        postgresql_where=sa.text("validity = 'live'"),
    )


def downgrade() -> None:
    op.drop_table("certificate_place")
    op.drop_table("certificate")
