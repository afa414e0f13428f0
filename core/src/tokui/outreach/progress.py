"""What an outbox run tells while it runs, and how it went."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tokui.errors import AuthError, RetryableError, TokuiError
from tokui.store.messages import Denied

STATES = tuple(
    "draft queued deferred sending sent delivered refused failed unknown cancelled".split()
)
"""In the order in which they are told."""

WENT = ("sent", "delivered")
TROUBLED = {"failed", "unknown"}


class Progress(Protocol):
    """Shows a run to its operator. Called from the connections' threads; returns at once."""

    def moved(self, connection: str, counts: Mapping[str, int]) -> None:
        """Something was committed; `counts` are messages by what became of them, so far."""

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """The connection waits, and says why."""

    def ended(self, connection: str, state: str) -> None:
        """The connection's part is over: `done`, `stopped` or `failed`."""


class Silent(Progress):
    """Shows nothing."""

    def moved(self, connection: str, counts: Mapping[str, int]) -> None:
        """Nothing."""

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """Nothing."""

    def ended(self, connection: str, state: str) -> None:
        """Nothing."""


@dataclass(slots=True)
class Sent:
    """
    How one connection's part went.

    Attributes:
        state: `done`, `stopped` (asked to) or `failed` (some of it).
        counts: Messages by what became of them; `queued`: its account cannot send them now, `ready`:
            it is a rehearsal.
        denied: Messages that were not to go out, by rule and reason.
        put_off: Messages that wait because of the provider.
        error: Why it ended early, rests, or did nothing at the end.
        seconds: How long it took.
    """

    connection: str
    state: str = "running"
    counts: Counter[str] = field(default_factory=Counter)
    denied: Counter[tuple[str, str]] = field(default_factory=Counter)
    put_off: int = 0
    error: TokuiError | None = None
    seconds: float = 0.0

    @property
    def went(self) -> int:
        """Messages that a provider accepted."""
        return sum(self.counts[state] for state in WENT)

    def count_denied(self, denied: Iterable[Denied]) -> None:
        """Take in why messages are not to go out."""
        for each in denied:
            self.counts["deferred" if each.until or each.held else "refused"] += 1
            self.denied[each.rule, each.reason] += 1


@dataclass(frozen=True, slots=True)
class OutboxReport:
    """
    A whole run.

    Attributes:
        connections: In the order of the file.
        interrupted: Ctrl-C or SIGTERM ended it.
    """

    connections: Sequence[Sent]
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0 ok · 4 auth · 5 partial · 6 remote unavailable · 130 interrupted."""
        if self.interrupted:
            return 130
        errors = [each.error for each in self.connections if each.error]
        if any(each.counts.keys() & TROUBLED for each in self.connections):
            return 5
        if errors and not any(each.went for each in self.connections):
            for cause in (AuthError, RetryableError):
                if all(isinstance(error, cause) for error in errors):
                    return cause.exit_code
        return 5 if errors or any(each.put_off for each in self.connections) else 0
