"""The embedded deployment under one parent: waitress here, the worker as a child.

Both stop in order: the web finishes what runs, then dramatiq's master alone is told, because a
signal to the whole group would cut its workers' work.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from lims.config import ROOT, for_child
from lims.kernel import memory

GRACE = 20.0
"""Seconds that requests in flight are given at a stop."""

THREADS = 8
WORKER = (
    sys.executable,
    *("-m", "dramatiq", "workers.app"),
    *("--processes", "1", "--threads", "4"),
    *("--worker-shutdown-timeout", "25000"),
)


class Worker:
    """The worker as a child, started again with growing pauses when it dies."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, name="worker's keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """Tell dramatiq's master, and wait until it has finished."""
        self.stopping.set()
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        self.thread.join(timeout=30)

    def _keep(self) -> None:
        pause = 0.5
        while not self.stopping.is_set():
            begun = time.monotonic()
            self._run()
            lived = time.monotonic() - begun
            pause = 0.5 if lived > 60 else min(pause * 2, 30)  # noqa: PLR2004 - a minute is well
            self.stopping.wait(pause)

    def _run(self) -> None:
        """Run the worker until it ends; it holds one end of a pipe, and sees it close with us.

        A session of its own: Ctrl-C in a terminal reaches us, and we tell the master.
        """
        theirs, ours = os.pipe()
        self.child = subprocess.Popen(  # noqa: S603
            WORKER,
            cwd=ROOT,
            env=for_child(LIMS_KEEPER_PIPE=str(theirs)),
            pass_fds=(theirs,),
            start_new_session=True,
        )
        os.close(theirs)
        self.child.wait()
        os.close(ours)


class Web:
    """Waitress with a stop that lets running requests finish."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self.server: Any = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            channel_timeout=60,
            connection_limit=500,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            ident=None,
        )
        self.stopping = threading.Event()

    def run(self) -> None:
        """Serve until told to stop, then finish what runs."""
        while not self.stopping.is_set():
            self._step(0.5)
        self._close_doors()
        end = time.monotonic() + GRACE
        while self._busy() and time.monotonic() < end:
            self._step(0.1)
        self.server.task_dispatcher.shutdown(timeout=1)

    def _step(self, timeout: float) -> None:
        wasyncore.loop(
            timeout=timeout,
            map=self.server._map,  # noqa: SLF001 - waitress offers no other way to stop gently
            use_poll=self.server.adj.asyncore_use_poll,
            count=1,
        )

    def _close_doors(self) -> None:
        for door in list(self.server._map.values()):  # noqa: SLF001
            if getattr(door, "accepting", False):
                door.del_channel(self.server._map)  # noqa: SLF001
                door.socket.close()

    def _busy(self) -> bool:
        dispatcher = self.server.task_dispatcher
        channels = list(self.server._map.values())  # noqa: SLF001
        waiting = any(
            getattr(channel, "request", None)  # it is being received
            or getattr(channel, "requests", None)
            or getattr(channel, "total_outbufs_len", 0)
            for channel in channels
        )
        return bool(dispatcher.queue or dispatcher.active_count or waiting)


def serve(app: Flask, host: str, port: int, ready: Callable[[], None]) -> None:
    """Run web and worker until SIGTERM or SIGINT."""
    web, worker = Web(app, host, port), Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: web.stopping.set())
    worker.start()
    memory.settle()
    ready()
    web.run()
    worker.stop()
