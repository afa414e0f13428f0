"""The books' pages as moves have bound them: what is on an account now, wherever it was posted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tokui.connector import Kept, Member, Move, Moved, Reverse
from tokui.hooks import View


@dataclass(slots=True)
class Pages:
    """
    What the books say, and what is about to be moved.

    Attributes:
        planned: Moves to be made, and moves to be taken back, before anything else is posted.
    """

    view: View
    planned: list[Move | Reverse] = field(default_factory=list)
    _known: dict[Member, bool] = field(default_factory=dict)

    def moves(self, member: Member) -> list[Moved]:
        """What went from or to a member and stands, the oldest first."""
        undone = {each.of for each in self.planned if isinstance(each, Reverse)}
        new = [
            Moved(each.key, each.member, replace(each.member, member_no=each.to))
            for each in self.planned
            if isinstance(each, Move)
        ]
        known = [each for each in self._ever(member) if not each.back and each.key not in undone]
        return known + [each for each in new if member in (each.member, each.to)]

    def now(self, member: Member) -> Member:
        """Where all that the member had is now."""
        seen: set[Member] = set()
        while member not in seen and (moves := self.moves(member)) and moves[-1].member == member:
            seen.add(member)
            member = moves[-1].to
        return member

    def is_empty(self, member: Member) -> bool:
        """Whether nothing was posted, or nothing since all of it went."""
        kept = self.view.kept(member)
        return not kept or (_goes(kept[-1]) and self.now(member) != member)

    def next(self, member: Member) -> int:
        """The number of the next move from a member."""
        return 1 + sum(_goes(each) for each in self.view.kept(member))

    def kept(self, member: Member) -> list[Kept]:
        """What was earned and is on this account now, what took it back, and what was spent."""
        family = self._family(member)
        if len(family) == 1:
            return [*self.view.kept(member)]
        mine = [each for who in family for each in self._earned(who, member)]
        keys = {each.key for each in mine}
        here = {who for who in family if self.now(who) == member}
        later = [
            each
            for who in family
            for each in self.view.kept(who)
            if each.kind != "earn" and (each.of in keys if each.of else who in here)
        ]
        return sorted([*mine, *later], key=_in_order)

    def _earned(self, who: Member, now: Member) -> list[Kept]:
        """Of what one earned, what another has now."""
        kept = self.view.kept(who)
        leaves = any(isinstance(each, Move) and each.member == who for each in self.planned)
        gone = max((n for n, each in enumerate(kept) if leaves or _goes(each)), default=-1)
        after = self.now(who)
        return [
            each
            for n, each in enumerate(kept)
            if each.kind == "earn" and (after if n <= gone else who) == now
        ]

    def _family(self, member: Member) -> Sequence[Member]:
        """The member, and all with whom it ever had to do by moves."""
        found = [member]
        for each in found:  # it grows
            moves = [*self._ever(each), *self.moves(each)]
            others = dict.fromkeys(who for move in moves for who in (move.member, move.to))
            found += [who for who in others if who not in found]
        return found

    def _ever(self, member: Member) -> Sequence[Moved]:
        """Mostly there never was a move, and nothing more is asked."""
        return self.view.moved(member) if self.were_moves(member) else ()

    def were_moves(self, member: Member) -> bool:
        """Whether anything ever went from or to a member."""
        if member not in self._known:
            self._known[member] = any(each.kind == "move" for each in self.view.kept(member))
        return self._known[member]


def _goes(kept: Kept) -> bool:
    return kept.kind == "move" and kept.of is None


def _in_order(kept: Kept) -> tuple[datetime, bool]:
    return kept.at, kept.kind != "earn"
