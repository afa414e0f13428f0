"""Reasons as numbers."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokui.identity.bulk.column import Codes
from tokui.identity.terms import AGREES, Term


class Reasons:
    """All that were met so far; 0 is none."""

    def __init__(self) -> None:
        self._number: dict[Term | None, int] = {None: 0}

    def code(self, term: Term | None) -> int:
        """The number of a reason."""
        return self._number.setdefault(term, len(self._number))

    def among(self, codes: Codes, terms: Collection[Term]) -> NDArray[np.bool_]:
        """Which of these are one of those."""
        return np.isin(codes, [self.code(each) for each in terms])

    def coded(self, codes: Codes, code: str) -> NDArray[np.bool_]:
        """Which of these have a code, whatever they weigh."""
        return np.isin(codes, [n for term, n in self._number.items() if term and term.code == code])

    def into(self, others: "Reasons") -> Codes:
        """By the number of a reason here: its number there."""
        return np.array([others.code(term) for term in self._number], np.int32)

    def tables(self) -> Iterator[NDArray[Any]]:
        """By a reason's number: its weights against the two rivals, and what it is an agreement on."""
        known = [term or Term("", 0, 0) for term in self._number]
        yield np.array([term.family for term in known], np.int32)
        yield np.array([term.stranger for term in known], np.int32)
        yield np.array([AGREES.get(term.code, 0) for term in known], np.int8)

    def texts(self, said: Iterable[Codes]) -> Iterator[tuple[Term, ...]]:
        """The reasons of each pair, given the numbers of one kind after the other."""
        known = list(self._number)
        for codes in np.stack(list(said), 1).tolist():
            yield tuple([term for each in codes if (term := known[each])])
