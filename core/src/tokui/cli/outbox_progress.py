"""An outbox run on the operator's screen: a line now and then, on stderr."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from tokui.cli.output import console, note
from tokui.outreach.progress import STATES, Progress

EVERY_S = 30.0
ON_TERMINAL_S = 5.0


@contextmanager
def watching() -> Iterator[Progress]:
    """Show a run: more often to somebody who looks."""
    yield Lines(ON_TERMINAL_S if console(err=True).is_terminal else EVERY_S)


class Lines(Progress):
    """A line every so many seconds, for each connection that moved or waits."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._lock = Lock()
        self._said: dict[str, float] = {}
        self._began = time.monotonic()

    def moved(self, connection: str, counts: Mapping[str, int]) -> None:
        """Say how far it is."""
        figures = ", ".join(f"{counts[name]:,} {name}" for name in STATES if counts.get(name))
        self._say(connection, figures)

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """Say what it waits for."""
        self._say(connection, f"waiting {seconds:.0f} s: {why}")

    def ended(self, connection: str, state: str) -> None:
        """Say it at once."""
        note(f"{connection}: {state}")

    def _say(self, connection: str, what: str) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._said.get(connection, self._began) < self._every_s:
                return
            self._said[connection] = now
        note(f"{connection}: {what}")
