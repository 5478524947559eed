"""What goes wrong: kill -9 of any process at any moment, a Redis that forgets."""

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

import psutil

from tests import deployments
from tests.deployments import EMBEDDED, Running

PAUSE = 0.3, 4.0
"""Seconds between two kills."""

FLUSHED = 6
"""Redis forgets everything at one kill in so many."""

VICTIMS = {
    EMBEDDED: ("web", "worker"),
    deployments.SCALED: ("web", "sequencer", "worker"),
}


class Killer:
    """Kills one process after the other, and empties Redis now and then."""

    def __init__(self, running: Running, seed: int, say: Callable[[str], None]) -> None:
        self.running, self.say = running, say
        self.chance = random.Random(seed)  # noqa: S311 - the same order of kills again
        self.killed: Counter[str] = Counter()
        self.emptied = 0

    def kill(self, times: int) -> None:
        """Do it so many times."""
        while self.killed.total() < times:
            time.sleep(self.chance.uniform(*PAUSE))
            name = self.chance.choice(VICTIMS[self.running.kind])
            if self.chance.randrange(3):  # two of three while somebody is being served
                with contextlib.suppress(TimeoutError, AssertionError):
                    self.running.wait_until_ready()
            if self._one(name):
                self.killed[name] += 1
            if self.running.place.broker_url and not self.chance.randrange(FLUSHED):
                deployments.empty_redis(self.running.place.broker_url)
                self.emptied += 1

    def _one(self, name: str) -> bool:
        """Kill one process of a program: its first, or one that it has forked."""
        living = self.running.processes(name)
        if not living:  # it is being started again
            return False
        victim = self.chance.choice(living)
        self.say(f"  kill -9 {name}, process {living.index(victim) + 1} of {len(living)}")
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.kill()
        return True


class Manager:
    """Starts again whatever program ends, as the machine's service manager does."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="service manager")

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.done.wait(0.2):
            for name, child in list(self.running.children.items()):
                if child.poll() is not None:
                    deployments.sweep(child.pid)
                    self.running.start(name)
