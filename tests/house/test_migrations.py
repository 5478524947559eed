"""The tables the migrations make are the tables the models mean; each goes down and up again."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from lims import migrating
from lims.config import ROOT
from lims.kernel import db

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def migrated(own_database_url):
    migrating.upgrade(own_database_url)
    return own_database_url


def test_up_to_the_newest_revision_equals_the_models(migrated):
    command.check(migrating.config(migrated))


def test_each_migration_goes_down_and_up_again(migrated):
    scripts = ScriptDirectory.from_config(migrating.config(migrated))
    for script in scripts.walk_revisions():
        migrating.downgrade(migrated, script.down_revision or "base")
        migrating.upgrade(migrated, script.revision)
        migrating.downgrade(migrated, script.down_revision or "base")
    migrating.upgrade(migrated)

    command.check(migrating.config(migrated))


def test_a_log_with_facts_in_it_is_never_dropped(migrated):
    db.connect(migrated)
    with db.transaction() as session:
        session.execute(
            text(
                'INSERT INTO event_log (position, id, name, "on", subject, "by", at, payload, hash)'
                " VALUES (1, :id, 'x', '2026-01-01', :id, 'x', '2026-01-01', '{}', 'x')"
            ),
            {"id": "0" * 32},
        )
    db.disconnect()

    with pytest.raises(RuntimeError, match="restore a backup"):
        migrating.downgrade(migrated, "base")


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_says_why_what_it_locks_and_the_way_back(path: Path):
    source = path.read_text(encoding="utf-8")

    assert re.match(r"\d{8}_\d{4}_\w+$", path.stem)
    for word in ("Why:", "Locks:", "Back:"):
        assert word in source
    assert "import lims" not in source
    assert "from lims" not in source
