"""A machine that wants its answer: the same request with the same key until it is accepted."""

import contextlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.centre import Centre

PATIENCE = 240.0
PAUSE = 0.2
HURRY = 0.05
"""How many requests in a hundred hang up before the answer and ask again at once: 5."""


class GaveUpError(Exception):
    """The centre did not accept a request in all that time, or said no to it."""


@dataclass
class Line:
    """Where the requests go, and what was seen of them by all clerks together."""

    port: int
    centre: Centre
    seen: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        """Count something."""
        with self.lock:
            self.seen[what] += 1

    def post(self, path: str, body: Any, by: str, chance: random.Random) -> Any:
        """Have something done, once, however often it has to be asked for."""
        key = str(uuid4())
        said = json.dumps(body)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if chance.random() < HURRY:
                self._hang_up(path, said, by, key)
            answer = self._asked("POST", path, said, by, key)
            if answer is not None:
                self.note("accepted")
                return answer
            self.note("asked again")
            time.sleep(PAUSE)
        raise GaveUpError(f"{path} was not accepted in {PATIENCE:.0f} s")

    def get(self, path: str, by: str) -> Any:
        """Look at something; None while nobody answers."""
        return self._asked("GET", path, None, by, "")

    def _asked(self, method: str, path: str, body: str | None, by: str, key: str) -> Any:
        """Return the answer; None when it has to be asked again."""
        try:
            status, said = self._sent(method, path, body, by, key)
        except (OSError, http.client.HTTPException):
            return None
        if status < 300:
            return json.loads(said)
        if status >= 500 or '"conflict"' in said:
            self.note(f"answered {status}")
            return None
        with self.lock:
            self.refused.append(f"{method} {path}: {status} {said}")
        raise GaveUpError(f"{path}: {status}")

    def _sent(self, method: str, path: str, body: str | None, by: str, key: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, f"/api/v1{path}", body, self._head(by, key))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def _hang_up(self, path: str, body: str, by: str, key: str) -> None:
        """Send a request and do not wait for what comes of it."""
        self.note("hung up")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(connection),
        ):
            connection.request("POST", f"/api/v1{path}", body, self._head(by, key))

    def _head(self, by: str, key: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.centre.hands[by].token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
