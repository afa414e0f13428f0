"""Where the reading of a maildir stands, and which addresses failed for a time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, cast

from tokui.connector import Cursor

OVERLAP_US = 300_000_000
"""A mail becomes visible a little after its time; so far back is looked for those that did."""

MOST_SEEN = 500
_DAY_US = 86_400_000_000


class Failure(NamedTuple):
    """A message that failed for a time, by the mail that says so."""

    at_us: int
    name: str
    key: str


class Progress:
    """
    The cursor of a maildir.

    Attributes:
        at_us: The latest mail read.
    """

    def __init__(self, cursor: Cursor | None, window: timedelta) -> None:
        held: Any = cursor or {}
        self._window_us = window.days * _DAY_US
        self.at_us = int(held.get("at_us", 0))
        self._seen: dict[str, tuple[int, str]] = {
            name: (at_us, mark) for name, at_us, mark in held.get("seen", ())
        }
        self._failures: dict[str, list[Failure]] = {
            address: [Failure(*each) for each in failures]
            for address, failures in held.get("failures", {}).items()
        }

    def is_new(self, at_us: int, name: str, mark: str) -> bool:
        """Whether a mail was not read yet, as it is now."""
        return at_us >= self.at_us - OVERLAP_US and self._seen.get(name) != (at_us, mark)

    def passed(self, at_us: int, name: str, mark: str) -> None:
        """A mail was read."""
        self.at_us = max(self.at_us, at_us)
        self._seen[name] = (at_us, mark)

    def failed(self, address: str, failure: Failure) -> Sequence[int]:
        """Note a failure; when other messages to that address failed before it, in the window."""
        told = self._failures.setdefault(address, [])
        others = {
            each.key: each.at_us
            for each in told
            if each[:2] < failure[:2]
            and each.key != failure.key
            and each.at_us > failure.at_us - self._window_us
        }
        if failure not in told:
            told.append(failure)
        return sorted(others.values())

    def cursor(self) -> Cursor:
        """As it is stored: only what may still matter."""
        oldest_us = self.at_us - OVERLAP_US
        seen = [(name, *rest) for name, rest in self._seen.items() if rest[0] >= oldest_us]
        failures = {
            address: kept
            for address, told in self._failures.items()
            if (kept := [list(f) for f in told if f.at_us > oldest_us - self._window_us])
        }
        return cast(
            "Cursor",
            {
                "at_us": self.at_us,
                "seen": [list(each) for each in seen[-MOST_SEEN:]],
                "failures": failures,
            },
        )
