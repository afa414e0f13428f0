"""Who does the work of a pass: this process alone, or several, each of which reads the store by itself."""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context, parent_process
from typing import Any, Protocol, Self, TypeVar

from tokui.identity.weigh import Scales
from tokui.store.engine import Store, Transaction

T = TypeVar("T")
R = TypeVar("R")

Work = Callable[[Transaction, Scales, T], R]
"""Reads on a snapshot, weighs, and answers; a function of a module, so that it can be sent."""

AHEAD = 5
"""Tasks that wait for each process."""


CROWD, MOST = 200_000, 2
"""Customers from which another process pays, as each takes a second to start, and how many work then."""


class Hands(AbstractContextManager["Hands"], Protocol):
    """Does the same work on many things, in their order."""

    def each(self, work: Work[T, R], things: Iterable[T]) -> Iterator[R]:
        """The answer for each thing; no more of them are taken than are at work."""

    def soon(self, work: Work[T, R], thing: T) -> Callable[[], R]:
        """Begin on one thing; what is given back waits for the answer."""


class Alone:
    """This process."""

    def __init__(self, store: Store, scales: Scales) -> None:
        self.store = store
        self.scales = scales

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def each(self, work: Work[T, R], things: Iterable[T]) -> Iterator[R]:
        """One after the other."""
        for thing in things:
            with self.store.read() as tx:
                yield work(tx, self.scales, thing)

    def soon(self, work: Work[T, R], thing: T) -> Callable[[], R]:
        """When it is asked for."""
        return lambda: next(self.each(work, [thing]))


class Crew:
    """
    Other processes. They end with this one, even if it is killed.

    Args:
        store: Each opens it anew.
        scales: Without votes, which are plugins' and stay here.
        processes: How many.
    """

    def __init__(self, store: Store, scales: Scales, processes: int) -> None:
        url = store.engine.url.render_as_string(hide_password=False)
        self._ahead = AHEAD * processes
        self._mine = Alone(store, scales)
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(url, scales),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def each(self, work: Work[T, R], things: Iterable[T]) -> Iterator[R]:
        """Side by side, some of them here; the answers come in the order of the things."""
        waiting: deque[Future[R]] = deque()
        for thing in things:
            idle = sum(not each.done() for each in waiting) < self._ahead
            waiting.append(self._pool.submit(_do, work, thing) if idle else self._here(work, thing))
            while waiting and waiting[0].done():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _here(self, work: Work[T, R], thing: T) -> Future[R]:
        """By this process, as the others have enough to do."""
        answer: Future[R] = Future()
        answer.set_result(self._mine.soon(work, thing)())
        return answer

    def soon(self, work: Work[T, R], thing: T) -> Callable[[], R]:
        """At once, by another process."""
        return self._pool.submit(_do, work, thing).result


def hired(store: Store, scales: Scales, processes: int) -> Hands:
    """So many processes, this one included; it waits for the others and writes what they decide."""
    return Crew(store, scales, processes - 1) if processes > 1 else Alone(store, scales)


def usual(customers: int) -> int:
    """How many processes pay for so many customers."""
    return min(os.cpu_count() or 1, MOST) if customers > CROWD else 1


_mine: list[Alone] = []
"""What a process of a crew works with."""


def _begin(url: str, scales: Scales) -> None:
    gc.disable()  # as the first process does: `uncollected`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the pass, between commits
    threading.Thread(target=_follow_parent, daemon=True).start()
    _mine.append(Alone(Store.open(url), scales))


def _follow_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _do(work: Work[Any, R], thing: Any) -> R:
    return next(_mine[0].each(work, [thing]))
