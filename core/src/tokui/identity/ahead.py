"""Reading ahead: what is asked of one person is read for all who will be asked about next."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from tokui.card import KnownAs, Profile
from tokui.connector import Balance, Kept, Member, Purchase, order_mark
from tokui.identity.golden import golden
from tokui.identity.rules import Trust
from tokui.model import Customer
from tokui.store import contacts, profiles, purchases
from tokui.store.books import balances, found
from tokui.store.engine import Transaction

K = TypeVar("K")
V = TypeVar("V")


class Portions(Generic[K, V]):
    """
    Answers by key; what is asked for first brings others with it. Without others nothing is remembered.

    Args:
        read: Reads the answers to some keys; one without an answer is left out, and None.
        others: Whom else to read with a key.
    """

    def __init__(
        self, read: Callable[[Collection[K]], Mapping[K, V]], others: Callable[[K], Iterable[K]]
    ) -> None:
        self._read = read
        self._others = others
        self._known: dict[K, V | None] = {}

    def __getitem__(self, key: K) -> V | None:
        if key in self._known:
            return self._known[key]
        others = {*self._others(key)}
        wanted = ({key} | others) - self._known.keys()
        found = self._read(wanted)
        if others:
            self._known |= {each: found.get(each) for each in wanted}
        return found.get(key)


class Ahead:
    """
    What one snapshot says of people.

    Args:
        tx: The snapshot.
        trust: Whose word counts.
        expected: Whom somebody will ask about. Of others, each is read by itself.
    """

    def __init__(self, tx: Transaction, trust: Trust, expected: Iterable[int] = ()) -> None:
        self._tx = tx
        self._trust = trust
        self._people = profiles.resolved(tx, expected)
        self._customers = Portions(self._read_customers, self._others)
        self._profiles = Portions(self._make_profiles, self._others)
        self._purchases = Portions(self._read_purchases, self._others)
        self._bearers = Portions(self._read_bearers, self._like)
        self._kept = Portions(self._read_kept, self._fellows)
        self._about = Portions(self._read_about, self._same)
        self._balances = Portions(self._read_balances, self._fellows)

    def customers(self, profile_id: int) -> Sequence[tuple[str, Customer]]:
        """As `profiles.customers`."""
        return self._customers[self._current(profile_id)] or ()

    def profile(self, profile_id: int) -> Profile | None:
        """
        The golden view of a person, or None when there is no such profile; follows aliases.

        It is computed from the customers linked to the profile whenever it is read, so it is never
        older than they are, and a changed priority counts at once.
        """
        return self._profiles[self._current(profile_id)]

    def purchases(self, profile_id: int) -> Sequence[Purchase]:
        """All orders there are, of all channels."""
        return self._purchases[self._current(profile_id)] or ()

    def bearers(self, token: str) -> Sequence[int]:
        """The profiles known by an identifier; they will be asked about, too."""
        return self._bearers[token] or ()

    def kept(self, member: Member) -> Sequence[Kept]:
        """All transfers of a member, the oldest first."""
        return self._kept[member] or ()

    def balance(self, member: Member) -> Balance:
        """What a member has in our books."""
        return self._balances[member] or balances(self._tx, [member])[0]

    def about(self, programme: str, profile_id: int) -> Mapping[Member, Sequence[Kept]]:
        """What a programme posted of a person's orders, by whose account it is on."""
        return self._about[programme, self._current(profile_id)] or {}

    # --- whom to read at once ----------------------------------------------------------------------

    def _current(self, profile_id: int) -> int:
        return self._people.get(profile_id) or profiles.resolve(self._tx, profile_id)

    def _others(self, _: int) -> Iterable[int]:
        return self._people.values()

    def _same(self, one: tuple[str, int]) -> Iterator[tuple[str, int]]:
        return ((one[0], number) for number in self._people.values())

    def _like(self, token: str) -> Iterator[str]:
        """The identifiers of the same kind and issuer."""
        place = tuple(token.split(":")[:2])
        return (_token(each) for each in self._known_as if (each.kind, each.issuer) == place)

    def _fellows(self, member: Member) -> Iterator[Member]:
        """Those whom people know by the same sort of number, in the same programme."""
        kinds = {each.kind for each in self._known_as if each.key == member.member_no}
        for each in self._known_as:
            if each.kind in kinds and each.key:
                yield Member(member.programme, each.key)

    @cached_property
    def _known_as(self) -> Sequence[KnownAs]:
        """All that identifies the expected people."""
        found = [self._profiles[each] for each in {*self._people.values()}]
        return [each for profile in found if profile for each in profile.identifiers]

    # --- reading -----------------------------------------------------------------------------------

    def _read_customers(self, some: Collection[int]) -> Mapping[int, list[tuple[str, Customer]]]:
        return profiles.customers_of_profiles(self._tx, some)

    def _make_profiles(self, some: Collection[int]) -> Mapping[int, Profile]:
        made = {each: self._golden(each) for each in some}
        return {each: profile for each, profile in made.items() if profile}

    def _golden(self, number: int) -> Profile | None:
        known = self._customers[number]
        if not known:
            return None
        priorities = self._trust.priorities
        records = [(name, priorities.get(name, 100), customer) for name, customer in known]
        return Profile.of(number, golden(records, issuers=self._trust.issuers))

    def _read_purchases(self, some: Collection[int]) -> Mapping[int, list[Purchase]]:
        return purchases.of_profiles(self._tx, some)

    def _read_bearers(self, some: Collection[str]) -> Mapping[str, list[int]]:
        found = contacts.profiles_by(self._tx, some)
        self._people |= {each: each for borne in found.values() for each in borne}
        return found

    def _read_kept(self, some: Collection[Member]) -> Mapping[Member, Sequence[Kept]]:
        return purchases.kept(self._tx, some)

    def _read_about(
        self, some: Collection[tuple[str, int]]
    ) -> Mapping[tuple[str, int], dict[Member, list[Kept]]]:
        whose: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for programme, number in some:
            for each in self.purchases(number):
                whose[f"{programme}/{order_mark(*each.key)}"].append((programme, number))
        read: dict[tuple[str, int], dict[Member, list[Kept]]] = defaultdict(dict)
        for start, member, posted in found.under(self._tx, whose):
            for one in whose[start]:
                read[one].setdefault(member, []).append(posted)
        return read

    def _read_balances(self, some: Collection[Member]) -> Mapping[Member, Balance]:
        members = list(some)
        return dict(zip(members, balances(self._tx, members), strict=True))


def _token(known: KnownAs) -> str:
    return f"{known.kind}:{known.issuer}:{known.key}"
