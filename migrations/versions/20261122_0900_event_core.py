"""Begin the event core and what every feature stands on.

Why: every later table is explained by a fact in `event_log`; triggers make the log append-only for
    everyone, the application's own role included.
Locks: none; the tables are new.
Back: drops the tables and what is in them; refused while the log holds facts.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0900"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FACTS = """
CREATE VIEW facts AS
SELECT position, id, name, "on", subject, "by", at, payload FROM event_log
UNION ALL
SELECT CAST(NULL AS BIGINT), id, name, "on", subject, "by", at, payload FROM outbox
"""
HEAD = f"INSERT INTO log_head (id, position, hash, epoch) VALUES (1, 0, '{'0' * 64}', 1)"  # noqa: S608

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER event_log_no_update BEFORE UPDATE ON event_log"
        " BEGIN SELECT RAISE(ABORT, 'event_log only grows'); END",
        "CREATE TRIGGER event_log_no_delete BEFORE DELETE ON event_log"
        " BEGIN SELECT RAISE(ABORT, 'event_log only grows'); END",
        "CREATE TRIGGER event_log_no_insert_below BEFORE INSERT ON event_log"
        " WHEN NEW.position <= (SELECT max(position) FROM event_log)"
        " BEGIN SELECT RAISE(ABORT, 'event_log only grows'); END",
        "CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox"
        " BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END",
        "CREATE TRIGGER outbox_no_early_delete BEFORE DELETE ON outbox"
        " WHEN NOT EXISTS (SELECT 1 FROM event_log WHERE id = OLD.id)"
        " BEGIN SELECT RAISE(ABORT, 'this fact is not in the log yet'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$",
        "CREATE FUNCTION refuse_unsequenced() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NOT EXISTS (SELECT 1 FROM event_log WHERE id = OLD.id) THEN"
        " RAISE EXCEPTION 'this fact is not in the log yet'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER event_log_no_change BEFORE UPDATE OR DELETE ON event_log"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER event_log_no_truncate BEFORE TRUNCATE ON event_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER outbox_no_truncate BEFORE TRUNCATE ON outbox"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER outbox_no_early_delete BEFORE DELETE ON outbox"
        " FOR EACH ROW EXECUTE FUNCTION refuse_unsequenced()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", INT, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name="pk__answer"),
    )
    op.create_index("ix__answer__at", "answer", ["at"], unique=False)
    op.create_table(
        "area",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__area"),
        sa.UniqueConstraint("code", name="uq__area__code"),
    )
    op.create_table(
        "event_log",
        sa.Column("position", INT, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk__event_log"),
        sa.UniqueConstraint("id", name="uq__event_log__id"),
    )
    op.create_index("ix__event_log__on_name", "event_log", ["on", "name"], unique=False)
    op.create_index("ix__event_log__subject", "event_log", ["subject"], unique=False)
    op.create_table(
        "follower",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk__follower"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("epoch", INT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__log_head"),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", INT, autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk__outbox"),
        sa.UniqueConstraint("id", name="uq__outbox__id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix__outbox__subject", "outbox", ["subject"], unique=False)
    op.create_table(
        "paper",
        sa.Column("of", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__paper"),
        sa.UniqueConstraint("of", "kind", name="uq__paper__of_kind"),
    )
    op.create_table(
        "parameter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk__parameter"),
        sa.UniqueConstraint("name", "valid_from", name="uq__parameter__name_valid_from"),
    )
    op.create_table(
        "schedule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk__schedule"),
    )
    op.create_table(
        "seal",
        sa.Column("position", INT, autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk__seal"),
    )
    op.create_table(
        "series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("last", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name="pk__series"),
    )
    op.create_table(
        "shelf",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk__shelf"),
    )
    op.create_table(
        "delivery",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", INT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["position"], ["event_log.position"], name="fk__delivery__position__event_log"
        ),
        sa.PrimaryKeyConstraint("handler", "position", name="pk__delivery"),
    )
    op.create_index(
        "ix__delivery__failed",
        "delivery",
        ["position"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix__delivery__owed",
        "delivery",
        ["due", "position"],
        unique=False,
        sqlite_where=sa.text("state = 'owed'"),
        postgresql_where=sa.text("state = 'owed'"),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(FACTS)
    op.execute(HEAD)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT EXISTS (SELECT 1 FROM event_log)")):
        raise RuntimeError("The log holds facts: restore a backup instead.")
    op.execute("DROP VIEW facts")
    op.drop_table("delivery")
    op.drop_table("shelf")
    op.drop_table("series")
    op.drop_table("seal")
    op.drop_table("schedule")
    op.drop_table("parameter")
    op.drop_table("paper")
    op.drop_table("outbox")
    op.drop_table("log_head")
    op.drop_table("follower")
    op.drop_table("event_log")
    op.drop_table("area")
    op.drop_table("answer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change")
        op.execute("DROP FUNCTION refuse_unsequenced")
