"""How a run went, and what the process says about it in its exit code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tokui.errors import AuthError, LockedError, RetryableError, TokuiError
from tokui.store.counts import Counts


@dataclass(slots=True)
class Pushed:
    """
    What was written back.

    Attributes:
        written: Preferences that were taken.
        refused: Why others were not, and how many.
    """

    written: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class ConnectionReport:
    """
    One connection's run.

    Attributes:
        state: `done`, `stopped` (asked to), `failed` (some of it) or `abandoned` (it hung).
        streams: Figures by stream, of what is saved.
        errors: What failed, by stream; `*` for the connection as a whole, `write-back` for that.
        seconds: How long it took.
        pushed: What people said elsewhere and was written back.
    """

    connection: str
    state: str = "running"
    streams: dict[str, Counts] = field(default_factory=dict)
    errors: dict[str, TokuiError] = field(default_factory=dict)
    seconds: float = 0.0
    pushed: Pushed = field(default_factory=Pushed)

    @property
    def saved(self) -> bool:
        """Was any page committed?"""
        return any(counts.pages for counts in self.streams.values())


@dataclass(slots=True)
class RunReport:
    """
    A whole run.

    Attributes:
        interrupted: Ctrl-C or SIGTERM ended it.
        hooks: What failed among the plugins that follow the change feed, by plugin.
    """

    connections: Sequence[ConnectionReport]
    interrupted: bool = False
    hooks: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Counts:
        """All figures together."""
        counts = Counts()
        for connection in self.connections:
            for each in connection.streams.values():
                counts.add(each)
        return counts

    @property
    def exit_code(self) -> int:
        """0 ok · 4 auth · 5 partial · 6 remote unavailable · 9 locked · 130 interrupted."""
        if self.interrupted:
            return 130
        errors = [error for each in self.connections for error in each.errors.values()]
        if not errors:
            return 5 if self.total.quarantined or self.hooks else 0
        if not any(each.saved for each in self.connections):
            for cause in (AuthError, RetryableError, LockedError):
                if all(isinstance(error, cause) for error in errors):
                    return cause.exit_code
        return 5
