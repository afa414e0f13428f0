"""Small groups of anything that can be a key. Pure."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Joined(Generic[K]):
    """What was joined, directly or through others."""

    def __init__(self) -> None:
        self._parent: dict[K, K] = {}

    def join(self, one: K, other: K) -> bool:
        """Let both be of one group; False if they were already."""
        left, right = self.root(one), self.root(other)
        self._parent[right] = left
        return left != right

    def root(self, one: K) -> K:
        """What stands for the group."""
        while (up := self._parent.get(one, one)) != one:
            one = up
        return one
