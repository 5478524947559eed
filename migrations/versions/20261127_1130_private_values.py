"""Begin the private values: what facts say of people, outside the log.

Why: the log only grows, and a person's name, telephone or words must be erasable; a fact keeps the
    id and the hash of the text that stands here.
Locks: none; the table is new.
Back: drops the table, unless facts refer to texts in it: see `downgrade`.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_1130"
down_revision = "20261122_0913"


def upgrade() -> None:
    op.create_table(
        "private_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__private_value"),
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM private_value")):
        raise RuntimeError("Facts refer to private values: restore a backup instead.")
    op.drop_table("private_value")
