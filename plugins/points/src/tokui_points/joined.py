"""
Accounts that have become one: several numbers of one person, a card in the place of another.

All that is on one is moved to the other, and comes back when its reason is gone. What somebody bought
as a bearer of a number that they bear no more, and that others do, stays where it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tokui.card import Profile
from tokui.connector import Kept, Member, Move, Reverse
from tokui.hooks import View

from tokui_points import keys, reasons
from tokui_points.accounts import Account, numbers, person_of
from tokui_points.facts import Person
from tokui_points.pages import Pages
from tokui_points.settings import Programme

FAR = datetime.max.replace(tzinfo=UTC)

Held = list[tuple[Account, Sequence[Kept]]]
"""Accounts, and all that was posted of what is on each now."""


class Joining:
    """
    One person in one programme, whose accounts are to be joined and parted.

    Attributes:
        pages: What the books say; its `planned` is to be posted first.
    """

    def __init__(
        self, name: str, programme: Programme, profile: Profile, held: Sequence[Account], view: View
    ) -> None:
        self.name = name
        self.programme = programme
        self.profile = profile
        self.view = view
        self.pages = Pages(view)
        self.held = [*held]
        self._ours = {each.member for each in held}
        cards = numbers(programme, profile)
        self._issuers = {programme.issuer} if programme.issuer else {each.issuer for each in cards}

    def joined(self) -> Held:
        """The accounts that the person has in the end; most people have one, and never had another."""
        alone = len(self.held) < 2 and not any(map(self._were_moves, self.held))
        if not alone:
            self._part()
        if not alone and self.programme.holder == "person":
            self._join()
        former = self._follow_cards()
        if alone and not self.pages.planned:
            return [*((each, self.view.kept(each.member)) for each in self.held), *former]
        here = [each for each in self.held if self.pages.now(each.member) == each.member]
        with_all = [self._with_all(each) for each in here]
        return [(each, self.pages.kept(each.member)) for each in with_all] + former

    def _were_moves(self, account: Account) -> bool:
        return self.pages.were_moves(account.member)

    def shown(self) -> list[Account]:
        """The accounts to be looked at: of those that went to another, the ones that have points still."""
        there = [account for account, _ in self.joined() if not account.former]
        members = {each.member for each in there}
        away = [each for each in self.held if each.member not in members]
        return there + [each for each in away if self._has(each.member)]

    def is_shared(self, account: Account) -> bool:
        """Whether somebody else bears the number, too, where numbers are one person's."""
        return bool(self._others(account.member))

    def theirs(self, account: Account) -> frozenset[str]:
        """Marks of what these others bought: on the account it is theirs."""
        others = self._others(account.member)
        bought = (each for other in others for each in self.view.purchases(other))
        return frozenset(keys.order_tag(each.key) for each in bought)

    def _others(self, member: Member) -> set[int]:
        if self.programme.holder == "household":
            return set()
        return self._bearers(member) - {self.profile.profile_id}

    def _has(self, member: Member) -> bool:
        balance = self.view.balance(member)
        return bool(balance.points or balance.pending or balance.held or balance.owed)

    def _with_all(self, account: Account) -> Account:
        """With the orders, and the numbers, of the accounts that went to it."""
        mine = [each for each in self.held if self.pages.now(each.member) == account.member]
        own = frozenset[tuple[str, str]]().union(*(each.own for each in mine))
        also = tuple(each.raw for each in mine if each is not account)
        return replace(account, own=own, also=also)

    def _part(self) -> None:
        """Take back what was moved by itself between this person's account and another's."""
        for move in [move for each in self.held for move in self.pages.moves(each.member)]:
            other = move.to if move.member in self._ours else move.member
            deed = keys.deed_of(move.key)
            if not deed or other in self._ours:
                continue
            if other == move.to or (deed == "moved" and self._is_borne(other)):
                key = f"{self.name}/parted/{keys.short(move.key, 24)}"
                self.pages.planned.append(Reverse(key, move.to, move.key, reasons.PARTED))

    def _join(self) -> None:
        """All numbers of a person alone are one account: the first that nothing went away from."""
        mine = [each for each in self.held if not self.is_shared(each)]
        first = next((each for each in mine if self.pages.now(each.member) == each.member), None)
        for each in mine if first else ():
            if first and each is not first and not self.pages.is_empty(each.member):
                self._plan("moved", each.member, first.member, reasons.TWO_NUMBERS)

    def _plan(self, why: str, member: Member, to: Member, reason: str) -> None:
        key = f"{self.name}/{why}/{keys.whose(member)}/{self.pages.next(member)}"
        if not self.view.balance(member).held:
            self.pages.planned.append(Move(key, member, to.member_no, reason))

    def _follow_cards(self) -> Held:
        """What stands on numbers that the person does not bear any more."""
        former: Held = []
        for member, kept in self._strays():
            target = self._successor(member, kept)
            if target:
                self._plan("replaced", member, target.member, reasons.REPLACED)
            elif self.programme.holder == "household" or not self._is_borne(member):
                bare = Account(member, "", self._person(), frozenset(), former=True)
                former.append((bare, kept))
        return former

    def _strays(self) -> Iterator[tuple[Member, list[Kept]]]:
        """Accounts on which the person once bought by their own number, and what stands of that."""
        person = self.held[0].person if self.held else self._person()
        if not person.purchases:
            return
        known = {keys.order_of(line) for each in self.held for line in self._lines(each)}
        newest, sources = self._newest(), self.programme.earns_from
        marks = {
            keys.order_tag(each.key)
            for each in person.purchases
            if each.connection in sources and each.order.placed_at <= newest
        }
        found: dict[Member, list[Kept]] = {}
        for member, kept in (self._about() if marks - known else {}).items():
            mine = [each for each in kept if keys.order_of(keys.line_of(each.key)) in marks - known]
            found.setdefault(self.pages.now(member), []).extend(mine)
        for member, kept in found.items():
            if member not in self._ours and any(each.own for each in keys.read(kept).values()):
                yield member, kept

    def _about(self) -> Mapping[Member, Sequence[Kept]]:
        return self.view.about(self.name, self.profile.profile_id)

    def _newest(self) -> datetime:
        """
        What was bought later cannot stand elsewhere; it spares most people a look.

        After the last posting on an account to which and from which nothing was ever moved, its number
        was in nobody's place.
        """
        times = [each.at for account in self.held for each in self.view.kept(account.member)[-1:]]
        still = times and not any(map(self._were_moves, self.held))
        alone = still and len(times) == len(self.held) and self.programme.holder != "household"
        return min(times) if alone else FAR

    def _lines(self, account: Account) -> Iterator[str]:
        return iter(keys.read(self.pages.kept(account.member)))

    def _successor(self, member: Member, kept: Sequence[Kept]) -> Account | None:
        """The account of the number that stands in the record in which the other one stood."""
        if self.programme.holder == "household" or self._is_borne(member):
            return None
        marks = {keys.order_of(line) for line, each in keys.read(kept).items() if each.own}
        for each in self.held:
            if marks & {keys.order_tag(order) for order in each.borne}:
                return each
        return None

    def _is_borne(self, member: Member) -> bool:
        """Whether somebody bears a number now."""
        return bool(self._bearers(member))

    def _bearers(self, member: Member) -> set[int]:
        kind, number = self.programme.number, member.member_no
        known = (self.view.bearers(kind, issuer, number) for issuer in self._issuers)
        return {each for some in known for each in some}

    def _person(self) -> Person:
        purchases = self.view.purchases(self.profile.profile_id)
        return person_of(self.programme, [self.profile], purchases, self.view)
