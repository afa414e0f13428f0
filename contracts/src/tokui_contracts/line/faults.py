"""How a call that sends can go wrong."""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from threading import Event, Lock
from typing import Final, Literal, get_args

Fault = Literal[
    "rate",
    "quota",
    "error",
    "error_after",
    "silent",
    "silent_after",
    "reset",
    "reset_after",
    "garbage",
    "garbage_after",
    "revoked",
]
"""
`rate`, `quota`: 429, of either sort. `error`: 500. `silent`: no answer. `reset`: the connection breaks.
`garbage`: 200 with a page of HTML. `revoked`: 401. Nothing was sent; with `_after`, it was.
"""
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)


class Weather:
    """
    Which calls go wrong.

    Attributes:
        healed: Ends the silence of calls that get no answer.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._plan: Iterator[Fault | None] = iter(())
        self.healed = Event()

    def follow(self, plan: Iterable[Fault | None]) -> None:
        """One of the plan for each call, None for a good one; good ones after its end."""
        with self._lock:
            self._plan = iter(plan)

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break `times` calls (None: all), once `after` more went well."""
        broken = repeat(fault) if times is None else repeat(fault, times)
        self.follow(chain(repeat(None, after), broken))

    def heal(self) -> None:
        """Break no more."""
        with self._lock:
            self.healed.set()
            self._plan, self.healed = iter(()), Event()

    def next(self) -> tuple[Fault | None, Event]:
        """What happens to the call that just came."""
        with self._lock:
            return next(self._plan, None), self.healed
