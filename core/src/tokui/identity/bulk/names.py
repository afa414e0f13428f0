"""What the names of two customers say."""

import numpy as np

from tokui.identity import match
from tokui.identity.bulk.asking import TURNED, Asking, Later
from tokui.identity.bulk.column import Codes, Column
from tokui.identity.bulk.columns import Columns
from tokui.identity.bulk.pairs import Bools
from tokui.identity.features import part


class Names:
    """All customers' names, in the columns they stand in."""

    def __init__(self, columns: Columns, asking: Asking) -> None:
        self.columns = columns
        self.asking = asking
        self._heard = np.array([bool(part(each).sound) for each in columns.given.values])

    def ask(self, one: Codes, other: Codes) -> tuple[Later, Later]:
        """Begin to ask what given names say, and family names."""
        given, family, ask = self.columns.given, self.columns.family, self.asking
        called = ask.alike("given", given.values, given.codes[one], given.codes[other])
        return called, ask.alike("family", family.values, family.codes[one], family.codes[other])

    def turn(
        self, one: Codes, other: Codes, said: tuple[Later, Later], may_turn: Bools
    ) -> tuple[Codes, Codes]:
        """The same where the names of pairs that `may_turn` are turned, too."""
        family, ask = self.columns.family, self.asking
        called, house = (each() for each in said)
        may_turn = may_turn & ~ask.reasons.coded(house, match.KIN)
        clash = np.flatnonzero(ask.reasons.among(called, match.CLASHES) & may_turn)
        for left, right in ((one, other), (other, one)):
            clash = clash[self._about("crossed", family, right[clash], left[clash]) != 0]
        called[clash] = ask.reasons.code(TURNED)
        house[clash] = 0
        return called, house

    def hint(self, one: Codes, other: Codes, called: Codes) -> tuple[Codes, Codes]:
        """What is left to go by where one has no given name: display name and mailbox."""
        found = np.zeros((2, len(one)), np.int32)
        for mine, theirs in ((one, other), (other, one)):
            self._hint(mine, theirs, called == 0, found)
        return found[0], found[1]

    def _hint(self, mine: Codes, theirs: Codes, unsaid: Bools, found: Codes) -> None:
        nick, mailbox, given = self.columns.nick, self.columns.mailbox, self.columns.given.codes
        unsaid = unsaid & (given[theirs] != 0)
        nicked = np.flatnonzero(unsaid & (nick.codes[mine] != 0) & (found[0] == 0))
        found[0, nicked] = self._about("nick", nick, mine[nicked], theirs[nicked])
        box = mailbox.codes[mine]
        written = (box != 0) & (box != mailbox.codes[theirs]) & ~self._heard[given[mine]]
        at = np.flatnonzero(unsaid & written & (found[1] == 0))
        found[1, at] = self._about("mailbox", mailbox, mine[at], theirs[at])

    def _about(self, what: str, column: Column[str], mine: Codes, theirs: Codes) -> Codes:
        """What the ones' values of a column say of the others' given names."""
        given = self.columns.given
        sides = column.codes[mine], given.codes[theirs]
        return self.asking.each(what, column.values, given.values, *sides)()
