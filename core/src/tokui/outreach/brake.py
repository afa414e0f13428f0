"""When a connection's next calls may begin, by what its provider said to the last ones."""

import time
from collections.abc import Sequence
from random import Random

from tokui.errors import (
    AuthError,
    ConfigError,
    QuotaExceeded,
    RateLimited,
    RetryableError,
    TokuiError,
)
from tokui.outreach.settle import Result

AT_ONCE_S = 0.3
"""Calls of so many seconds may begin together, where there is a limit for a second."""

QUOTA_PAUSE_S, AUTH_PAUSE_S = 3600.0, 900.0
"""How long a connection rests where nobody says when to look again."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
PATIENCE = 5
"""So many times in a row nobody may answer, before a run that is to end gives up."""


class Brake:
    """
    Holds a connection back.

    Args:
        rate_per_s: So many calls a second; None means no limit.
        rng: For jitter.
        patient: It rests for as long as it takes; else what is longer than a minute is the end.

    Attributes:
        error: The last one, as long as no call went well after it.
        over: It gives up.
    """

    def __init__(self, rate_per_s: float | None, rng: Random, *, patient: bool) -> None:
        self.error: TokuiError | None = None
        self.over = False
        self._rate = rate_per_s
        self._burst = max(1.0, (rate_per_s or 0) * AT_ONCE_S)
        self._left, self._counted_at = self._burst, time.monotonic()
        self._patient = patient
        self._rng = rng
        self._until = 0.0
        self._failures = 0

    @property
    def wait_s(self) -> float:
        """Seconds until it may go on."""
        short = 0.0 if self._rate is None else (1 - self._refilled()) / self._rate
        return max(self._until - time.monotonic(), short, 0.0)

    def room(self, free: int) -> int:
        """How many calls may begin now, of so many that could."""
        if self.over or self.wait_s > 0:
            return 0
        return free if self._rate is None else min(free, int(self._refilled()))

    def begun(self, calls: int) -> None:
        """So many calls begin."""
        if self._rate is not None:
            self._left, self._counted_at = self._refilled() - calls, time.monotonic()

    def hear(self, results: Sequence[Result]) -> None:
        """Take in what came of calls."""
        errors = [each.error for each in results if isinstance(each.error, TokuiError)]
        if any(each.begun and each.error is None for each in results):
            self._failures, self.error = 0, None
        elif any(_is_silent(error) for error in errors):
            self._failures += 1
        for error in errors:
            self._pause(self._asked_s(error), error)

    def refused(self, error: TokuiError) -> None:
        """Take in that no call could be made."""
        self._failures += 1
        self._pause(self._asked_s(error) or FIRST_PAUSE_S, error)

    def _asked_s(self, error: TokuiError) -> float:
        """How long everybody rests for an error of one."""
        if isinstance(error, AuthError | ConfigError):
            return AUTH_PAUSE_S
        if isinstance(error, RateLimited):
            unsaid = QUOTA_PAUSE_S if isinstance(error, QuotaExceeded) else FIRST_PAUSE_S
            return unsaid if error.retry_after_s is None else error.retry_after_s
        if _is_silent(error) and self._failures > 1:
            longest: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self._failures - 2, 10))
            return longest * self._rng.uniform(0.5, 1)
        return 0.0

    def _pause(self, seconds: float, error: TokuiError) -> None:
        self.error = error
        if seconds:
            self._until = max(self._until, time.monotonic() + seconds)
        is_long = seconds > LONGEST_PAUSE_S or self._failures >= PATIENCE
        self.over = self.over or (is_long and not self._patient)

    def _refilled(self) -> float:
        gained = (time.monotonic() - self._counted_at) * (self._rate or 0)
        return min(self._burst, self._left + gained)


def _is_silent(error: TokuiError) -> bool:
    return isinstance(error, RetryableError) and not isinstance(error, RateLimited)
