"""Whom a pass looks at, and which of them hang together."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Protocol

from tokui.identity import household
from tokui.identity.edges import Edges, Group, weighed
from tokui.identity.forest import Forest, ascending
from tokui.identity.hands import Hands
from tokui.store import answers, pairs, sweep
from tokui.store.answers import Answer, Pair
from tokui.store.engine import Store, Transaction

Pulse = Callable[[int], None]
"""Called now and then while pairs are weighed, with how many more were."""


class Scope(Protocol):
    """
    Customers and what holds them together.

    Attributes:
        ids: The customers, ascending.
    """

    ids: Sequence[int]

    def regions(self) -> Iterator[Group]:
        """Those who hang together, two and more, with their pairs; none in which nothing can change."""

    def alone(self, customers: Sequence[int]) -> Sequence[int]:
        """Those of them who were in no region."""

    def households(self, store: Store, hands: Hands) -> Collection[Collection[int]]:
        """Who of all customers live together now."""


class Chosen:
    """
    A scope of some customers, or of all of them.

    Attributes:
        ids: The customers, ascending.
        edges: Their likely pairs.
    """

    def __init__(self, ids: Sequence[int], edges: Edges) -> None:
        self.ids = ids
        self.edges = edges
        self._forest = Forest(ids)
        for low, high in zip(edges.low, edges.high, strict=True):
            self._forest.join(low, high)

    def bind(self, homes: Iterable[tuple[int, int]], said: Iterable[Answer]) -> "Chosen":
        """Hold together those of one profile, and those who are one by somebody's word."""
        last, before = 0, 0
        for profile_id, row_id in homes:
            if profile_id == last:
                self._forest.join(before, row_id)
            last, before = profile_id, row_id
        for each in said:
            if each.verdict == "same":
                self._forest.join(*each.pair)
        return self

    def regions(self) -> Iterator[Group]:
        """As `Scope` says."""
        edges, forest = self.edges, self._forest
        root = array("q", (forest.root(low) for low in edges.low))
        order = iter(sorted(range(len(edges)), key=root.__getitem__))
        at = next(order, None)
        for group in forest.groups():
            mine, place = [], forest.at(group[0])
            while at is not None and root[at] == place:
                mine.append(edges[at])
                at = next(order, None)
            yield group, mine, ()

    def alone(self, customers: Sequence[int]) -> Sequence[int]:
        """As `Scope` says."""
        return [each for each in customers if self._forest.is_alone(each)]

    def households(self, store: Store, hands: Hands) -> Collection[Collection[int]]:
        """As `Scope` says."""
        return household.found(store, hands)


def everybody(tx: Transaction, hands: Hands, pulse: Pulse) -> Scope:
    """All customers."""
    ids = ascending(row_id for _, row_id in sweep.homes(tx))
    edges = Edges()
    weighed(hands, pairs.every(tx), edges, pulse)
    return Chosen(ids, edges).bind(sweep.homes(tx), answers.every(tx))


def around(tx: Transaction, changed: Collection[int], hands: Hands, pulse: Pulse) -> Scope:
    """Customers who changed, and whoever is held to them by likely pairs, profiles and answers."""
    seen: set[int] = set()
    fresh, edges = set(changed), Edges()
    while fresh:
        before = len(edges)
        new = (each for each in pairs.touching(tx, fresh) if seen.isdisjoint(each))
        weighed(hands, new, edges, pulse)
        near = {*edges.low[before:], *edges.high[before:]}
        near.update(row_id for _, row_id in sweep.companions(tx, fresh))
        near.update(end for each in _same(tx, fresh) for end in each)
        seen |= fresh
        fresh = near - seen
    ids = ascending(seen)
    return Chosen(ids, edges).bind(sweep.companions(tx, seen), answers.touching(tx, seen))


def _same(tx: Transaction, customers: Collection[int]) -> Iterator[Pair]:
    return (each.pair for each in answers.touching(tx, customers) if each.verdict == "same")
