"""What customers' identifiers of one kind and issuer say, asked once for those that are alike."""

from collections.abc import Callable, Collection

import numpy as np

from tokui.identity.bulk.column import Codes
from tokui.identity.bulk.distinct import alike
from tokui.identity.bulk.identifiers import Borne, Identifiers
from tokui.identity.normalise.contact import phone_type
from tokui.identity.numbers import numbers
from tokui.identity.terms import Term


class Series:
    """
    Identifiers of one kind and issuer.

    What two of them say hangs on what they are worth, if each customer has but one: which it is
    does not matter, except for the two ends of a number and for a slip in one.
    """

    def __init__(self, name: str, known: Identifiers, shared: Collection[str]) -> None:
        self.name = name
        self.shared = shared
        self.known = known
        self.borne: Borne = known.series[name]
        several = len(self.borne.several)
        self._key = np.append(self.borne.key, np.zeros(several, np.int32))
        self._any_key = name.startswith(("email:", "phone:"))
        self._first, self._second = np.zeros((2, len(self._key)), np.int32)
        kinds = self._kinds()
        for kind in np.unique(kinds).tolist():  # of each kind two stand for all
            codes = np.flatnonzero(kinds == kind)
            self._first[codes], self._second[codes] = codes[0], codes[:2][-1]

    def _kinds(self) -> Codes:
        """What is alike has the same number."""
        keys = [self.known.keys[number] for number in self.borne.key.tolist()]
        kinds: Codes = self.borne.strength * 4
        kinds += np.array([f"{self.name}:{key}" in self.shared for key in keys])
        if self.name.startswith("phone:"):
            kinds += np.array([phone_type(key) != "landline" for key in keys]) * np.int32(2)
        return kinds

    def say(self, one: Codes, other: Codes, code: Callable[[Term | None], int]) -> Codes:
        """The reasons of pairs."""

        def ask(left: int, right: int) -> int:
            mine, theirs = (self.known.of(self.borne, each) for each in (left, right))
            return code(numbers(self.name, mine, theirs, self.shared))

        mine, theirs = self.borne.codes[one], self.borne.codes[other]
        same = mine == theirs
        left, right = self._first[mine], self._first[mine]
        if self._any_key:
            right = np.where(same, left, self._second[theirs])
        key = self._key
        like = same | ((key[mine] != key[theirs]) & (key[left] != key[right]) & self._any_key)
        like &= (key[mine] != 0) & (key[theirs] != 0)
        return alike(np.where(like, left, mine), np.where(like, right, theirs), ask)
