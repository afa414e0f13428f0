"""Pairs of customers by their places in the columns, and what they weigh."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokui.identity.bulk.column import Codes, Ids

Bools: TypeAlias = NDArray[np.bool_]
Flags: TypeAlias = NDArray[np.int8]

LOWER = 0xFFFF_FFFF


class Pairs(NamedTuple):
    """
    Weighed pairs.

    Attributes:
        low: The place of the customer with the lower id.
        high: That of the other one.
        score: As `match.Judgement` has it; so are the others.
    """

    low: Codes
    high: Codes
    score: Codes
    evidence: Codes
    agrees: Flags

    def only(self, which: Any) -> "Pairs":
        """Some of them, by whatever an array is indexed with."""
        return Pairs(*(each[which] for each in self))

    @property
    def keys(self) -> Ids:
        """Both places in one number."""
        return both(self.low, self.high)


def joined(some: Sequence[Pairs]) -> Pairs:
    """All of them, one after the other."""
    return Pairs(*(np.concatenate(each) for each in zip(*some, strict=True)))


def both(low: Any, high: Any) -> Ids:
    """Two numbers of up to 31 bits in one."""
    one: Ids = low.astype(np.int64) << 32 | high
    return one


def halves(keys: Ids) -> tuple[Codes, Codes]:
    """The two again."""
    return (keys >> 32).astype(np.int32), (keys & LOWER).astype(np.int32)


def within(places: Ids, sizes: Ids) -> Ids:
    """Every two of each group, the lower first; groups stand one after the other, of such sizes."""
    first, found = np.cumsum(sizes) - sizes, [np.zeros(0, np.int64)]
    for size in np.flatnonzero(np.bincount(sizes)).tolist():
        members = np.sort(places[first[sizes == size][:, None] + np.arange(size)], axis=1)
        found += [both(members[:, a], members[:, b]) for a, b in combinations(range(size), 2)]
    return np.concatenate(found)
