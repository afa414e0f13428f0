"""Which identifiers all customers have, by kind and issuer."""

from array import array
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from tokui.identity.bulk.column import Codes, Column
from tokui.identity.bulk.pairs import Bools, halves
from tokui.identity.features import Numbers


class Borne:
    """
    Identifiers of one kind and issuer.

    Attributes:
        places: Whose each is, as a place in the columns.
        keys: Its match key, by number.
        codes: Each customer's identifiers of this kind by one number; 0 for none.
        key: By code: the number of the match key, where it is but one; else 0.
        strength: The number of its strength.
        several: What is beyond those codes: match keys with their strengths.
    """

    def __init__(self, places: Codes, keys: Codes, strengths: Codes, customers: int) -> None:
        self.places, self.keys = places, keys
        self.codes: Codes = np.zeros(customers, np.int32)
        single = np.bincount(places, minlength=customers)[places] == 1
        one = keys[single].astype(np.int64) << 32 | strengths[single]
        distinct, back = np.unique(one, return_inverse=True)
        self.codes[places[single]] = back + 1
        self.key, self.strength = halves(np.append(0, distinct))
        self.several = self._several(places[~single], keys[~single], strengths[~single])

    def _several(self, places: Codes, keys: Codes, strengths: Codes) -> list[tuple[int, ...]]:
        """Number those of whoever has more than one: keys, then strengths."""
        borne: dict[int, list[tuple[int, int]]] = {}
        for place, *each in zip(*(x.tolist() for x in (places, keys, strengths)), strict=True):
            borne.setdefault(place, []).append((each[0], each[1]))
        number: dict[tuple[int, ...], int] = {}
        for place, many in borne.items():
            flat = tuple(chain.from_iterable(zip(*many, strict=True)))
            self.codes[place] = len(self.key) + number.setdefault(flat, len(number))
        return list(number)


class Identifiers:
    """
    All of them.

    Attributes:
        series: What there is of each kind and issuer.
        keys: Match keys by their numbers; so are `strengths`.
        usual: Whose identifiers stand in the order of `series`?
    """

    def __init__(self) -> None:
        self.series: dict[str, Borne] = {}
        self.keys: Sequence[str] = ()
        self.strengths: Sequence[str] = ()
        self.usual: Bools = np.zeros(0, np.bool_)
        self._series, self._key, self._strength = Column(""), Column(""), Column("")
        self._orders, self._sizes = Column[tuple[str, ...]](()), array("i")

    def extend(self, numbers: Sequence[Numbers]) -> None:
        """The next customers'."""
        borne = list(chain.from_iterable([each.values() for each in numbers]))
        self._orders.extend(map(tuple, numbers))
        self._series.extend(chain.from_iterable(numbers))
        self._sizes.extend(map(len, borne))
        self._key.extend(chain.from_iterable(borne))
        self._strength.extend(chain.from_iterable([each.values() for each in borne]))

    def close(self) -> None:
        """All customers were read."""
        for column in (self._series, self._key, self._strength, self._orders):
            column.close()
        self.keys, self.strengths = self._key.values, self._strength.values
        orders, known = self._orders, self._series.values
        many = np.array([len(each) for each in orders.values])[orders.codes]
        places = np.repeat(np.repeat(np.arange(len(many), dtype=np.int32), many), self._sizes)
        which = np.repeat(self._series.codes, self._sizes)
        for code, name in list(enumerate(known))[1:]:
            mine = which == code
            found = (places[mine], self._key.codes[mine], self._strength.codes[mine])
            self.series[name] = Borne(*found, len(many))
        ranks = ([known.index(name) for name in each] for each in orders.values)
        self.usual = np.array([each == sorted(each) for each in ranks])[orders.codes]
        del self._series, self._key, self._strength, self._orders, self._sizes

    def of(self, borne: Borne, code: int) -> Mapping[str, str]:
        """The match keys that a code stands for, each with its strength."""
        one = (int(borne.key[code]), int(borne.strength[code])) if code < len(borne.key) else None
        flat = one or borne.several[code - len(borne.key)]
        keys, strengths = flat[: len(flat) // 2], flat[len(flat) // 2 :]
        return {self.keys[a]: self.strengths[b] for a, b in zip(keys, strengths, strict=True) if a}
