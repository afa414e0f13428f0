"""Which of many numbered things hang together, in flat memory. Pure."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence


class Forest:
    """
    Groups over ids, as a union-find on arrays: a million of them take 16 MB.

    Args:
        ids: All of them, ascending.
    """

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self._parent = array("q", range(len(ids)))
        self._grouped = bytearray(len(ids))

    def join(self, one: int, other: int) -> None:
        """Let two ids, and whatever hangs on either, be of one group."""
        left, right = self._root(self.at(one)), self._root(self.at(other))
        if left != right:
            self._parent[max(left, right)] = min(left, right)

    def root(self, one: int) -> int:
        """The place of the lowest id of the group."""
        return self._root(self.at(one))

    def groups(self) -> Iterator[list[int]]:
        """The groups of two and more, each in order, by their lowest ids."""
        roots = array("q", (self._root(place) for place in range(len(self.ids))))
        size = array("q", bytes(8 * len(roots)))
        for root in roots:
            size[root] += 1
        places = sorted((p for p in range(len(roots)) if size[roots[p]] > 1), key=roots.__getitem__)
        start = 0
        while start < len(places):
            end = start + size[roots[places[start]]]
            for place in places[start:end]:
                self._grouped[place] = 1
            yield [self.ids[place] for place in places[start:end]]
            start = end

    def is_alone(self, one: int) -> bool:
        """Was it in none of the groups?"""
        return not self._grouped[self.at(one)]

    def at(self, one: int) -> int:
        """The place of an id."""
        return bisect_left(self.ids, one)

    def _root(self, place: int) -> int:
        parent = self._parent
        while parent[place] != place:
            parent[place] = place = parent[parent[place]]
        return place


def ascending(ids: Iterable[int]) -> Sequence[int]:
    """Ids in order, in 8 bytes each."""
    return array("q", sorted(ids))
