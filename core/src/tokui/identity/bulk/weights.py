"""Weighing pairs of customers by what `match` says of their parts."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokui.identity import match
from tokui.identity.bulk.columns import Codes, Columns
from tokui.identity.bulk.distinct import alike, asked
from tokui.identity.bulk.pairs import Bools, Pairs
from tokui.identity.bulk.series import Series
from tokui.identity.features import Features, part
from tokui.identity.normalise.names import Names
from tokui.identity.normalise.place import Place
from tokui.identity.scope import Pulse
from tokui.identity.terms import AGREES, TERMS, Term
from tokui.identity.weigh import Scales

PORTION = 1_600_000
"""Pairs that are weighed at a time: the more, the fewer values are compared twice."""


@cache
def _seconds() -> NDArray[np.int32]:
    """`match.second` by how far the rivals are apart."""
    return np.array([match.second(n) for n in range(match.APART + 1)], np.int32)


class Terms:
    """Reasons as numbers; 0 is none."""

    def __init__(self) -> None:
        self.known: dict[Term | None, int] = {None: 0}

    def code(self, term: Term | None) -> int:
        """The number of a reason."""
        return self.known.setdefault(term, len(self.known))

    def tables(self) -> Iterator[NDArray[Any]]:
        """By a reason's number: its weights against the two rivals, and what it is an agreement on."""
        known = [term or Term("", 0, 0) for term in self.known]
        yield np.array([term.family for term in known], np.int32)
        yield np.array([term.stranger for term in known], np.int32)
        yield np.array([AGREES.get(term.code, 0) for term in known], np.int8)


class Weights:
    """Weighs pairs of places in columns."""

    def __init__(self, columns: Columns, scales: Scales) -> None:
        self.columns = columns
        self.scales = scales
        self.terms = Terms()
        self.given = [part(text) for text in columns.given.values]
        self.family = [part(text) for text in columns.family.values]
        self.homes = [[Place(*each) for each in some] for some in columns.places.values]
        self.series = [Series(*each, scales.shared) for each in columns.numbers.items()]
        self._heard = np.array([bool(each.sound) for each in self.given])
        self._people: dict[int, Features] = {}
        self._second = _seconds()

    def weigh(self, low: Codes, high: Codes, pulse: Pulse) -> Pairs:
        """Judge pairs, some at a time; `pulse` hears how many."""
        found = Pairs(
            low, high, np.empty_like(low), np.empty_like(low), np.empty(len(low), np.int8)
        )
        for start in range(0, len(low), PORTION):
            some = found.only(slice(start, start + PORTION))
            some.score[:], some.evidence[:], some.agrees[:] = self._weigh(some.low, some.high)
            pulse(len(some.low))
        return found

    def _weigh(self, one: Codes, other: Codes) -> tuple[Codes, Codes, NDArray[np.int8]]:
        """Score, evidence and agreements."""
        kin = np.full(len(one), self.scales.policy.alone, np.int32)
        strange, agree = np.zeros(len(one), np.int32), np.zeros(len(one), np.int8)
        for said in self._said(one, other):
            family, stranger, agrees = self.terms.tables()
            kin += family[said]
            strange += stranger[said]
            agree |= agrees[said]
        evidence = np.minimum(kin, strange)
        strange += self.scales.prior
        apart = np.minimum(np.abs(kin - strange), match.APART)
        return np.minimum(kin, strange) - self._second[apart], evidence, agree

    def _said(self, one: Codes, other: Codes) -> Iterator[Codes]:
        """The reasons of pairs, of one kind after the other, as only one kind is held at a time."""
        called, house = self._names(one, other)
        yield house
        yield from self._nameless(one, other, called == 0)
        yield called
        yield self._birthdays(one, other, called)
        yield from (each.say(one, other, self.terms.code) for each in self.series)
        yield self._places(one, other)

    def _names(self, one: Codes, other: Codes) -> tuple[Codes, Codes]:
        given, family = self.columns.given.codes, self.columns.family.codes
        called = alike(given[one], given[other], self._given)
        house = alike(family[one], family[other], self._family)
        clash = np.flatnonzero(np.isin(called, [self.terms.code(each) for each in match.CLASHES]))
        for left, right in ((one, other), (other, one)):
            crossed = asked(given[left[clash]], family[right[clash]], self._crossed)
            clash = clash[crossed != 0]
        called[clash] = self.terms.code(TERMS["names.turned"])
        house[clash] = 0
        return called, house

    def _given(self, one: int, other: int) -> int:
        return self.terms.code(match.given(self.given[one], self.given[other]))

    def _family(self, one: int, other: int) -> int:
        return self.terms.code(match.family(self.family[one], self.family[other]))

    def _crossed(self, given: int, family: int) -> int:
        return match.crossed(self.given[given], self.family[family])

    def _nameless(self, one: Codes, other: Codes, unsaid: Bools) -> tuple[Codes, Codes]:
        """What is left to go by where one has no given name."""
        by_name = self._hints(one, other) | self._hints(other, one)
        found = np.zeros((2, len(one)), np.int32)
        for at in np.flatnonzero(unsaid & by_name).tolist():
            for term in match.nameless(self._called(one[at]), self._called(other[at])):
                found[int(term.code == "mailbox.given"), at] = self.terms.code(term)
        return found[0], found[1]

    def _hints(self, nameless: Codes, named: Codes) -> Bools:
        """May the one's display name, or mailbox, say something of the other's given name?"""
        nick, mailbox = self.columns.nick.codes[nameless], self.columns.mailbox.codes
        given = self.columns.given.codes
        written = (mailbox[nameless] != 0) & (mailbox[nameless] != mailbox[named])
        hints: Bools = (given[named] != 0) & (
            (nick != 0) | (written & ~self._heard[given[nameless]])
        )
        return hints

    def _called(self, place: int) -> Features:
        known = self._people.get(place)
        if known is None:
            columns = self.columns
            names = Names(given=self.given[columns.given.codes[place]], nick=columns.nick.at(place))
            known = self._people[place] = Features(names, mailbox=columns.mailbox.at(place))
        return known

    def _birthdays(self, one: Codes, other: Codes, called: Codes) -> Codes:
        days = self.columns.birthday
        mine, theirs = days.codes[one], days.codes[other]
        found = alike(mine, theirs, lambda a, b: self._birthday(a, b, None))
        others = [self.terms.code(each) for each in match.OTHER_NAMES]
        twins = (mine == theirs) & (mine != 0) & np.isin(called, others)
        found[twins] = asked(
            mine[twins], theirs[twins], lambda a, b: self._birthday(a, b, match.OTHER_NAMES[0])
        )
        return found

    def _birthday(self, one: int, other: int, name: Term | None) -> int:
        days = self.columns.birthday.values
        return self.terms.code(match.birthday(days[one], days[other], name))

    def _places(self, one: Codes, other: Codes) -> Codes:
        homes = self.columns.places.codes
        return alike(homes[one], homes[other], self._place)

    def _place(self, one: int, other: int) -> int:
        return self.terms.code(match.places(self.homes[one], self.homes[other]))
