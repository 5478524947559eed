"""What `dramatiq workers.app` loads. Embedded, the sequencer lives beside the actors."""

import dramatiq

from lims.kernel import centre, db
from workers import actors
from workers.broker import BROKER, SETTINGS
from workers.sequencer import Sequencer

__all__ = ["actors"]

db.connect(SETTINGS.database_url)
centre.configure(SETTINGS.public_url)


class Beside(dramatiq.Middleware):
    """Start the sequencer when the worker has booted, after dramatiq's fork."""

    def __init__(self) -> None:
        self.sequencer = Sequencer(actors.send, embedded=True)

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin."""
        self.sequencer.start()

    def before_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Finish what is held."""
        self.sequencer.stop()


if SETTINGS.embedded:
    BROKER.add_middleware(Beside())
