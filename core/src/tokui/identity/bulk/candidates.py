"""Which customers are worth comparing, as `pairs.every` finds them, by their places in the columns."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from tokui.identity.bulk.columns import Codes, Ids
from tokui.identity.portions import portions
from tokui.store import pairs
from tokui.store.engine import Transaction

READ = 100_000
"""Groups that are read at a time."""


def candidates(tx: Transaction, ids: Ids) -> tuple[Codes, Codes]:
    """All pairs, each once, the lower place first."""
    found = [np.zeros(0, np.int64)]
    for some in portions(pairs.groups(tx), READ):
        found += _pairs(some, ids)
    both = np.sort(np.concatenate(found))  # and no np.unique, whose hash table is ten times slower
    both = both[np.diff(both, prepend=-1) != 0]
    return (both >> 32).astype(np.int32), (both & 0xFFFF_FFFF).astype(np.int32)


def _pairs(groups: list[tuple[int, str]], ids: Ids) -> Iterator[Ids]:
    """The pairs of groups, each its size and its customers' ids with commas between them."""
    sizes = np.array([size for size, _ in groups])
    everybody = np.fromstring(",".join([text for _, text in groups]), np.int64, sep=",")
    places = np.searchsorted(ids, everybody)
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes).tolist():
        mine = starts[sizes == size]
        members = np.sort(places[mine[:, None] + np.arange(size)], axis=1)
        for one, other in combinations(range(size), 2):
            yield members[:, one] << 32 | members[:, other]
