"""What a run tells while it runs. Called from the connections' threads."""

from typing import Protocol

from tokui.store.counts import Counts


class Progress(Protocol):
    """Shows a run to its operator. Every method returns at once."""

    def page(self, connection: str, stream: str, counts: Counts) -> None:
        """A page was committed; `counts` are the stream's figures so far."""

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """The connection waits, and says why: `429`, `rate limit`, `retry`."""

    def ended(self, connection: str, stream: str, state: str) -> None:
        """A stream ended: `done`, `stopped` or `failed`."""


class Silent(Progress):
    """Shows nothing."""

    def page(self, connection: str, stream: str, counts: Counts) -> None:
        """Nothing."""

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """Nothing."""

    def ended(self, connection: str, stream: str, state: str) -> None:
        """Nothing."""
