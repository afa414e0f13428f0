"""Chance that any index can roll again, alone."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """
    A generator of its own for each thing, so that any thing can be made without its neighbours.

    Only `random()` is used underneath: Python promises that sequence for ever.
    """

    def __init__(self, *of: object) -> None:
        super().__init__("/".join(map(str, of)))

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """Any of them, all alike."""
        return things[int(self.random() * len(things))]

    def common(self, things: Sequence[T]) -> T:
        """Any of them, the first ones more often, as with surnames."""
        return things[int(self.random() ** 2 * len(things))]
