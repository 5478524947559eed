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


def test_logins_become_small_where_they_stand_and_those_that_collide_get_a_number(own_database_url):
    migrating.upgrade(own_database_url, "20261127_2150")
    db.connect(own_database_url)
    with db.transaction() as session:
        for number, login in enumerate(("Lan", "minh", "LAN", "MINH")):
            session.execute(
                text(
                    "INSERT INTO person (id, login, full_name, password, role_list, title, locale,"
                    " active, epoch) VALUES (:id, :login, '', '', '[]', '', 'vi', true, 1)"
                ),
                {"id": f"{number:032}", "login": login},
            )
            session.execute(
                text(
                    "INSERT INTO closed_period (id, kind, first, last, closed_by, closed_on)"
                    " VALUES (:id, 'work', '2026-01-01', '2026-01-31', :login, '2026-02-01')"
                ),
                {"id": f"{number:032}", "login": login},
            )
    db.disconnect()

    migrating.upgrade(own_database_url)

    db.connect(own_database_url)
    with db.reading() as session:
        logins = session.scalars(text("SELECT login FROM person ORDER BY id")).all()
        closers = session.scalars(text("SELECT closed_by FROM closed_period ORDER BY id")).all()
    db.disconnect()
    assert logins == closers == ["lan", "minh", "lan2", "minh2"]


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
