"""Which of many numbered things hang together."""

import numpy as np

from tokui.identity.bulk.column import Ids


def components(count: int, one: Ids, other: Ids) -> Ids:
    """For each thing the lowest that it hangs together with, by these ties."""
    root = np.arange(count)
    while len(one):
        low, high = np.minimum(root[one], root[other]), np.maximum(root[one], root[other])
        apart = low != high
        one, other, low, high = one[apart], other[apart], low[apart], high[apart]
        np.minimum.at(root, high, low)
        while not np.array_equal(root, up := root[root]):
            root = up
    return root
