"""Pairs that are worth more than a glance: all candidates are weighed, in chunks of bounded size."""

import gc
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from sys import intern
from typing import Any

from tokui.identity.features import NONE, Features
from tokui.identity.hands import Hands
from tokui.identity.person import Person
from tokui.identity.weigh import Scales
from tokui.store import sweep
from tokui.store.answers import Pair
from tokui.store.engine import Transaction

CHUNK = 20_000
"""Customers in memory at once."""


class Edges:
    """
    Pairs that people should at least see, in three arrays: 24 bytes each.

    Attributes:
        weighed: How many pairs were looked at for them.
    """

    def __init__(self) -> None:
        self.low, self.high, self.score = array("q"), array("q"), array("q")
        self.weighed = 0

    def __len__(self) -> int:
        return len(self.low)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.low, self.high, self.score, strict=True)

    def add(self, low: int, high: int, score: int) -> None:
        """One more."""
        self.low.append(low)
        self.high.append(high)
        self.score.append(score)

    def extend(self, others: "Edges") -> None:
        """These as well."""
        self.low.extend(others.low)
        self.high.extend(others.high)
        self.score.extend(others.score)
        self.weighed += others.weighed


def weighed(hands: Hands, pairs: Iterable[Pair], into: Edges, pulse: Callable[[int], None]) -> None:
    """Weigh pairs; `pulse` hears how many."""
    for found in hands.each(_weigh, _chunks(pairs)):
        into.extend(found)
        pulse(found.weighed)


def _weigh(tx: Transaction, scales: Scales, chunk: Sequence[Pair]) -> Edges:
    floor = min(scales.policy.review, scales.policy.merge)
    people = load(tx, {each for both in chunk for each in both})
    found = Edges()
    for low, high in chunk:
        score = scales.weigh(people[low], people[high]).score
        if score >= floor:
            found.add(low, high, score)
    found.weighed = len(chunk)
    scales.forget()
    return found


def load(tx: Transaction, customers: Collection[int]) -> dict[int, Person]:
    """Customers as matching sees them, by id."""
    return {row[0]: _person(*row) for row in sweep.people(tx, customers)}


def _person(
    row_id: int, connection: str, key: str, profile_id: int, features: str | None, gone_at: Any
) -> Person:
    known = Features.from_json(features) if features else NONE
    return Person(row_id, intern(connection), key, profile_id, known, gone_at is not None)


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
