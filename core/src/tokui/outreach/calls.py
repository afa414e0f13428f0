"""The threads that call a channel: each call begins at once after its permission, or not at all."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from tokui.connector import Channel, Outcome, Parcel, Stop
from tokui.errors import PluginError, RateLimited, Unanswered
from tokui.failpoint import failpoint
from tokui.outreach.settle import Leased, Result

FRESH_S = 0.4
"""So old a permission may be when its call is made; a pause within the call may be as long."""

CALL_S = 300.0
"""After so long a call is given up, and its thread left behind."""

STATES = ("accepted", "refused", "deferred", "unknown")


class Steady(Stop):
    """Ends no call that is under way; a pause that is too long for a fresh permission is put off."""

    def check(self) -> None:
        """Go on."""

    def wait(self, seconds: float, why: str) -> None:
        """Sleep for a moment; a longer pause is `RateLimited`, so that the parcel comes again then."""
        if seconds > FRESH_S:
            raise RateLimited(f"a pause of {seconds:.1f} s ({why})", retry_after_s=seconds)
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Permitted:
    """
    A parcel that may be sent, if it is at once.

    Attributes:
        parcel: For the channel.
        at_us: When its permission was committed.
    """

    leased: Leased
    parcel: Parcel
    at_us: int


@dataclass(slots=True)
class Calls:
    """
    The calls of one connection that are under way.

    Attributes:
        channel: Whom to call.
        now_us: The present moment, microseconds since 1970.
    """

    channel: Channel
    now_us: Callable[[], int]
    _asked: "SimpleQueue[Permitted | None]" = field(default_factory=SimpleQueue)
    _answered: "SimpleQueue[Result]" = field(default_factory=SimpleQueue)
    _began: dict[tuple[int, int], tuple[float, Leased]] = field(default_factory=dict)
    _threads: int = 0

    @property
    def under_way(self) -> int:
        """How many."""
        return len(self._began)

    def begin(self, leased: Leased, parcel: Parcel, at_us: int) -> None:
        """Call."""
        self._began[_key(leased)] = (time.monotonic(), leased)
        if self._threads < len(self._began):
            self._threads += 1
            Thread(target=self._work, name=f"send-{leased.box.connection}", daemon=True).start()
        self._asked.put(Permitted(leased, parcel, at_us))

    def finished(self, patience_s: float) -> list[Result]:
        """What came of calls; waits for the first."""
        found: list[Result] = []
        with suppress(Empty):
            found.append(self._answered.get(timeout=patience_s))
            while True:
                found.append(self._answered.get_nowait())
        for each in found:
            self._began.pop(_key(each.leased), None)
        return [*found, *self._given_up()]

    def close(self) -> None:
        """Let the threads end."""
        for _ in range(self._threads):
            self._asked.put(None)

    def _given_up(self) -> Iterator[Result]:
        """Calls that take too long; another thread takes the place of theirs."""
        long_ago = time.monotonic() - CALL_S
        late = [leased for began, leased in self._began.values() if began < long_ago]
        for leased in late:
            del self._began[_key(leased)]
            self._threads -= 1
            yield Result(leased, error=Unanswered(f"no answer within {CALL_S:.0f} s"))

    def _work(self) -> None:
        while permitted := self._asked.get():
            self._answered.put(self._call(permitted))

    def _call(self, permitted: Permitted) -> Result:
        if not 0 <= self.now_us() - permitted.at_us < FRESH_S * 1_000_000:
            return Result(permitted.leased, begun=False)
        failpoint("outbox.sending")
        try:
            outcomes = _checked(self.channel.send(permitted.parcel))
        except BaseException as error:  # a plugin's sys.exit() is no answer
            return Result(permitted.leased, error=error)
        failpoint("outbox.answered")
        return Result(permitted.leased, outcomes)


def _checked(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    found = tuple(outcomes)
    if not all(isinstance(each, Outcome) and each.state in STATES for each in found):
        raise PluginError("its outcomes are none")
    return found


def _key(leased: Leased) -> tuple[int, int]:
    return leased.box.id, leased.box.token
