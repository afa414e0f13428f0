"""What the core lends to a connector, as a test double: real HTTP, a still clock, no sleeping."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tokui.connector import Context, Stop
from tokui.errors import Stopped
from tokui.http import Http, HttpSettings

NOON = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
"""Noon in Japan on 2026-10-01: what `context` takes for now."""


@dataclass
class Waits(Stop):
    """
    A stop that does not sleep: it writes down each wait, and ends the run when told to.

    Attributes:
        waits: Seconds and reason of each wait, in order.
        stopped: Set it to end the run at the next check or wait.
        stop_at: Ends the run at the wait of this number, counted from 1.
    """

    waits: list[tuple[float, str]] = field(default_factory=list)
    stopped: bool = False
    stop_at: int | None = None

    def check(self) -> None:
        """Go on, or raise `Stopped`."""
        if self.stopped:
            raise Stopped("asked to stop")

    def wait(self, seconds: float, why: str) -> None:
        """Note the wait; pass no time."""
        self.waits.append((seconds, why))
        self.stopped = self.stopped or len(self.waits) == self.stop_at
        self.check()


def context(
    name: str = "shop",
    *,
    now: datetime | Callable[[], datetime] = NOON,
    seed: int = 0,
    http_limits: HttpSettings | None = None,
    stop: Stop | None = None,
) -> Context:
    """
    Lend a connector what the core lends it.

    Requests go through real httpx, so that respx or a server on loopback can answer. Unless
    `http_limits` says otherwise, private addresses are allowed and one try has 5 seconds. Pass a
    `Waits` of your own as `stop` to read the waits afterwards.
    """
    tell = now if callable(now) else lambda: now
    limits = http_limits or HttpSettings(allow_private=True, timeout_s=5)
    stop = stop or Waits()
    rng = random.Random(seed)
    http = Http(name, limits, stop=stop, now=tell, rng=rng)
    return Context(http=http, now=tell, rng=rng, log=logging.getLogger(f"tokui.{name}"), stop=stop)
