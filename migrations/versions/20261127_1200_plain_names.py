"""Call the columns of items and instruments what a reader would look for.

Why: `item.what` is a description, and `instrument.due_from` the id of a result.
Locks: item and instrument for a moment each; nothing is rewritten.
Back: gives the old names back.
"""

from alembic import op

revision = "20261127_1200"
down_revision = "20261127_1140"

RENAMED = (("item", "what", "description"), ("instrument", "due_from", "due_result_id"))


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def downgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
