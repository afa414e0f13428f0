"""Who lives together, by the rules of `household`, on columns."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from tokui.identity.bulk.column import Codes, Ids
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.components import components
from tokui.identity.features import part
from tokui.identity.household import MAX_PEOPLE, SHARED, home_names


class Homes:
    """Which customers live where under which names: numbers for that, and the customers' places."""

    def __init__(self, columns: Columns) -> None:
        self._ids = columns.ids
        names: dict[str, int] = {}
        called = [
            [names.setdefault(each, len(names)) for each in home_names(part(text))]
            for text in columns.family.values
        ]
        keys, places = [], []
        for at, where in _wheres(columns):
            which, name = _spread(columns.family.codes[at], called)
            keys.append(where[which] * max(1, len(names)) + name)
            places.append(at[which].astype(np.int32))
        self._keys, self._places = np.concatenate(keys), np.concatenate(places)

    def households(self, living: Iterable[tuple[int, int]]) -> list[list[int]]:
        """Groups of customers who live together; `living` are all, with their profiles."""
        profiles = self._profiles(living)
        here = profiles[self._places] != 0
        keys, places = self._keys[here], self._places[here]
        order = np.lexsort((profiles[places], keys))
        keys, places = keys[order], places[order]
        same = np.diff(keys) == 0
        run = np.append(0, np.cumsum(~same))[: len(keys)]
        first = np.append(True, ~same | (np.diff(profiles[places]) != 0))[: len(keys)]
        people = np.bincount(run, first)
        tied = same & ((people > 1) & (people <= MAX_PEOPLE))[run[1:]]
        return self._groups(components(len(self._ids), places[:-1][tied], places[1:][tied]))

    def _profiles(self, living: Iterable[tuple[int, int]]) -> Ids:
        now = np.fromiter(chain.from_iterable(living), np.int64).reshape(-1, 2)
        now = now[np.isin(now[:, 0], self._ids)]
        profiles = np.zeros(len(self._ids), np.int64)
        profiles[np.searchsorted(self._ids, now[:, 0])] = now[:, 1]
        return profiles

    def _groups(self, root: Ids) -> list[list[int]]:
        places = np.flatnonzero(np.bincount(root, minlength=len(root))[root] > 1)
        places = places[np.argsort(root[places], kind="stable")]
        starts = np.flatnonzero(np.diff(root[places], prepend=-1))
        return [each.tolist() for each in np.split(self._ids[places], starts[1:]) if len(each)]


def _wheres(columns: Columns) -> Iterator[tuple[Codes | Ids, Ids]]:
    """Places of customers, and numbers for where they live, what they are called by, written to."""
    known = np.flatnonzero(columns.homes.codes)
    yield known, columns.homes.codes[known].astype(np.int64)
    used = int(columns.homes.codes.max(initial=0)) + 1
    borne = columns.identifiers.series
    for each in (borne[series] for series in SHARED if series in borne):
        yield each.places, each.keys.astype(np.int64) + used
        used += len(columns.identifiers.keys)


def _spread(codes: Codes, values: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Each value of each code, with the place of the code."""
    count = np.array([len(each) for each in values], np.int64)
    start, flat = np.cumsum(count) - count, np.fromiter(chain.from_iterable(values), np.int64)
    many = count[codes]
    at = np.repeat(np.arange(len(codes)), many)
    return at, flat[(start[codes] - np.cumsum(many) + many)[at] + np.arange(len(at))]
