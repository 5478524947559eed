"""Consumers of the scaled-out broker sleep, and wake when there is something to do."""

import threading
import time
from collections.abc import Iterator

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker

from tests import deployments, servers
from workers.redis_broker import SWEEP, Announcements, PromptRedisBroker

pytestmark = [
    pytest.mark.skipif(not servers.redis_urls(), reason="Redis does not answer"),
]

AT_ONCE, LONGEST = SWEEP * 0.9, SWEEP * 10
QUEUE = "test"


@pytest.fixture
def broker() -> Iterator[PromptRedisBroker]:
    """A broker that listens, as in a worker."""
    with deployments.redis_database() as url:
        made = PromptRedisBroker(url)
        made.declare_queue(QUEUE)
        made.emit_after("worker_boot", None)
        deployments.until(lambda: listens(made.announcements), "the listener")
        yield made


def listens(announcements: Announcements) -> bool:
    """Tell whether this process hears what it publishes."""
    announcements.client.publish(announcements.channel, "probe")
    return announcements.wakeups["probe"].wait(0.1)


def message() -> dramatiq.Message:
    return dramatiq.Message(QUEUE, "fast", ("handler", [1]), {}, {})


def asleep(consumer) -> None:
    """Let a consumer find nothing, so that it sleeps before it looks again."""
    while next(consumer) is not None:
        pass


def seconds_until_next(consumer, since: float) -> float:
    while next(consumer) is None and time.monotonic() < since + LONGEST:
        pass
    return time.monotonic() - since


def test_a_sleeping_consumer_wakes_when_a_message_is_queued(broker):
    consumer = broker.consume(QUEUE, prefetch=8)
    asleep(consumer)

    begun = time.monotonic()
    threading.Timer(0.1, lambda: broker.enqueue(message())).start()

    assert 0.1 <= seconds_until_next(consumer, begun) < AT_ONCE


def test_a_message_that_nobody_announced_is_found_by_the_sweep(broker):
    consumer = broker.consume(QUEUE, prefetch=8)
    asleep(consumer)

    begun = time.monotonic()
    RedisBroker(client=broker.client, middleware=[]).enqueue(message())

    assert AT_ONCE < seconds_until_next(consumer, begun) < LONGEST


def test_a_consumer_that_holds_all_it_may_goes_on_as_soon_as_there_is_room(broker):
    consumer = broker.consume(QUEUE, prefetch=2)
    for _ in range(3):
        broker.enqueue(message())
    held = [next(consumer), next(consumer)]
    asleep(consumer)

    begun = time.monotonic()
    consumer.ack(held[0])

    assert seconds_until_next(consumer, begun) < AT_ONCE
