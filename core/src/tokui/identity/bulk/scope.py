"""Everybody, and which of them hang together."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from tokui.identity.bulk.columns import Columns, Ids
from tokui.identity.bulk.components import components
from tokui.identity.bulk.homes import Homes
from tokui.identity.bulk.pairs import Bools, Pairs
from tokui.identity.edges import Group
from tokui.identity.hands import Hands
from tokui.identity.terms import BIRTHDAY, GIVEN
from tokui.identity.weigh import DECIDED, Policy
from tokui.store import households
from tokui.store.answers import Answer
from tokui.store.engine import Store


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
        pairs: Pairs,
        policy: Policy,
        said: Iterable[Answer],
    ) -> None:
        self.ids: Sequence[int] = array("q", columns.ids.tobytes())
        self._homes = homes
        same, different = (_places(columns.ids, said, each) for each in ("same", "different"))
        self._root = _roots(columns, pairs.only(pairs.score >= policy.floor), same)
        self._pairs = pairs.only(self._root[pairs.low] == self._root[pairs.high])
        settled = _settled(columns, self._pairs, policy, self._root)
        settled[self._root[np.concatenate([same, different])]] = False
        size = np.bincount(self._root, minlength=len(self._root))
        self._open: Bools = ((size > 1) & ~settled)[self._root]

    def regions(self) -> Iterator[Group]:
        """Those who hang together, two and more, with their pairs."""
        ids, root = np.asarray(self.ids), self._root
        places = np.flatnonzero(self._open)
        places = places[np.argsort(root[places], kind="stable")]
        pairs = self._pairs.only(self._open[self._pairs.low])
        pairs = pairs.only(np.argsort(root[pairs.low], kind="stable"))
        first = np.flatnonzero(np.diff(root[places], prepend=-1))
        start = np.searchsorted(root[pairs.low], root[places[first]])
        for mine, theirs in zip(
            _slices(first, len(places)), _slices(start, len(pairs.low)), strict=True
        ):
            some = pairs.only(theirs)
            ends = (each.tolist() for each in (ids[some.low], ids[some.high], *some[2:]))
            yield ids[places[mine]].tolist(), list(zip(*ends, strict=True))

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


def _slices(starts: Ids, end: int) -> Iterator[slice]:
    return map(slice, starts.tolist(), np.append(starts, end)[1:].tolist())


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
