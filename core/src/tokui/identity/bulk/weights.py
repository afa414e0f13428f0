"""Weighing pairs of customers by what `match` says of their parts."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from tokui.identity import match
from tokui.identity.bulk.asking import TURNED, Asking, Later
from tokui.identity.bulk.column import Codes, Column
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.names import Names
from tokui.identity.bulk.pairs import Bools, Flags, Pairs, joined
from tokui.identity.bulk.reasons import Reasons
from tokui.identity.bulk.series import Series
from tokui.identity.hands import Hands
from tokui.identity.scope import Pulse
from tokui.identity.terms import TERMS, Term
from tokui.identity.weigh import Scales

PORTION = 400_000
"""Pairs that are weighed at a time: with more, fewer values are compared twice, in more memory."""

NEAR = max(term.stranger for code, term in TERMS.items() if code.startswith(("address", "postal")))
"""The most that two addresses say."""

NUMBERS = slice(5, -1)
"""The place of identifiers among the reasons; of several, the order is each customer's own."""

NEVER = -(2**31)
"""No pair weighs so little: what may be less than asked for is not weighed to the end."""


@cache
def _seconds() -> Codes:
    """`match.second` by how far the rivals are apart."""
    return np.array([match.second(n) for n in range(match.APART + 1)], np.int32)


class Weights:
    """
    Weighs pairs of places in columns.

    Attributes:
        terms: The reasons of likely pairs of two profiles, by `Pairs.keys`; some may be missing.
    """

    def __init__(self, columns: Columns, scales: Scales, hands: Hands) -> None:
        self.columns = columns
        self.scales = scales
        self.reasons = Reasons()
        self.terms: dict[int, tuple[Term, ...]] = {}
        self._asking = Asking(hands, self.reasons)
        self._names = Names(columns, self._asking)
        known = columns.identifiers
        self._series = [Series(name, known, scales.shared) for name in known.series]
        self._second = _seconds()

    def likely(self, low: Codes, high: Codes, pulse: Pulse) -> Pairs:
        """Those that weigh as much as the policy's floor; `pulse` hears how many were looked at."""
        floor, found = self.scales.policy.floor, [self.weigh(low[:0], high[:0])]
        for start in range(0, len(low), PORTION):
            some = slice(start, start + PORTION)
            pairs, said = self._weigh(low[some], high[some], floor)
            enough = pairs.score >= floor
            found.append(pairs.only(enough))
            self._remember(found[-1], [each[enough] for each in said])
            pulse(len(pairs.low))
        return joined(found)

    def weigh(self, low: Codes, high: Codes) -> Pairs:
        """Judge pairs."""
        return self._weigh(low, high, NEVER)[0]

    def _remember(self, pairs: Pairs, said: Sequence[Codes]) -> None:
        """Keep the reasons that a decision, or a question, will be given with."""
        profiles, usual = self.columns.profiles, self.columns.identifiers.usual
        ordered = usual[pairs.low] & usual[pairs.high]
        told = profiles[pairs.low] != profiles[pairs.high]
        told &= ordered | (sum((each != 0 for each in said[NUMBERS]), np.int8(0)) < 2)
        texts = self.reasons.texts([each[told] for each in said])
        self.terms.update(zip(pairs.keys[told].tolist(), texts, strict=True))

    def _weigh(self, one: Codes, other: Codes, least: int) -> tuple[Pairs, list[Codes]]:
        """Weighed pairs with their reasons, in order; of what cannot reach `least` less is said."""
        asked = self._alike("birthday", self.columns.birthday, one, other)
        names = self._names.ask(one, other)
        numbers = [each.say(one, other, self.reasons.code) for each in self._series]
        days = asked()
        kin, strange = self._summed([days, *numbers], one)
        may_turn = self._may(kin + TURNED.family, strange + TURNED.stranger, least)
        called, house = self._names.turn(one, other, names, may_turn)
        hints = self._names.hint(one, other, called)
        self._part_twins(days, called)
        said = [called, *hints, house, days, *numbers]
        kin, strange = self._summed(said, one)
        said.append(self._near(one, other, self._may(kin, strange, least)))
        return self._judged(one, other, said), said

    def _summed(self, said: Sequence[Codes], one: Codes) -> tuple[Codes, Codes]:
        family, stranger, _ = self.reasons.tables()
        kin = np.full(len(one), self.scales.policy.alone, np.int32)
        strange = np.zeros(len(one), np.int32)
        for each in said:
            kin += family[each]
            strange += stranger[each]
        return kin, strange

    def _may(self, kin: Codes, strange: Codes, least: int) -> Bools:
        """Which pairs may weigh as much, whatever their addresses say?"""
        may: Bools = np.minimum(kin, strange + (self.scales.prior + NEAR)) >= least
        return may

    def _judged(self, one: Codes, other: Codes, said: Sequence[Codes]) -> Pairs:
        kin, strange = self._summed(said, one)
        *_, on = self.reasons.tables()
        agrees: Flags = np.zeros(len(one), np.int8)
        for each in said:
            agrees |= on[each]
        evidence = np.minimum(kin, strange)
        strange += self.scales.prior
        apart = np.minimum(np.abs(kin - strange), match.APART)
        score = np.minimum(kin, strange) - self._second[apart]
        return Pairs(one, other, score, evidence, agrees)

    def _part_twins(self, days: Codes, called: Codes) -> None:
        """A birthday is of twins where the given names are two."""
        same, twins = (self.reasons.code(TERMS[f"birthday.{each}"]) for each in ("same", "twins"))
        days[(days == same) & self.reasons.among(called, match.OTHER_NAMES)] = twins

    def _near(self, one: Codes, other: Codes, where: Bools) -> Codes:
        """What addresses say, `where` it matters."""
        found = np.zeros(len(one), np.int32)
        found[where] = self._alike("places", self.columns.places, one[where], other[where])()
        return found

    def _alike(self, about: str, column: Column[Any], one: Codes, other: Codes) -> Later:
        return self._asking.alike(about, column.values, column.codes[one], column.codes[other])
