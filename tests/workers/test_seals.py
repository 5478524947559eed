"""Every night the log is sealed, and a copy is put where the database is not."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lims.config import Settings
from lims.eventlog.schedule import DayEnded
from lims.eventlog.seal import Seal
from lims.kernel.db import reading, transaction
from tests.factories import TODAY
from tests.services.test_log import advance, tell
from workers import seals

EVENING = DayEnded(run_id=uuid4(), on=TODAY)


@pytest.fixture(params=[True, False], ids=["with a folder", "without"])
def folder(request, database, tmp_path, monkeypatch):
    there = tmp_path / "seals" if request.param else None
    settings = Settings(
        data_dir=tmp_path, database_url=database, secret_key="x" * 40, seal_dir=there
    )
    monkeypatch.setattr(seals, "SETTINGS", settings)
    return there


def seal_the_day():
    """As the workers do it: prepared without a lock, settled in a transaction; delivered twice."""
    sealing = seals.SealDay()
    with reading() as reader:
        prepared = sealing.prepare(reader, EVENING)
        again = sealing.prepare(reader, EVENING)
    for one in (prepared, again):
        with transaction() as session:
            sealing.settle(session, EVENING, one)


def positions():
    with reading() as session:
        return session.scalars(select(Seal.position).order_by(Seal.position)).all()


def test_a_day_is_sealed_once_and_a_quiet_day_not_at_all(folder):
    tell(3)
    advance()
    seal_the_day()
    seal_the_day()
    tell(1)
    advance()
    seal_the_day()

    assert positions() == [3, 4]
    assert folder is None or len(list(folder.iterdir())) == 2
