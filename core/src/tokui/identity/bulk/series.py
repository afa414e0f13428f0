"""What customers' identifiers of one kind and issuer say, asked once for those that are alike."""

from collections.abc import Callable, Collection

import numpy as np

from tokui.identity.bulk.columns import Codes, Column, Numbers
from tokui.identity.bulk.distinct import alike
from tokui.identity.normalise.contact import phone_type
from tokui.identity.numbers import numbers
from tokui.identity.terms import Term


class Series:
    """
    Identifiers of one kind and issuer.

    What two of them say hangs on what they are worth, if each customer has but one: which it is
    does not matter, except for the two ends of a number and for a slip in one.
    """

    def __init__(self, name: str, column: Column[Numbers], shared: Collection[str]) -> None:
        self.name = name
        self.shared = shared
        self.column = column
        self._alike = name.startswith(("email:", "phone:"))
        kinds: dict[object, list[int]] = {}
        for code, value in enumerate(column.values):
            kinds.setdefault(self._kind(value), []).append(code)
        self._first, self._second = np.zeros((2, len(column.values)), np.int32)
        for codes in kinds.values():  # of each kind two stand for all
            self._first[codes], self._second[codes] = codes[0], codes[:2][-1]
        self._single = np.array([len(value) == 2 for value in column.values])

    def _kind(self, value: Numbers) -> object:
        """What is alike has the same; several numbers are like no others."""
        if len(value) != 2:
            return value
        key, strength = value
        mobile = self.name.startswith("phone:") and phone_type(key) != "landline"
        return strength, mobile, f"{self.name}:{key}" in self.shared

    def say(self, one: Codes, other: Codes, code: Callable[[Term | None], int]) -> Codes:
        """The reasons of pairs."""

        def ask(left: int, right: int) -> int:
            mine, theirs = self._numbers(left), self._numbers(right)
            return code(numbers(self.name, mine, theirs, self.shared))

        mine, theirs = self.column.codes[one], self.column.codes[other]
        same = mine == theirs
        alone = self._single[mine] & self._single[theirs] & (same | self._alike)
        left = np.where(alone, self._first[mine], mine)
        right = np.where(alone, np.where(same, left, self._second[theirs]), theirs)
        return alike(left, right, ask)

    def _numbers(self, code: int) -> dict[str, str]:
        value = self.column.values[code]
        half = len(value) // 2
        return dict(zip(value[:half], value[half:], strict=True))
