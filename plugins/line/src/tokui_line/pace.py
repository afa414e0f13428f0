"""Keeps below LINE's limits: so many calls of one endpoint within any second."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from tokui.connector import Context

from tokui_line import limits

SECOND = timedelta(seconds=1)


class Pace:
    """One endpoint's calls of the last second; shared by all threads of a connection."""

    def __init__(self, rate: int, ctx: Context) -> None:
        self._calls: deque[datetime] = deque(maxlen=rate)
        self._ctx = ctx
        self._lock = Lock()

    def wait(self) -> None:
        """
        Reserve the next moment at which a call may leave, and wait for it.

        Raises:
            Stopped: The run ends.
        """
        with self._lock:
            now = self._ctx.now()
            full = len(self._calls) == self._calls.maxlen
            start = max(now, self._calls[0] + SECOND) if full else now
            self._calls.append(start)
        pause = min(start - now, SECOND)  # a clock that was set back must not stop the shop
        if pause > timedelta():
            self._ctx.stop.wait(pause / SECOND, "LINE's rate limit")


class Paces:
    """The pace of every endpoint, by its name."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._paces: dict[str, Pace] = {}
        self._lock = Lock()

    def wait(self, endpoint: str) -> None:
        """Wait for one endpoint's turn."""
        with self._lock:
            rate = limits.RATES.get(endpoint, limits.CALLS_PER_S)
            pace = self._paces.setdefault(endpoint, Pace(rate, self._ctx))
        pace.wait()
