"""Note when a projection's position moved, from a process and a connection of its own.

`python -m tests.benchmarks.watcher URL PROJECTION` looks until its input ends, then writes
[instant, position] pairs. On SQLite it asks for the change counter, which locks nothing.
"""

import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing

import psycopg

PAUSE = {"sqlite": 0.001, "postgresql": 0.004}
POSITION = "SELECT position FROM follower WHERE name = '{}'"


def main() -> None:
    """Look until told to stop."""
    url, name = sys.argv[1:]
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    look = _sqlite(url, name) if kind == "sqlite" else _postgresql(url, name)
    seen: list[tuple[float, int]] = []
    last = False
    while not last:
        last = done.is_set()  # one more look after that
        position = look()
        if position is not None and (not seen or position != seen[-1][1]):
            seen.append((time.monotonic(), position))
        time.sleep(PAUSE[kind])
    json.dump(seen, sys.stdout)


def _sqlite(url: str, name: str) -> Callable[[], int | None]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    version = -1

    def look() -> int | None:
        nonlocal version
        before, version = version, connection.execute("PRAGMA data_version").fetchone()[0]
        if before == version:
            return None
        with closing(connection.execute(POSITION.format(name))) as found:
            row = found.fetchone()
        return row[0] if row else None

    return look


def _postgresql(url: str, name: str) -> Callable[[], int | None]:
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def look() -> int | None:
        row = connection.execute(POSITION.format(name)).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None

    return look


if __name__ == "__main__":
    main()
