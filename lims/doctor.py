"""Examine a deployment: each finding says what is, and a fault says its remedy."""

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from lims import migrating
from lims.config import Settings
from lims.documents.glyphs import FontsMissing, faces
from lims.eventlog import deliveries
from lims.eventlog.log import Head
from lims.kernel import db

ENOUGH = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    sentence: str
    well: bool = True


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything."""
    yield from _sqlite_version()
    yield from _database(settings)
    yield from _broker(settings)
    yield from _fonts()
    yield from _disk(settings)


def _sqlite_version() -> Iterator[Finding]:
    well = sqlite3.sqlite_version_info >= (3, 35)
    remedy = "" if well else ": RETURNING needs 3.35, use a newer Python"
    yield Finding("SQLite", sqlite3.sqlite_version + remedy, well)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with db.reading() as session:
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
            head = session.execute(select(Head.position, Head.hash)).one()
            owed = deliveries.counted(session)
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        yield Finding(
            "database", f"{reason}: check LIMS_DATABASE_URL, run `lims migrate`", well=False
        )
        return
    newest = ScriptDirectory.from_config(migrating.config(settings.database_url)).get_current_head()
    current = revision == newest
    yield Finding("revision", f"{revision}" + ("" if current else ": run `lims migrate`"), current)
    yield Finding("chain head", f"position {head.position}, {head.hash[:12]}…")
    failed = sum(count for (_, state), count in owed.items() if state == "failed")
    waiting = sum(owed.values()) - failed
    remedy = ": see `lims deliveries --failed`, then `--retry`" if failed else ""
    yield Finding("deliveries", f"{waiting} owed, {failed} failed{remedy}", not failed)


def _broker(settings: Settings) -> Iterator[Finding]:
    if settings.broker_url is None:
        yield Finding("broker", "in memory")
        return
    at = urlsplit(settings.broker_url)
    try:
        socket.create_connection((at.hostname or "127.0.0.1", at.port or 6379), timeout=2).close()
        yield Finding("broker", f"{at.hostname} answers")
    except OSError as error:
        yield Finding("broker", f"{error}: start Redis or check LIMS_BROKER_URL", well=False)


def _fonts() -> Iterator[Finding]:
    try:
        yield Finding("fonts", f"{len(faces())} faces of Tinos")
    except FontsMissing as error:
        yield Finding("fonts", str(error), well=False)


def _disk(settings: Settings) -> Iterator[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    well = free > ENOUGH
    remedy = "" if well else ": make room, or the next certificate cannot be kept"
    yield Finding("disk", f"{free // 2**20} MiB free{remedy}", well)
