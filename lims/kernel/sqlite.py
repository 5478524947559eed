"""What SQLite needs to serve many clerks: WAL, one fair queue of writers, real snapshots."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, Integer, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

INTEGER = Integer()

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged intake survives a power cut
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE walks past the delete trigger
    "temp_store=MEMORY",
    "cache_size=-65536",
    "mmap_size=268435456",
    "journal_size_limit=67108864",
)


def make_engine(url: str) -> Engine:
    """Make an engine whose writers begin IMMEDIATE and whose readers never wait."""
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=24,
        max_overflow=8,
        pool_use_lifo=True,  # the one used last has its pages at hand
        connect_args={"timeout": 10, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute("PRAGMA " + pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


_threads = Lock()


@contextmanager
def turn(bind: Engine | Connection) -> Iterator[None]:
    """Queue for the one writer's place: SQLite's own busy handler is not fair.

    A file lock queues processes in order, a lock queues the threads of one; both are free
    elsewhere.
    """
    database = bind.engine.url.database if bind.dialect.name == "sqlite" else None
    if database is None:
        yield
        return
    with _threads, Path(database + ".gate").open("wb") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
