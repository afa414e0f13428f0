"""Which of the things that come go wrong, and how."""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from threading import Event, Lock
from typing import Generic, TypeVar

F = TypeVar("F")


class Weather(Generic[F]):
    """
    A plan of faults; whoever serves asks it at each request, call or message.

    Attributes:
        healed: Ends the silence of those that get no answer.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._plan: Iterator[F | None] = iter(())
        self.healed = Event()

    def inject(self, fault: F, *, after: int = 0, times: int | None = 1) -> None:
        """Do `times` of them wrong (None: all), once `after` more went well."""
        broken = repeat(fault) if times is None else repeat(fault, times)
        self.follow(chain(repeat(None, after), broken))

    def follow(self, plan: Iterable[F | None]) -> None:
        """Take one of the plan for each, None for a good one; good ones after its end."""
        with self._lock:
            self._plan = iter(plan)

    def heal(self) -> None:
        """Do no more wrong."""
        with self._lock:
            self.healed.set()
            self._plan, self.healed = iter(()), Event()

    def next(self) -> tuple[F | None, Event]:
        """What is to happen to the one that just came."""
        with self._lock:
            return next(self._plan, None), self.healed
