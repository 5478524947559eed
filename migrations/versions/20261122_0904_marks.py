"""Begin marks.

Why: each sticker number is used once, by the person who holds the book.
Locks: none; the tables are new.
Back: drops the tables and what is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0904"
down_revision = "20261122_0903"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sticker_book",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first", INT, nullable=False),
        sa.Column("last", INT, nullable=False),
        sa.Column("next", INT, nullable=False),
        sa.Column("discipline", sa.String(40), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("handed_out_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name="fk__sticker_book__holder_id__person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__sticker_book"),
        sa.UniqueConstraint("series", "first", name="uq__sticker_book__series_first"),
    )
    op.create_index("ix__sticker_book__holder_id", "sticker_book", ["holder_id"], unique=False)
    op.create_table(
        "sticker",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["sticker_book.id"], name="fk__sticker__book_id__sticker_book"
        ),
        sa.PrimaryKeyConstraint("id", name="pk__sticker"),
        sa.UniqueConstraint("series", "number", name="uq__sticker__series_number"),
    )
    op.create_index("ix__sticker__book_id", "sticker", ["book_id"], unique=False)
    op.create_index(
        "uq__sticker__result",
        "sticker",
        ["result_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'spoiled'"),
        postgresql_where=sa.text("state <> 'spoiled'"),
    )


def downgrade() -> None:
    op.drop_table("sticker")
    op.drop_table("sticker_book")
