"""The real processes of both deployments, each on data of its own: for tests, bench and chaos.

Embedded is what `lims serve` starts. Scaled out is what the Procfile says, line by line, so that
whatever runs here is what an operator runs.
"""

import contextlib
import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import IO
from uuid import uuid4
from zlib import crc32

import psutil
import psycopg
import redis

from lims.config import ROOT
from lims.migrating import upgrade
from tests import servers

BIN = Path(sys.executable).parent
EMBEDDED, SCALED = "embedded", "scaled"
UNREACHABLE = "redis://127.0.0.1:9/15"
"""Where no Redis answers: the discard port."""

PATIENCE = 60.0


@dataclass(frozen=True)
class Place:
    """Where a deployment keeps its data, and the settings that lead there."""

    folder: Path
    database_url: str
    port: int
    broker_url: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes, without any setting of this machine's own."""
        kept = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - handed on to children
            if not name.startswith(("LIMS_", "dramatiq_", "PYTHON"))
        }
        ours = {
            "LIMS_DATA_DIR": str(self.folder),
            "LIMS_DATABASE_URL": self.database_url,
            "LIMS_SECRET_KEY": "x" * 40,
            "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        return kept | ours | ({"LIMS_BROKER_URL": self.broker_url} if self.broker_url else {})

    def lims(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Give a `lims` command there."""
        return subprocess.run(
            [BIN / "lims", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@dataclass
class Running:
    """A deployment's programs by name; each leads a process group of its own."""

    place: Place
    kind: str
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    """What one program alone is told otherwise."""

    @property
    def programs(self) -> dict[str, str]:
        """Return the command of each program."""
        if self.kind == EMBEDDED:
            return {"web": f"lims serve --port {self.place.port}"}
        lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
        named = (line.partition(":") for line in lines if line.strip())
        return {name: command.strip() for name, _, command in named}

    def start(self, *names: str) -> None:
        """Start programs; all of them when none is named."""
        for name in names or self.programs:
            with (self.place.folder / f"{name}.log").open("ab") as log:
                self.children[name] = subprocess.Popen(
                    ["/bin/sh", "-c", f"exec {self.programs[name]}"],
                    cwd=ROOT,
                    env=self.place.environment | self.settings.get(name, {}),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def processes(self, name: str) -> list[psutil.Process]:
        """List the living processes of a program, its first one first."""
        if self.kind == EMBEDDED and name == "worker":
            return _family(self.children["web"].pid)[1:]
        mine = _family(self.children[name].pid)
        return mine[:1] if self.kind == EMBEDDED else mine

    def every_process(self) -> list[psutil.Process]:
        """List the living processes of all programs."""
        return [process for child in self.children.values() for process in _family(child.pid)]

    def stop(self, *names: str) -> None:
        """Ask programs to finish, the web first, and wait until they have."""
        for name in names or tuple(self.children):
            child = self.children.pop(name)
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(PATIENCE)
            finally:
                sweep(child.pid)

    def end(self) -> None:
        """Leave nothing behind, however it went."""
        for child in self.children.values():
            members = _family(child.pid)
            for one in members:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            child.wait()
            sweep(child.pid)
        self.children.clear()
        for stray in strays(self.place):
            with contextlib.suppress(psutil.NoSuchProcess):
                stray.kill()

    def wait_until_ready(self) -> None:
        """Wait until the web answers."""
        try:
            until(self._answers, "the web to answer")
        except TimeoutError as late:
            raise TimeoutError(f"{late}\n{tail(self.log('web'))}") from late

    def _answers(self) -> bool:
        code = self.children["web"].poll()
        if code is not None:
            raise AssertionError(f"the web ended with {code}\n{tail(self.log('web'))}")
        return get(self.place.port, "/readyz") == 200

    def log(self, name: str) -> str:
        """Return what a program has written."""
        path = self.place.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def sweep(group: int) -> None:
    """Kill what is left of a program's group, as a service manager does."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def strays(place: Place) -> list[psutil.Process]:
    """List whatever still works on a place's data."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.environ().get("LIMS_DATA_DIR") == str(place.folder):
                found.append(one)
    return found


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def placed(folder: Path, kind: str, *, name: str = "test") -> Iterator[Place]:
    """Give a migrated database of its own, and drop it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == EMBEDDED:
        place = Place(folder, f"sqlite:///{folder / 'lims.db'}", free_port())
        upgrade(place.database_url)
        yield place
        return
    with postgres_database(name) as url, redis_database() as broker:
        upgrade(url)
        yield Place(folder, url, free_port(), broker)


@contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """Make a PostgreSQL database, and drop it whoever is still in it."""
    server = servers.postgres_url()
    assert server, "no PostgreSQL answers"
    base = f"lims_{name}_{uuid4().hex[:8]}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{base}"')
        try:
            yield f"{server.rpartition('/')[0]}/{base}"
        finally:
            connection.execute(f'DROP DATABASE "{base}" WITH (FORCE)')


@contextmanager
def redis_database() -> Iterator[str]:
    """Take a database of Redis for oneself, empty, or wait until one is given back.

    The lock of a file holds until its process ends, however it ends: whoever tests on this
    machine at the same time empties another database.
    """
    urls = servers.redis_urls()
    assert urls, "no Redis answers"
    locks = [Path(gettempdir()) / f"lims-tests-{crc32(url.encode()):x}.lock" for url in urls]
    with ExitStack() as stack:
        files = [stack.enter_context(lock.open("a")) for lock in locks]
        index = _lock_one(files)
        empty_redis(urls[index])
        yield urls[index]
        empty_redis(urls[index])


def _lock_one(files: list[IO[str]]) -> int:
    while True:
        for index, file in enumerate(files):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return index
        time.sleep(0.1)


def empty_redis(url: str) -> None:
    """Forget every message, as an emptied Redis would."""
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()


def lacking(kind: str) -> str | None:
    """Say which server a deployment would need that does not answer."""
    if kind == SCALED and servers.postgres_url() is None:
        return "PostgreSQL does not answer"
    if kind == SCALED and not servers.redis_urls():
        return "Redis does not answer"
    return None


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str, head: Mapping[str, str] | None = None) -> int:
    """Return the status of a page, 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=head or {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def until(true: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Wait until something holds; say what did not, when it takes too long."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


def tail(text: str, lines: int = 15) -> str:
    """Return the end of a log, without its empty lines."""
    return "\n".join(re.sub(r"\n+", "\n", text).splitlines()[-lines:])
