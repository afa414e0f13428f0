"""Asking once for each two values, however many pairs of customers have them."""

from collections.abc import Callable

import numpy as np

from tokui.identity.bulk.column import Codes
from tokui.identity.bulk.pairs import LOWER

Ask = Callable[[int, int], int]
"""A number for two codes."""


def asked(one: Codes, other: Codes, ask: Ask) -> Codes:
    """The answer for each pair of codes."""
    distinct, back = np.unique(one.astype(np.int64) << 32 | other, return_inverse=True)
    answers = [ask(both >> 32, both & LOWER) for both in distinct.tolist()]
    return np.array(answers, np.int32)[back]


def alike(one: Codes, other: Codes, ask: Ask) -> Codes:
    """The same where the answer does not depend on which comes first, and is 0 if one is 0."""
    found = np.zeros(len(one), np.int32)
    known = np.flatnonzero((one != 0) & (other != 0))
    left, right = one[known], other[known]
    found[known] = asked(np.minimum(left, right), np.maximum(left, right), ask)
    return found
