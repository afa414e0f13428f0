"""Pairs of customers by their places in the columns, and what they weigh."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokui.identity.bulk.columns import Codes

Bools: TypeAlias = NDArray[np.bool_]
Flags: TypeAlias = NDArray[np.int8]


class Pairs(NamedTuple):
    """
    Weighed pairs.

    Attributes:
        low: The place of the customer with the lower id.
        high: That of the other one.
        score: As `match.Judgement` has it; so are the others.
    """

    low: Codes
    high: Codes
    score: Codes
    evidence: Codes
    agrees: Flags

    def only(self, which: Any) -> "Pairs":
        """Some of them, by whatever an array is indexed with."""
        return Pairs(*(each[which] for each in self))
