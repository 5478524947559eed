"""A PostgreSQL database that many tests use in turn: wiped after each, not made anew.

Making a database costs the server some hundred milliseconds and many forced writes; wiping costs
a few milliseconds. The log refuses DELETE, so the wipe stands aside of the triggers, as a
replica does: the tests' user must be a superuser.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from lims.migrating import upgrade
from tests import deployments

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
SEND_OFF = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'"""
ALONE = "SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '10s';"


class Slate:
    """A migrated database that remembers how it began."""

    def __init__(self, url: str, server: psycopg.Connection) -> None:
        """Migrate it, and keep a copy of the rows that the migrations wrote."""
        upgrade(url)
        self.url = url
        self._server = server
        server.execute("CREATE SCHEMA beginning")
        tables = self._names(TABLES)
        self._wipe = [self._say("DELETE FROM {}", name) for name in tables]
        for name in tables:
            self._remember(name)
        self._wipe += [
            self._say("SELECT setval({}::regclass, 1, false)", sql.Literal(name))
            for name in self._names(SEQUENCES)
        ]

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self._server.execute(query)]

    def _say(self, words: str, name: str | sql.Literal) -> str:
        spelled = name if isinstance(name, sql.Literal) else sql.Identifier(name)
        return sql.SQL(words).format(*[spelled] * words.count("{}")).as_string(self._server)

    def _remember(self, name: str) -> None:
        copy = self._say("CREATE TABLE beginning.{} AS SELECT * FROM {}", name)
        if self._server.execute(copy).rowcount:
            self._wipe.append(self._say("INSERT INTO {} SELECT * FROM beginning.{}", name))

    def wipe(self) -> None:
        """Send off whoever is left in it and make it as it was."""
        self._server.execute(SEND_OFF)
        self._server.execute(f"BEGIN; {ALONE} {'; '.join(self._wipe)}; COMMIT")


@contextmanager
def slate() -> Iterator[Slate]:
    """Make one, and drop it afterwards."""
    with (
        deployments.postgres_database("tests") as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server,
    ):
        base = sql.Identifier(server.info.dbname)
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(base))
        yield Slate(url, server)
