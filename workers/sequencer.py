"""The sequencer: the single reader of the outbox, and the followers that run beside it.

Embedded it lives in the worker process, started once dramatiq has forked; scaled out it is a
process of its own: `python -m workers.sequencer`. A second one waits for the leader's lock.
"""

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lims import deployment
from lims.eventlog import deliveries, projections, schedule
from lims.eventlog.projections import Projection
from lims.kernel import db, memory
from lims.kernel.db import transaction
from workers import sequencing
from workers.actors import send
from workers.broker import SETTINGS
from workers.reactions import PROJECTIONS
from workers.sequencing import Round, Send

logger = logging.getLogger(__name__)

SWEEP = 1.0
"""Seconds after which the outbox is looked at, woken or not."""

QUICK, QUIET = 0.025, 0.1
"""Seconds between two looks at SQLite's change counter: at work, and after half an idle minute."""

PACE = 0.03
"""Seconds between the beginnings of two rounds: what comes meanwhile shares their transactions."""

LOCK = 0x11A5
"""The advisory lock of the leader on PostgreSQL."""


class Sequencer:
    """Threads that move facts, tick and follow until they are told to stop."""

    def __init__(self, send: Send, *, embedded: bool) -> None:
        self.send = send
        self.embedded = embedded
        self.stopping = threading.Event()
        self.news = [threading.Event() for _ in PROJECTIONS]
        self.threads: list[threading.Thread] = []
        self.held: IO[bytes] | Connection | None = None

    def start(self) -> None:
        """Start the threads; they wait for the leader's place."""
        self._thread("sequencer", self._lead)
        for projection, news in zip(PROJECTIONS, self.news, strict=True):
            self._thread(f"follower {projection.name}", partial(self._follow, projection, news))

    def stop(self) -> None:
        """Ask the threads to finish what they hold, and wait for them."""
        self.stopping.set()
        for news in self.news:
            news.set()
        for thread in self.threads:
            thread.join(timeout=10)

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _lead(self) -> None:
        engine = db.engine()
        while not self.stopping.is_set():
            try:
                if self._elected(engine):
                    self._run(engine)
            except (SQLAlchemyError, psycopg.Error):
                logger.exception("The database is away; trying again.")
                self._let_go()
                self.stopping.wait(1)

    def _let_go(self) -> None:
        """Leave the leader's place; a lock must not go back to the pool with its connection."""
        if isinstance(self.held, Connection):
            self.held.invalidate()
        if self.held is not None:
            self.held.close()
        self.held = None

    def _elected(self, engine: Engine) -> bool:
        """Take the leader's place, or wait a little: it saves work, the head's row is the fence."""
        if engine.dialect.name == "sqlite":
            gate = Path(f"{engine.url.database}.leader").open("wb")  # noqa: SIM115 - held for life
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                gate.close()
                self.stopping.wait(0.5)
                return False
            self.held = gate
            return True
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            self.held = connection
            return True
        connection.close()
        self.stopping.wait(0.5)
        return False

    def _run(self, engine: Engine) -> None:
        with transaction() as session:
            schedule.begin(session)
            if self.embedded:
                deliveries.make_due(session)
        waiting = _waiting_on_sqlite if engine.dialect.name == "sqlite" else _waiting_on_postgresql
        with waiting(engine) as wait:
            woken, sweep = False, 0.0
            while not self.stopping.is_set():
                if time.monotonic() >= sweep:
                    sequencing.tick()
                    woken, sweep = False, time.monotonic() + SWEEP
                next_round = time.monotonic() + PACE
                done = sequencing.run_round(self.send, woken=woken)
                self._wake_followers(done)
                woken = False if done.full else wait(self.stopping, next_round)

    def _wake_followers(self, done: Round) -> None:
        """Wake the followers that read one of the facts; the others look when they sweep."""
        for projection, news in zip(PROJECTIONS, self.news, strict=True):
            if not projection.facts.isdisjoint(done.facts):
                news.set()

    def _follow(self, projection: Projection, news: threading.Event) -> None:
        woken = False
        while not self.stopping.is_set():
            try:
                while sequencing.follow(projection, woken=woken) >= projections.BATCH:
                    pass
            except (SQLAlchemyError, psycopg.Error):
                logger.exception("Projection %s waits for the database.", projection.name)
                self.stopping.wait(1)
            woken = news.wait(timeout=SWEEP)
            news.clear()


Wait = Callable[[threading.Event, float], bool]
"""Waits for facts in the outbox, and for the instant of the next round if there are some.

Tells whether there are, or only a sweep is due.
"""


@contextmanager
def _waiting_on_sqlite(engine: Engine) -> Iterator[Wait]:
    """Wake when another connection has left facts, seen by an idle connection of its own."""
    connection = engine.raw_connection()
    cursor = connection.cursor()
    seen, quiet_since = -1, time.monotonic()

    def ask(question: str) -> int:
        cursor.execute(question)
        (answer,) = cursor.fetchone() or (0,)
        return int(answer)

    def wait(stopping: threading.Event, next_round: float) -> bool:
        nonlocal seen, quiet_since
        until = time.monotonic() + SWEEP
        while time.monotonic() < until and not stopping.is_set():
            before, seen = seen, ask("PRAGMA data_version")
            if seen != before and ask("SELECT EXISTS (SELECT 1 FROM outbox)"):
                quiet_since = time.monotonic()
                stopping.wait(max(0.0, next_round - quiet_since))
                return True
            idle = time.monotonic() - quiet_since > 30  # noqa: PLR2004 - half a minute
            time.sleep(QUIET if idle else QUICK)
        return False

    with closing(connection), closing(cursor):
        yield wait


@contextmanager
def _waiting_on_postgresql(engine: Engine) -> Iterator[Wait]:
    """Wake when a transaction that wrote facts has committed."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("LISTEN lims_facts")

    def wait(stopping: threading.Event, next_round: float) -> bool:
        woken = any(True for _notice in connection.notifies(timeout=SWEEP, stop_after=1))
        if woken:
            stopping.wait(max(0.0, next_round - time.monotonic()))
            for _notice in connection.notifies(timeout=0):
                pass  # all that has come until now is one round
        return woken

    with closing(connection):
        yield wait


def main() -> None:
    """Run the sequencer as a process of its own, until it is told to stop."""
    logging.basicConfig(level=logging.INFO)
    deployment.begin(SETTINGS, ping=False)  # a lost connection shows; we try again
    memory.freeze()
    sequencer = Sequencer(send, embedded=False)
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    sequencer.start()
    done.wait()
    sequencer.stop()


if __name__ == "__main__":
    main()
