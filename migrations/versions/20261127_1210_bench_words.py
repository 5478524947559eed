"""Call the columns of the bench by the words of the field.

Why: `result.sent_back` is the reason for which a result was returned, and
    `sheet_standard.named` is the name of the standard.
Locks: exclusive on the two tables, for a moment; no row is written.
Back: the old names return.
"""

from alembic import op

revision = "20261127_1210"
down_revision = "20261127_1205"

RENAMED = (("result", "sent_back", "return_reason"), ("sheet_standard", "named", "name"))


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def downgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
