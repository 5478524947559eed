"""Dramatiq's Redis broker with consumers that sleep until a message is announced.

Dramatiq's own consumers ask again and again. Every 20 ms that costs 5 to 9 % of a core for each
idle process; every second it lets a reaction wait for half of one.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import dramatiq
import redis
from dramatiq.broker import Broker, Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker

SWEEP = 1.0
"""Seconds after which a queue is looked at, announced or not; the look is the heartbeat too."""

AT_ONCE = 1
"""Milliseconds that dramatiq's own consumer waits when it finds nothing: the waiting is ours."""


class Announcements(dramatiq.Middleware):
    """Publish what is queued, and wake this process' consumers when something is."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        database = client.get_connection_kwargs().get("db", 0)
        self.channel = f"lims:queued:{database}"  # Redis parts its keys by database, not these
        self.wakeups: defaultdict[str, threading.Event] = defaultdict(threading.Event)

    def after_enqueue(
        self, _broker: Broker, message: dramatiq.Message[Any], _delay: int | None
    ) -> None:
        """Publish that there is a message."""
        self.client.publish(self.channel, message.queue_name)

    def after_worker_boot(self, _broker: Broker, _worker: dramatiq.Worker) -> None:
        """Begin to listen, after dramatiq's fork."""
        threading.Thread(target=self._listen, name="announcements", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._wake_consumers()
            except redis.RedisError:
                time.sleep(SWEEP)  # the consumers find out themselves; until then they sweep

    def _wake_consumers(self) -> None:
        with self.client.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(self.channel)
            for announcement in subscription.listen():
                self.wakeups[announcement["data"].decode()].set()


class PromptConsumer(Consumer):
    """Asks Redis when a message was announced or room was made for one, and else seldom."""

    def __init__(self, consumer: Any, wakeup: threading.Event) -> None:  # noqa: ANN401 - a private class
        self.consumer = consumer
        self.wakeup = wakeup
        self.idle = self.full = False

    def __next__(self) -> MessageProxy | None:
        """Return the next message, or None when there was none until the sweep."""
        if self.idle:
            self.wakeup.wait(SWEEP)
        self.wakeup.clear()  # before the look: what is announced during it is looked for again
        message: MessageProxy | None = next(self.consumer)
        self.idle = message is None
        self.full = self.idle and self._outstanding() >= self.consumer.prefetch
        return message

    def ack(self, message: MessageProxy) -> None:
        """Tell Redis that a message is done."""
        self.consumer.ack(message)
        self._make_room()

    def nack(self, message: MessageProxy) -> None:
        """Tell Redis that a message has failed for good."""
        self.consumer.nack(message)
        self._make_room()

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Give back what was fetched and not begun."""
        self.consumer.requeue(messages)

    def close(self) -> None:
        """Let go of the connection."""
        self.consumer.close()

    def _outstanding(self) -> int:
        return int(self.consumer.outstanding_message_count)

    def _make_room(self) -> None:
        if self.full and self._outstanding() <= self.consumer.prefetch // 2:
            self.wakeup.set()


class PromptRedisBroker(RedisBroker):
    """The Redis broker of the scaled-out deployment."""

    def __init__(self, url: str) -> None:
        super().__init__(url=url, heartbeat_timeout=15_000, maintenance_chance=100_000)
        self.announcements = Announcements(self.client)
        self.add_middleware(self.announcements)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = AT_ONCE) -> Consumer:
        """Consume a queue, waking when a message is announced."""
        del timeout
        consumer = super().consume(queue_name, prefetch, AT_ONCE)
        return PromptConsumer(consumer, self.announcements.wakeups[queue_name])
