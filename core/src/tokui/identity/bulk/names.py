"""What the names of two customers say."""

import numpy as np

from tokui.identity import match
from tokui.identity.bulk.column import Codes
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.distinct import alike, asked
from tokui.identity.bulk.pairs import Bools
from tokui.identity.bulk.reasons import Reasons
from tokui.identity.features import Features, part
from tokui.identity.normalise.names import Names as Called
from tokui.identity.terms import TERMS

TURNED = TERMS["names.turned"]


class Names:
    """All customers' names, in the columns they stand in."""

    def __init__(self, columns: Columns, reasons: Reasons) -> None:
        self.columns = columns
        self.reasons = reasons
        self.given = [part(text) for text in columns.given.values]
        self.family = [part(text) for text in columns.family.values]
        self._heard = np.array([bool(each.sound) for each in self.given])
        self._people: dict[int, Features] = {}

    def compare(self, one: Codes, other: Codes, may_turn: Bools) -> tuple[Codes, Codes]:
        """What given names say, and family names; `may_turn`: pairs whose names may be turned."""
        given, family = self.columns.given.codes, self.columns.family.codes
        called = alike(given[one], given[other], self._given)
        house = alike(family[one], family[other], self._family)
        clashes = [self.reasons.code(each) for each in match.CLASHES]
        clash = np.flatnonzero(np.isin(called, clashes) & may_turn)
        for left, right in ((one, other), (other, one)):
            crossed = asked(given[left[clash]], family[right[clash]], self._crossed)
            clash = clash[crossed != 0]
        called[clash] = self.reasons.code(TURNED)
        house[clash] = 0
        return called, house

    def hint(self, one: Codes, other: Codes, called: Codes) -> tuple[Codes, Codes]:
        """What is left to go by where one has no given name: display name and mailbox."""
        by_name = self._hints(one, other) | self._hints(other, one)
        found = np.zeros((2, len(one)), np.int32)
        for at in np.flatnonzero((called == 0) & by_name).tolist():
            for term in match.nameless(self._called(one[at]), self._called(other[at])):
                found[int(term.code == "mailbox.given"), at] = self.reasons.code(term)
        return found[0], found[1]

    def _given(self, one: int, other: int) -> int:
        return self.reasons.code(match.given(self.given[one], self.given[other]))

    def _family(self, one: int, other: int) -> int:
        return self.reasons.code(match.family(self.family[one], self.family[other]))

    def _crossed(self, given: int, family: int) -> int:
        return match.crossed(self.given[given], self.family[family])

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
            names = Called(
                given=self.given[columns.given.codes[place]], nick=columns.nick.at(place)
            )
            known = self._people[place] = Features(names, mailbox=columns.mailbox.at(place))
        return known
