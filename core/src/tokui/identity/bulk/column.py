"""One thing that is known of all customers, as numbers: equal values have equal ones."""

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)

Codes = NDArray[np.int32]
Ids = NDArray[np.int64]


class Column(Generic[T]):
    """
    Values of customers; it is filled without a line of Python for each of them.

    Attributes:
        codes: Each value's number, in the order of the customers; 0 where nothing is known.
        values: What the codes stand for.
    """

    def __init__(self, nothing: T) -> None:
        self.codes: Codes = np.zeros(0, np.int32)
        self.values: Sequence[T] = ()
        self._number: defaultdict[T, int] = defaultdict()
        self._number.default_factory = self._number.__len__
        self._known = array("i", [self._number[nothing]])

    def extend(self, values: Iterable[T]) -> None:
        """The next customers'."""
        self._known.extend(map(self._number.__getitem__, values))

    def close(self) -> "Column[T]":
        """All customers were read."""
        self.codes, self.values = np.asarray(self._known)[1:], list(self._number)
        self._number.default_factory = None  # it knows the dictionary, and nobody looks for cycles
        self._number = defaultdict()
        return self

    def at(self, place: int) -> T:
        """What is known of the customer at a place."""
        found: T = self.values[self.codes[place]]
        return found
