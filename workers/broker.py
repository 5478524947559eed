"""The broker. Import this before any handler.

Embedded, dramatiq's in-memory broker is a queue in front of threads; what is owed stands in the
deliveries table, so that nothing is lost with the process (docs/decisions).
"""

from dramatiq import Broker, set_broker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker

from lims.config import Settings


def make(settings: Settings) -> Broker:
    """Make the broker of the deployment."""
    if settings.broker_url is None:
        return StubBroker()
    return RedisBroker(
        url=settings.broker_url, heartbeat_timeout=15_000, maintenance_chance=100_000
    )


SETTINGS = Settings.from_env()
BROKER = make(SETTINGS)
set_broker(BROKER)
