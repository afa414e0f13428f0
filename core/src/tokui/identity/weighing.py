"""Two customers, or two profiles, weighed on demand: how likely they are one person, and what objects."""

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from tokui.identity.explain import Standing
from tokui.identity.match import Judgement
from tokui.identity.people import Neighbours
from tokui.identity.person import Person
from tokui.identity.weigh import Policy, Scales, Votes
from tokui.store import bearers, profiles
from tokui.store.engine import Transaction
from tokui.store.entry import askable

_PROFILE = re.compile(r"(?:profile:)?([1-9][0-9]{0,14})", re.ASCII)


class Side(NamedTuple):
    """
    Whom a word means.

    Attributes:
        profile_id: The profile, as it is now.
        customer_id: One customer of it; None for all of them.
    """

    profile_id: int
    customer_id: int | None = None


class Weighed(NamedTuple):
    """The closest pair of two sides."""

    one: Person
    other: Person
    judgement: Judgement
    standing: Standing


def side(tx: Transaction, word: str) -> Side | None:
    """Read `CONNECTION:EXTERNAL_ID`, `17` or `profile:17`; None when there is nobody."""
    word = askable(word)
    if number := _PROFILE.fullmatch(word):
        profile_id = profiles.resolve(tx, int(number[1]))
        return Side(profile_id) if profiles.members(tx, profile_id) else None
    connection, _, external_id = word.partition(":")
    found = profiles.place_of(tx, connection, external_id)
    return Side(found[1], found[0]) if found else None


def side_of(tx: Transaction, customer_id: int) -> Side | None:
    """A customer by its id here; None when it is there no more."""
    place = profiles.places_of(tx, [customer_id]).get(customer_id)
    return Side(place[2], customer_id) if place else None


def weigh(
    tx: Transaction, policy: Policy, left: Side, right: Side, votes: Votes | None = None
) -> Weighed | None:
    """
    Weigh two sides; None when they have no two customers between them.

    Args:
        tx: A snapshot.
        policy: How much evidence is enough.
        left: One side.
        right: The other.
        votes: What the hooks say of a pair.
    """
    around = Neighbours(tx, policy)
    around.load_members({left.profile_id, right.profile_id})
    ours, theirs = _people(around, left), _people(around, right)
    tokens = {token for each in (*ours, *theirs) for token in each.features.tokens}
    shared = bearers.shared(tx, tokens) if tokens else set()
    scales = Scales(policy, tx.allocated("profile"), shared, around.answers, votes)
    pairs = [(one, other) for one, other in product(ours, theirs) if one.id != other.id]
    if not pairs:
        return None
    one, other = min(pairs, key=lambda pair: (-scales.weigh(*pair).score, pair[0].key, pair[1].key))
    return Weighed(one, other, scales.weigh(one, other), _standing(around, scales, one, other))


def _people(around: Neighbours, meant: Side) -> Sequence[Person]:
    members = around.profiles.get(meant.profile_id, [])
    return [each for each in members if meant.customer_id in (None, each.id)]


def _standing(around: Neighbours, scales: Scales, one: Person, other: Person) -> Standing:
    together, objection = one.profile_id == other.profile_id, None
    if not together:
        ours, theirs = (around.profiles[each.profile_id or 0] for each in (one, other))
        objection = scales.objection(ours, theirs)
    return Standing(together, scales.answer(one, other), objection)
