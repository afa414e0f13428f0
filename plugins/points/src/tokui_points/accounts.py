"""Whose purchases earn on which account: members, by their numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tokui.card import KnownAs, Profile
from tokui.connector import Member, Purchase
from tokui.hooks import View
from tokui.identity.normalise import normalise

from tokui_points.calendar import YEARS
from tokui_points.facts import Person, sales_of
from tokui_points.keys import order_tag
from tokui_points.settings import Programme


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """
    An account, and what is counted for it.

    Attributes:
        member: Whose, in the books.
        raw: The number as it is written on the card.
        person: All facts that decide its tier.
        own: Keys of the orders that earn on it, unless they stand on another of the person's already.
        borne: Keys of the orders whose buyer's record bears the number itself.
        family: Marks of the orders of all who bear it, where several may.
        bearers: How many do.
        also: Other numbers of the person, whose points went to it.
        former: The person does not bear it any more, and what they bought then stands on it.
    """

    member: Member
    raw: str
    person: Person
    own: frozenset[tuple[str, str]]
    borne: frozenset[tuple[str, str]] = frozenset()
    family: frozenset[str] | None = None
    bearers: int = 1
    also: tuple[str, ...] = ()
    former: bool = False


def accounts(name: str, programme: Programme, profile: Profile, view: View) -> list[Account]:
    """The accounts of a person in a programme; none of one who is no member."""
    cards = numbers(programme, profile)
    if not cards:
        return []
    if programme.holder == "household":
        return [_of_family(name, programme, card, view) for card in cards]
    purchases = view.purchases(profile.profile_id)
    person = person_of(programme, [profile], purchases, view)
    shared = _shares(programme, cards, purchases)
    borne = [_borne([card], purchases) for card in cards]
    if programme.holder == "person":
        borne = [_borne(cards, purchases)] * len(cards)
    return [
        Account(Member(name, str(card.key)), card.raw, person, frozenset(own), by_bearers)
        for card, own, by_bearers in zip(cards, shared, borne, strict=True)
    ]


def numbers(programme: Programme, profile: Profile) -> list[KnownAs]:
    """The person's member numbers, those that sources stand for most first."""
    return [
        each
        for each in profile.identifiers
        if each.kind == programme.number and each.key and programme.issuer in (None, each.issuer)
    ]


def member_of(name: str, programme: Programme, raw: str) -> Member | None:
    """The member of a number as it is written on a card; None where it can be none."""
    key = normalise(programme.number, raw)
    return Member(name, key) if key else None


def _shares(
    programme: Programme, cards: Sequence[KnownAs], purchases: Iterable[Purchase]
) -> list[set[tuple[str, str]]]:
    """For each card the orders that earn on it: the buyer's own card, or else the first."""
    shares: list[set[tuple[str, str]]] = [set() for _ in cards]
    borne = {
        (source.connection, source.external_id): number
        for number, card in reversed([*enumerate(cards)])
        for source in card.sources
    }
    for each in purchases:
        buyer = (each.connection, each.order.buyer or "")
        number = borne.get(buyer, 0) if programme.holder != "person" else 0
        shares[number].add(each.key)
    return shares


def _borne(cards: Iterable[KnownAs], purchases: Iterable[Purchase]) -> frozenset[tuple[str, str]]:
    """The orders whose buyer's own record bears one of these numbers."""
    records = {(each.connection, each.external_id) for card in cards for each in card.sources}
    return frozenset(
        each.key for each in purchases if (each.connection, each.order.buyer or "") in records
    )


def _of_family(name: str, programme: Programme, card: KnownAs, view: View) -> Account:
    """A card that several may bear: what each of them buys on it."""
    found: list[Purchase] = []
    borne: set[tuple[str, str]] = set()
    bearers = list(_bearers(card, view))
    for bearer in bearers:
        cards, purchases = numbers(programme, bearer), view.purchases(bearer.profile_id)
        shared = dict(
            zip((each.key for each in cards), _shares(programme, cards, purchases), strict=True)
        )
        found += [
            each for each in purchases if each.key in shared.get(card.key, ()) or sales_of(each)
        ]
        borne |= _borne([each for each in cards if each.key == card.key], purchases)
    person = person_of(programme, bearers, found, view)
    return Account(
        member=Member(name, str(card.key)),
        raw=card.raw,
        person=person,
        own=frozenset(each.key for each in found),
        borne=frozenset(borne),
        family=frozenset(order_tag(each.key) for each in found),
        bearers=len(bearers),
    )


def _bearers(card: KnownAs, view: View) -> Iterator[Profile]:
    for profile_id in view.bearers(card.kind, card.issuer, str(card.key)):
        if profile := view.profile(profile_id):
            yield profile


def person_of(
    programme: Programme, profiles: Sequence[Profile], purchases: Sequence[Purchase], view: View
) -> Person:
    """The facts of those who share an account; a birthday is one's own."""
    joined = [day for each in profiles for day in _joined(programme, each, view)]
    first = profiles[0] if len(profiles) == 1 else None
    return Person(
        id="+".join(str(each.profile_id) for each in profiles),
        purchases=purchases,
        joined=min(joined, default=None),
        birthday=first.birthday.value if first and first.birthday else None,
    )


def _joined(programme: Programme, profile: Profile, view: View) -> Iterator[date]:
    """The days on which sources first knew the person as a member."""
    for customer in view.customers(profile.profile_id):
        kinds = {each.kind for each in customer.identifiers}
        since = customer.created_at
        if since and since.year in YEARS and programme.number in kinds:
            yield since.astimezone(programme.zone).date()
