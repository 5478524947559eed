"""Write a new migration: what a database at the newest revision lacks to equal the models.

The comparison is made on a scratch database, so the centre's own is not touched.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.operations.ops import AddColumnOp, MigrationScript, ModifyTableOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import DefaultClause

from lims import migrating
from lims.kernel import clock

HOOK = {"hooks": "format", "format.type": "module", "format.module": "ruff"} | {
    "format.options": "format --quiet REVISION_SCRIPT_FILENAME"
}


def fill_rows(_context: MigrationContext, _revision: object, made: list[MigrationScript]) -> None:
    """Let the rows that are there get what the model gives a new one, where blank is refused."""
    for table in made[0].upgrade_ops.ops if made[0].upgrade_ops else ():
        for change in table.ops if isinstance(table, ModifyTableOps) else ():
            if isinstance(change, AddColumnOp) and not change.column.nullable:
                default = getattr(change.column.default, "arg", None)
                if isinstance(default, str | int) and not isinstance(default, bool):
                    change.column.server_default = DefaultClause(str(default))


def main(words: str) -> None:
    """Name the migration by its words and write it to migrations/versions."""
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{Path(scratch) / 'scratch.db'}"
        migrating.upgrade(url)
        config = migrating.config(url)
        for name, option in HOOK.items():
            config.set_section_option("post_write_hooks", name, option)
        command.revision(
            config,
            message=words,
            autogenerate=True,
            rev_id=f"{clock.now():%Y%m%d_%H%M}",
            process_revision_directives=fill_rows,
        )


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
