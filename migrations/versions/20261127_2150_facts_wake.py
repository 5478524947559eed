"""Let the outbox itself wake the sequencer.

Why: every act sent a notice of its own, one more trip to the database at each commit.
Locks: outbox, for an instant; a trigger is created.
Back: drops it; a sequencer that is not woken looks for itself every second.
"""

from alembic import op

revision = "20261127_2150"
down_revision = "20261127_1440"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION wake_sequencer() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('lims_facts', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER outbox_wakes_sequencer AFTER INSERT ON outbox"
        " FOR EACH STATEMENT EXECUTE FUNCTION wake_sequencer()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TRIGGER outbox_wakes_sequencer ON outbox")
    op.execute("DROP FUNCTION wake_sequencer()")
