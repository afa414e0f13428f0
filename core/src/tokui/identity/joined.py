"""Small groups of anything that can be a key. Pure."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Joined(Generic[K]):
    """What was joined, directly or through others."""

    def __init__(self) -> None:
        self._parent: dict[K, K] = {}

    def join(self, one: K, other: K) -> bool:
        """Let both be of one group; False if they were already."""
        left, right = self.root(one), self.root(other)
        self._parent[left] = self._parent[right] = left
        return left != right

    def root(self, one: K) -> K:
        """What stands for the group."""
        parent = self._parent
        while (up := parent.get(one, one)) != one:
            parent[one] = one = parent.get(up, up)
        return one

    def groups(self) -> Iterable[set[K]]:
        """All that was joined."""
        found: dict[K, set[K]] = {}
        for each in list(self._parent):
            found.setdefault(self.root(each), set()).add(each)
        return found.values()
