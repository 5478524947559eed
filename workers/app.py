"""What `dramatiq workers.app` loads. Embedded, the sequencer lives beside the actors."""

import multiprocessing
import os
import select
import signal
import threading
import time

import dramatiq

from lims import deployment
from lims.kernel import memory
from workers import actors
from workers.broker import BROKER, SETTINGS
from workers.sequencer import Sequencer

__all__ = ["actors"]

GRACE = 30.0
"""Seconds that an orphan is given to finish what it holds."""

deployment.begin(SETTINGS)


class EmbeddedSequencer(dramatiq.Middleware):
    """Start the sequencer when the worker has booted, after dramatiq's fork."""

    def __init__(self) -> None:
        self.sequencer = Sequencer(actors.send, embedded=True)

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin."""
        self.sequencer.start()

    def before_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Finish what is held."""
        self.sequencer.stop()


class OrphanWatch(dramatiq.Middleware):
    """End a worker process whose master, or whose `lims serve`, was killed: nobody else would."""

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin to watch, once everything is loaded."""
        memory.freeze()
        threading.Thread(target=_watch, name="orphan's watch", daemon=True).start()


def _watch() -> None:
    master = multiprocessing.parent_process()
    while (master is None or master.is_alive()) and not _launcher_gone():
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)  # its master was killed while it waited for us, and we wait for it for ever


def _launcher_gone() -> bool:
    pipe = SETTINGS.keeper_pipe
    return pipe is not None and bool(select.select([pipe], [], [], 0)[0])


BROKER.add_middleware(OrphanWatch())
if SETTINGS.embedded:
    BROKER.add_middleware(EmbeddedSequencer())
