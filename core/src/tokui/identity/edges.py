"""Pairs that are worth more than a glance: all candidates are weighed, in chunks of bounded size."""

import gc
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from sys import intern
from typing import Any

from tokui.identity.features import NONE
from tokui.identity.hands import Hands
from tokui.identity.match import Judgement
from tokui.identity.person import Person
from tokui.identity.terms import Term
from tokui.identity.weigh import Scales
from tokui.store import sweep
from tokui.store.answers import Pair
from tokui.store.engine import Transaction

CHUNK = 20_000
"""Customers in memory at once."""


Ends = tuple[int, int, int, int, int, tuple[Term, ...]]
"""A weighed pair: lower customer id, higher, and the judgement; its reasons, if they are known yet."""

Group = tuple[Sequence[int], Sequence[Ends], Sequence[Ends]]
"""Customers who hang together, their likely pairs, and others that were weighed already."""


class Edges:
    """
    Pairs that people should at least see, in five arrays: 25 bytes each.

    Attributes:
        weighed: How many pairs were looked at for them.
    """

    def __init__(self) -> None:
        self.low, self.high = array("q"), array("q")
        self.score, self.evidence, self.agrees = array("i"), array("i"), array("b")
        self.weighed = 0

    def __len__(self) -> int:
        return len(self.low)

    def __getitem__(self, at: int) -> Ends:
        numbers = (self.score[at], self.evidence[at], self.agrees[at])
        return self.low[at], self.high[at], *numbers, ()

    def add(self, low: int, high: int, judgement: Judgement) -> None:
        """One more."""
        self.low.append(low)
        self.high.append(high)
        self.score.append(judgement.score)
        self.evidence.append(judgement.evidence)
        self.agrees.append(judgement.agrees)

    def extend(self, others: "Edges") -> None:
        """These as well."""
        self.low.extend(others.low)
        self.high.extend(others.high)
        self.score.extend(others.score)
        self.evidence.extend(others.evidence)
        self.agrees.extend(others.agrees)
        self.weighed += others.weighed


def weighed(hands: Hands, pairs: Iterable[Pair], into: Edges, pulse: Callable[[int], None]) -> None:
    """Weigh pairs; `pulse` hears how many."""
    for found in hands.each(_weigh, _chunks(pairs)):
        into.extend(found)
        pulse(found.weighed)


def _weigh(tx: Transaction, scales: Scales, chunk: Sequence[Pair]) -> Edges:
    floor = scales.policy.floor
    people = load(tx, {each for both in chunk for each in both})
    found = Edges()
    for low, high in chunk:
        judgement = scales.weigh(people[low], people[high])
        if judgement.score >= floor:
            found.add(low, high, judgement)
    found.weighed = len(chunk)
    scales.forget()
    return found


def load(tx: Transaction, customers: Collection[int]) -> dict[int, Person]:
    """Customers as matching sees them, by id."""
    return {row[0]: _person(*row) for row in sweep.people(tx, customers)}


def _person(
    row_id: int, connection: str, key: str, profile_id: int, features: str | None, gone_at: Any
) -> Person:
    gone = gone_at is not None
    return Person(row_id, intern(connection), key, profile_id, features or NONE, gone)


def _chunks(pairs: Iterable[Pair]) -> Iterator[Sequence[Pair]]:
    chunk: list[Pair] = []
    seen: set[int] = set()
    for both in pairs:
        chunk.append(both)
        seen.update(both)
        if len(seen) >= CHUNK:
            yield chunk
            chunk, seen = [], set()
    if chunk:
        yield chunk


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles: people in memory have none, and it takes half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
