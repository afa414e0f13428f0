"""How a run is told to end, and how it tells what it waits for."""

import threading
import time

from tokui.connector import Stop
from tokui.errors import Stopped
from tokui.sync.progress import Progress


class RunStop(Stop):
    """
    The stop flag of one connection's run.

    Attributes:
        sign_of_life: When something last moved, on the monotonic clock. An announced wait counts
            as moving until it is over.
    """

    def __init__(self, connection: str, progress: Progress, deadline: float | None = None) -> None:
        self.connection = connection
        self.progress = progress
        self.deadline = deadline
        self.sign_of_life = time.monotonic()
        self._halted = threading.Event()
        self._why = "interrupted"

    def halt(self, why: str = "interrupted") -> None:
        """End the run at its next check."""
        self._why = why
        self._halted.set()

    def moved(self) -> None:
        """Something came: a page, an answer."""
        self.sign_of_life = max(self.sign_of_life, time.monotonic())

    def check(self) -> None:
        """Go on, or raise `Stopped`."""
        if self._halted.is_set():
            raise Stopped(self._why, who=self.connection)
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise Stopped("the time given is up", who=self.connection)

    def wait(self, seconds: float, why: str) -> None:
        """Sleep, unless the run ends first; shown as `waiting 12 s (429)`."""
        self.check()
        until = time.monotonic() + seconds
        if self.deadline is not None and until >= self.deadline:
            raise Stopped("the time given is up", who=self.connection)
        self.sign_of_life = max(self.sign_of_life, until)
        self.progress.waiting(self.connection, seconds, why)
        self._halted.wait(seconds)
        self.check()
