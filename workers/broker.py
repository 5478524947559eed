"""The broker. Import this before any handler.

Embedded, dramatiq's in-memory broker is a queue in front of threads; what is owed stands in the
deliveries table, so that nothing is lost with the process (docs/decisions).
"""

from dramatiq import Broker, set_broker
from dramatiq.brokers.stub import StubBroker

from lims.config import Settings
from workers.redis_broker import PromptRedisBroker


def make(settings: Settings) -> Broker:
    """Make the broker of the deployment."""
    if settings.broker_url is None:
        return StubBroker()
    return PromptRedisBroker(settings.broker_url)


SETTINGS = Settings.from_env()
BROKER = make(SETTINGS)
set_broker(BROKER)
