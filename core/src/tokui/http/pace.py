"""How fast requests may leave."""

from collections.abc import Callable
from threading import Lock


class Pace:
    """
    Spaces requests out, whichever thread sends them.

    Args:
        rate_per_s: Requests in a second; None for as many as there are.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(self, rate_per_s: float | None, clock: Callable[[], float]) -> None:
        self._rate = rate_per_s
        self._clock = clock
        self._lock = Lock()
        self._next = 0.0

    def reserve(self) -> float:
        """Take the next moment at which a request may leave; seconds until then."""
        if self._rate is None:
            return 0.0
        with self._lock:
            now = self._clock()
            slot = max(now, self._next)
            self._next = slot + 1 / self._rate
        return slot - now
