"""Everybody, and which of them hang together."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

from tokui.identity.bulk.column import Ids
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.components import components
from tokui.identity.bulk.homes import Homes
from tokui.identity.bulk.pairs import Bools, Pairs, halves, within
from tokui.identity.bulk.weights import Weights
from tokui.identity.edges import Ends, Group
from tokui.identity.hands import Hands
from tokui.identity.terms import BIRTHDAY, GIVEN
from tokui.identity.weigh import DECIDED, Policy
from tokui.store import households
from tokui.store.answers import Answer
from tokui.store.engine import Store

T = TypeVar("T")

SOME = 1_000
"""Regions that are objects at a time."""

LARGE = 30
"""Customers of a region beyond which not every two are weighed beforehand."""


class Everybody:
    """
    As `scope.Scope`, on columns. A region in which nothing can change is none.

    Attributes:
        ids: The customers, ascending.
    """

    def __init__(
        self,
        columns: Columns,
        homes: Homes,
        weights: Weights,
        pairs: Pairs,
        said: Iterable[Answer],
    ) -> None:
        policy = weights.scales.policy
        self.ids: Sequence[int] = array("q", columns.ids.tobytes())
        self._homes = homes
        same, different = (_places(columns.ids, said, each) for each in ("same", "different"))
        self._root = root = _roots(columns, pairs, same)
        settled = _settled(columns, pairs, policy, root)
        settled[root[np.concatenate([same, different])]] = False
        size = np.bincount(root, minlength=len(root))
        self._open: Bools = ((size > 1) & ~settled)[root]
        places = np.flatnonzero(self._open)
        self._members = places[np.argsort(root[places], kind="stable")]
        self._likely = self._in_order(pairs.only(self._open[pairs.low]))
        others = weights.weigh(*halves(self._inside(self._likely.keys)))
        self._others, self._terms = self._in_order(others), weights.terms

    def regions(self) -> Iterator[Group]:
        """Those who hang together, two and more, with their pairs."""
        root = self._root[self._members]
        heads = np.flatnonzero(np.diff(root, prepend=-1))
        lowest = np.append(root[heads], len(self._root))
        both = (np.searchsorted(self._root[x.low], lowest) for x in (self._likely, self._others))
        cuts = [np.append(heads, len(root)), *both]
        for start in range(0, len(heads), SOME):
            yield from self._groups(*(each[start : start + SOME + 1] for each in cuts))

    def _groups(self, people: Ids, likely: Ids, others: Ids) -> Iterator[Group]:
        """Some of them, by where each begins; they become objects together."""
        members = np.asarray(self.ids)[self._members[people[0] : people[-1]]].tolist()
        pairs = (
            self._ends(known.only(slice(cut[0], cut[-1])))
            for known, cut in ((self._likely, likely), (self._others, others))
        )
        parts = map(_parts, (members, *pairs), (people, likely, others))
        yield from zip(*parts, strict=True)

    def _ends(self, pairs: Pairs) -> list[Ends]:
        ids = np.asarray(self.ids)
        numbers = (each.tolist() for each in (ids[pairs.low], ids[pairs.high], *pairs[2:]))
        terms = [self._terms.get(key, ()) for key in pairs.keys.tolist()]
        return list(zip(*numbers, terms, strict=True))

    def _inside(self, known: Ids) -> Ids:
        """All other pairs of the same regions, but for very large ones."""
        sizes = np.unique(self._root[self._members], return_counts=True)[1]
        small = np.repeat(sizes <= LARGE, sizes)
        keys = within(self._members[small], sizes[sizes <= LARGE])
        return keys[~np.isin(keys, known)]

    def _in_order(self, pairs: Pairs) -> Pairs:
        """By their regions."""
        return pairs.only(np.argsort(self._root[pairs.low], kind="stable"))

    def alone(self, customers: Sequence[int]) -> list[int]:
        """Those of them who were in no region."""
        places = np.searchsorted(np.asarray(self.ids), customers)
        return [
            each for each, open_ in zip(customers, self._open[places], strict=True) if not open_
        ]

    def households(self, store: Store, _: Hands) -> Collection[Collection[int]]:
        """As `scope.Scope` says."""
        with store.read() as tx:
            return self._homes.households(households.living(tx))


def _places(ids: Ids, said: Iterable[Answer], verdict: str) -> Ids:
    """Pairs of customers of whom this was said, by their places."""
    pairs = [each.pair for each in said if each.verdict == verdict]
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return np.searchsorted(ids, ends[np.isin(ends, ids).all(axis=1)])


def _parts(things: Sequence[T], cuts: Ids) -> Iterator[Sequence[T]]:
    """Things from each cut to the next."""
    return (things[start:end] for start, end in pairwise((cuts - cuts[0]).tolist()))


def _roots(columns: Columns, likely: Pairs, same: Ids) -> Ids:
    """What likely pairs, profiles and answers hold together."""
    order = np.argsort(columns.profiles, kind="stable")
    mates = np.flatnonzero(np.diff(columns.profiles[order]) == 0)
    one = np.concatenate([likely.low, order[mates], same[:, 0]])
    other = np.concatenate([likely.high, order[mates + 1], same[:, 1]])
    return components(len(order), one, other)


def _settled(columns: Columns, pairs: Pairs, policy: Policy, root: Ids) -> Bools:
    """By its root: is a region one profile, and every pair in it so sure that it can be nothing else?"""
    sure = pairs.only(_sure(columns, pairs, policy))
    size, count = (np.bincount(each, minlength=len(root)) for each in (root, root[sure.low]))
    settled: Bools = count == size * (size - 1) // 2
    settled[root[columns.profiles != columns.profiles[root]]] = False
    settled[root[columns.gone]] = False
    return settled


def _sure(columns: Columns, pairs: Pairs, policy: Policy) -> Bools:
    """Nothing objects to these, nor to groups of whom all pairs are such."""
    enough = (pairs.score >= policy.merge) & (pairs.evidence > policy.veto)
    enough &= np.minimum(pairs.evidence, DECIDED) >= policy.average
    rules = [policy.duplicates.get(name, "evidence") for name in columns.connection_names]
    likely, evidence = (
        np.array([rule == each for rule in rules], np.bool_) for each in ("likely", "evidence")
    )
    both = np.isin(
        np.arange(16), [n for n in range(16) if n & (GIVEN | BIRTHDAY) and n.bit_count() > 1]
    )
    mine = columns.connections[pairs.low]
    fine = likely[mine] | (evidence[mine] & both[pairs.agrees])
    sure: Bools = enough & (fine | (mine != columns.connections[pairs.high]))
    return sure
