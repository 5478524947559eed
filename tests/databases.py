"""A database that many tests use in turn: wiped after each, not made anew.

Making a PostgreSQL database costs the server some hundred milliseconds and many forced writes;
wiping it costs a few milliseconds. The engine stays, and with it what SQLAlchemy has compiled.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from lims.kernel import db
from lims.migrating import upgrade
from tests import deployments

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
SEND_OFF = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'"""
SHAPE = "SELECT (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_attribute)"
ALONE = "SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '10s'"
"""The log refuses DELETE; a replica, which only a superuser may play, asks no trigger."""


def stand_aside(session: Session, guard: str) -> None:
    """Change the log behind its back in this transaction, as whoever owns the server can."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        session.execute(text(f"DROP TRIGGER {guard}"))


@cache
def engine(url: str) -> Engine:
    """Return the one engine for a database."""
    return db.make_engine(url, ping=False)


class WipedDatabase(Protocol):
    """A migrated database that remembers how it began."""

    url: str

    def wipe(self) -> None:
        """Make it as it was."""


class WipedSqlite:
    """A file, and the copy it is made from again."""

    def __init__(self, folder: Path) -> None:
        """Migrate the copy and lay the file out."""
        self._copy, self._file = folder / "beginning.db", folder / "lims.db"
        upgrade(f"sqlite:///{self._copy}")
        with closing(sqlite3.connect(self._copy)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.url = f"sqlite:///{self._file}"
        self.wipe()

    def wipe(self) -> None:
        """Put a new file in the old one's place: who still reads the old one disturbs nobody."""
        for end in ("", "-wal", "-shm"):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        shutil.copy(self._copy, self._file)


class WipedPostgres:
    """A database, and beside its tables the rows that the migrations wrote."""

    def __init__(self, url: str, server: psycopg.Connection) -> None:
        """Migrate it and keep those rows."""
        upgrade(url)
        self.url = url
        self._server = server
        server.execute("CREATE SCHEMA beginning")
        tables = [sql.Identifier(name) for name in self._names(TABLES)]
        self._wiping = [sql.SQL("DELETE FROM {}").format(one) for one in tables]
        self._wiping += [
            sql.SQL("INSERT INTO {0} SELECT * FROM beginning.{0}").format(one)
            for one in tables
            if self._kept(one)
        ]
        self._wiping += [
            sql.SQL("SELECT setval({}::regclass, 1, false)").format(sql.Literal(name))
            for name in self._names(SEQUENCES)
        ]
        self._shape = server.execute(SHAPE).fetchone()

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self._server.execute(query)]

    def _kept(self, table: sql.Identifier) -> int:
        copy = sql.SQL("CREATE TABLE beginning.{0} AS SELECT * FROM {0}")
        return self._server.execute(copy.format(table)).rowcount

    def wipe(self) -> None:
        """Send off whoever is left in it, and put back the rows of the beginning."""
        self._server.execute(SEND_OFF)
        with self._server.transaction():
            self._server.execute(sql.SQL("; ").join([sql.SQL(ALONE), *self._wiping]))
        shape = self._server.execute(SHAPE).fetchone()
        assert shape == self._shape, "This test changes the tables: let it use own_database_url."


@contextmanager
def wiped_postgres() -> Iterator[WipedPostgres]:
    """Make a database, and drop it afterwards."""
    with (
        deployments.postgres_database("tests") as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server,
    ):
        base = sql.Identifier(server.info.dbname)
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(base))
        yield WipedPostgres(url, server)
