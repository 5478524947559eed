"""Begin identity.

Why: people, what they are authorised for, and the keys of machines.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0901"
down_revision = "20261122_0900"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB, "postgresql")


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("role_list", JSON, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("epoch", INT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__person"),
        sa.UniqueConstraint("login", name="uq__person__login"),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", INT, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk__throttle"),
    )
    op.create_table(
        "api_token",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name="fk__api_token__user_id__person"),
        sa.PrimaryKeyConstraint("id", name="pk__api_token"),
        sa.UniqueConstraint("sha256", name="uq__api_token__sha256"),
    )
    op.create_index("ix__api_token__user_id", "api_token", ["user_id"], unique=False)
    op.create_table(
        "competence",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("field", sa.String(40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name="fk__competence__user_id__person"),
        sa.PrimaryKeyConstraint("id", name="pk__competence"),
    )
    op.create_index(
        "ix__competence__user", "competence", ["user_id", "act", "discipline"], unique=False
    )


def downgrade() -> None:
    op.drop_table("competence")
    op.drop_table("api_token")
    op.drop_table("throttle")
    op.drop_table("person")
