"""A provider of messages on loopback, which takes letters and answers badly when it is told to."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Literal

from tokui_contracts.loopback import Handler, Loopback

Fault = Literal["kill", "lost", "reset", "timeout", "5xx", "429"]
FAULTS: tuple[Fault, ...] = ("kill", "lost", "reset", "timeout", "5xx", "429")

TIMEOUT_S = 0.3
"""What the clients have for an answer."""


class Provider:
    """
    Takes letters; a key that it knows is answered with 409, and nothing is taken.

    Attributes:
        delivered: How often each address got a letter.
        faults: What goes wrong, and how often of a hundred.
        kill: Ends the client at once.
        calls: When each call began, with its addresses; wall clock.
    """

    def __init__(self, seed: int = 0, faults: tuple[Fault, ...] = (), per_cent: int = 0) -> None:
        self.delivered: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.faults = faults
        self.per_cent = per_cent
        self.kill: Callable[[], None] = lambda: None
        self.dead: set[str] = set()
        self.calls: list[tuple[float, list[str]]] = []
        self.lock = threading.Lock()
        self._keys: set[str] = set()
        self._rng = random.Random(seed)
        self._server = Loopback(_Handler, self)
        self._server.start()
        self.url = self._server.url

    def close(self) -> None:
        self._server.stop()

    def fault(self) -> Fault | None:
        """What goes wrong with the call that just came."""
        with self.lock:
            if not self.faults or self._rng.randrange(100) >= self.per_cent:
                return None
            fault = self._rng.choice(self.faults)
            self.met[fault] += 1
            return fault

    def take(self, key: str | None, addresses: list[str]) -> bool:
        """Deliver a letter, unless its key is known."""
        with self.lock:
            if key in self._keys:
                return False
            if key:
                self._keys.add(key)
            self.delivered.update(each for each in addresses if each not in self.dead)
            return True


class _Handler(Handler):
    server: Loopback[Provider]

    def do_POST(self) -> None:
        began = time.time()
        body = json.loads(self.body())
        provider = self.server.vendor
        with provider.lock:
            provider.calls.append((began, body["to"]))
        match provider.fault():
            case "reset":
                self.reset()
            case "5xx":
                self._answer(503)
            case "429":
                self._answer(429, **{"Retry-After": "0"})
            case fault:
                self._take(body["to"], fault)

    def _take(self, addresses: list[str], fault: Fault | None) -> None:
        provider = self.server.vendor
        taken = provider.take(self.headers["X-Key"], addresses)
        if fault == "kill":
            provider.kill()
        elif fault == "timeout":
            time.sleep(4 * TIMEOUT_S)
        if fault:
            self.reset()
        elif taken:
            self._answer(200, {"refused": [each for each in addresses if each in provider.dead]})
        else:
            self._answer(409)

    def _answer(self, status: int, body: object = None, **headers: str) -> None:
        self.answer(status, json.dumps(body or {}).encode(), headers)
