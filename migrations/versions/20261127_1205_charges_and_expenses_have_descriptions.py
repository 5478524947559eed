"""Call what a charge and an expense are for their description.

Why: a column bears the word of the field, the same in code, table and test.
Locks: the two tables, for the moment of a change of their definition.
Back: the old names; the data stay.
"""

from alembic import op

revision = "20261127_1205"
down_revision = "20261127_1200"


def upgrade() -> None:
    op.execute("ALTER TABLE charge RENAME COLUMN what TO description")
    op.execute("ALTER TABLE expense RENAME COLUMN what TO description")


def downgrade() -> None:
    op.execute("ALTER TABLE expense RENAME COLUMN description TO what")
    op.execute("ALTER TABLE charge RENAME COLUMN description TO what")
