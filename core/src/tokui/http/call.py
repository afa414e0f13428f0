"""One call: what it asks for, what its last failure asks of the next try, and how it fails."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from tokui.errors import (
    AuthError,
    ConfigError,
    FatalError,
    RateLimited,
    TokuiError,
    Unanswered,
    Unavailable,
)
from tokui.http.address import shown
from tokui.http.answer import retry_after_s


class Options(TypedDict, total=False):
    """What `Http.get` and `Http.post` accept; told at `Http.request`."""

    params: Mapping[str, str | int] | None
    headers: Mapping[str, str] | None
    json: object
    content: bytes | None
    timeout_s: float | None
    tries: int | None
    allow: Collection[int]
    private: Collection[str]


@dataclass(slots=True)
class Call:
    """
    A call under way. Only method, host and path of it are ever printed.

    Attributes:
        who: The connection.
        params: Added to the query.
        content: Headers and body.
        ends_at: Its deadline, on the client's clock.
        failures: Tries that failed so far.
        asked_s: Seconds to wait, where the last answer asked for a pause.
        delay_s: Seconds to wait before the next try.
        why: Shown while waiting.
    """

    who: str
    method: str
    url: str = field(repr=False)
    params: Mapping[str, str | int] | None = field(repr=False)
    content: Mapping[str, object] = field(repr=False)
    allow: Collection[int]
    timeout_s: float
    ends_at: float
    failures: int = 0
    asked_s: float | None = None
    delay_s: float = 0.0
    why: str = ""
    what: str = field(init=False)

    def __post_init__(self) -> None:
        self.what = shown(self.method, self.url)

    def begin(self) -> None:
        """Forget what the last answer asked for."""
        self.asked_s, self.why = None, "no answer"

    def refused(self, status: int, headers: Mapping[str, str], now: datetime) -> TokuiError:
        """The error that stands for a status; `now` on the far side's clock."""
        self.why = str(status)
        if status in (401, 403):
            todo = f"check the credentials of [connections.{self.who}] and what they permit"
            return AuthError(f"{self.what} answered {status}", who=self.who, todo=todo)
        if status in (408, 429) or status >= 500:
            self.asked_s = retry_after_s(headers.get("retry-after"), now)
            return self._limited() if status == 429 else self.gone(f"answered {status}")
        return FatalError(f"{self.what} answered {status}", who=self.who)

    def gone(self, what: str) -> Unavailable:
        """Nothing was asked for, or it was refused for now."""
        return Unavailable(f"{self.what}: {what}", who=self.who, todo="run again later")

    def unanswered(self, what: str) -> Unanswered:
        """It was asked for, and no answer came, or none that makes sense."""
        return Unanswered(f"{self.what}: {what}", who=self.who, todo="run again later")

    def unwritable(self) -> ConfigError:
        """It could not even be sent."""
        return ConfigError(
            f"{self.what}: the request cannot be written",
            who=self.who,
            todo="look for stray characters in its address and credentials",
        )

    def _limited(self) -> RateLimited:
        asked = "" if self.asked_s is None else f"; next try in {self.asked_s:g} s"
        return RateLimited(
            f"{self.what}: rate limited{asked}",
            who=self.who,
            todo=f"lower rate_per_s under [connections.{self.who}.http] if this repeats",
            retry_after_s=self.asked_s,
        )
