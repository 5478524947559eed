"""Our processes under one parent: the web by waitress, and embedded the worker as a child.

Both stop in order: the web finishes what runs, then dramatiq's master alone is told, because a
signal to the whole group would cut its workers' work.
"""

import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from lims.config import ROOT, for_child
from lims.kernel import db, memory

logger = logging.getLogger(__name__)

GRACE = 20.0
"""Seconds that requests in flight are given at a stop."""

BACKLOG = 1024
THREADS = 8
"""Enough for one process: clients that are slow to send or to read take no thread."""

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
    """Waitress on a socket that listens, with a stop that lets running requests finish."""

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        self.channels: dict[int, Any] = {}
        """What waitress' loop looks after, by file descriptor; ours, so that we can end it."""
        self.server: Any = create_server(
            app,
            map=self.channels,
            sockets=[listener],
            backlog=BACKLOG,
            threads=THREADS,
            channel_timeout=60,
            connection_limit=500,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            clear_untrusted_proxy_headers=False,  # the application reads them, as it is set
            ident=None,
        )
        self.stopping = threading.Event()

    def run(self) -> None:
        """Serve until told to stop or left by the parent, then finish what runs."""
        parent = multiprocessing.parent_process()
        while not self.stopping.is_set() and (parent is None or parent.is_alive()):
            self._step(0.5)
        self._close_door()
        end = time.monotonic() + GRACE
        while self._busy() and time.monotonic() < end:
            self._step(0.1)
        self.server.task_dispatcher.shutdown(timeout=1)

    def _step(self, timeout: float) -> None:
        poll = self.server.adj.asyncore_use_poll
        wasyncore.loop(timeout=timeout, map=self.channels, use_poll=poll, count=1)

    def _close_door(self) -> None:
        self.server.del_channel(self.channels)
        self.server.socket.close()

    def _busy(self) -> bool:
        dispatcher = self.server.task_dispatcher
        return bool(dispatcher.queue or dispatcher.active_count) or any(
            channel.request  # it is being received
            or channel.requests
            or channel.total_outbufs_len
            for channel in self.server.active_channels.values()
        )


class WebProcesses:
    """Several processes that serve one socket; one that dies is started again.

    They are forked from a parent that has loaded everything and runs no thread: they share its
    memory, and take turns at the socket as they are idle.
    """

    def __init__(self, app: Flask, listener: socket.socket, count: int) -> None:
        self.app = app
        self.listener = listener
        self.count = count
        self.stopping = threading.Event()
        self.children: list[ForkProcess] = []

    def run(self) -> None:
        """Keep them running until told to stop, then let all of them finish."""
        db.disconnect()
        self.children = [self._started() for _ in range(self.count)]
        while not self.stopping.is_set():
            wait([child.sentinel for child in self.children], timeout=0.5)
            self._replace_dead()
        self.listener.close()
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.join(GRACE + 5)

    def _started(self) -> ForkProcess:
        child = multiprocessing.get_context("fork").Process(target=self._serve, name="web")
        child.start()
        return child

    def _replace_dead(self) -> None:
        for rank, child in enumerate(self.children):
            if not child.is_alive() and not self.stopping.wait(0.5):  # not faster than this
                logger.error("A web process ended with %s; starting another.", child.exitcode)
                self.children[rank] = self._started()

    def _serve(self) -> None:
        web = Web(self.app, self.listener)
        _stop_by_signal(web.stopping)
        web.run()


def listen(host: str, port: int) -> socket.socket:
    """Open the door; an OSError says that somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def serve(app: Flask, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Run web and worker until SIGTERM or SIGINT: the embedded deployment."""
    web, worker = Web(app, listener), Worker()
    _stop_by_signal(web.stopping)
    worker.start()
    memory.freeze()
    ready()
    web.run()
    worker.stop()


def serve_web(
    app: Flask, listener: socket.socket, processes: int, ready: Callable[[], None]
) -> None:
    """Run the web alone until SIGTERM or SIGINT, in so many processes: scaled out."""
    web = WebProcesses(app, listener, processes)
    _stop_by_signal(web.stopping)
    memory.freeze()
    ready()
    web.run()


def _stop_by_signal(stopping: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
