"""
Who lives together: people of one family name at one full address, with one phone or one mailbox.

A household merges nobody. An address in a building without a room's number, a company and a
dormitory make none: too many live there. Pure, but for `found`.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from tokui.identity.features import Features
from tokui.identity.hands import Hands
from tokui.identity.joined import Joined
from tokui.identity.normalise.names import Part
from tokui.identity.normalise.place import Place
from tokui.identity.weigh import Scales
from tokui.store import households as stored
from tokui.store.engine import Store, Transaction
from tokui.store.entry import hash64

MAX_PEOPLE = 12
"""Beyond so many people of one name, it is no household but an institution, or a placeholder."""

MAX_READINGS = 2
"""Possible readings of a family name that are followed."""

SHARED = ("phone:*", "email:*")
"""Series of what a household has in common besides its address."""


class Resident(NamedTuple):
    """
    A customer as households are found.

    Attributes:
        keys: 64-bit hashes of where the customer lives under which name.
    """

    customer_id: int
    profile_id: int
    keys: frozenset[int]


def home_keys(features: Features) -> frozenset[int]:
    """What members of one household have in common; empty when it cannot be said."""
    names = home_names(features.names.family)
    return frozenset(
        hash64("\0".join((*where, name)).encode(errors="replace"))
        for where in _homes(features)
        for name in names
    )


def home_names(family: Part) -> Sequence[str]:
    """What a family may be called; members of one household have one of them in common."""
    return family.sound[:MAX_READINGS] or ((family.written,) if family.written else ())


def households(people: Iterable[Resident]) -> list[frozenset[int]]:
    """
    Customers who live together, of two people or more; the result does not depend on the order.

    One who has several keys ties their households together. Needs some 60 bytes a key.
    """
    keys, customers, profiles = array("q"), array("q"), array("q")
    for each in people:
        for key in each.keys:
            keys.append(key)
            customers.append(each.customer_id)
            profiles.append(each.profile_id)
    tied: Joined[int] = Joined()
    for run in _runs(keys):
        if 1 < len({profiles[n] for n in run}) <= MAX_PEOPLE:
            for one, other in pairwise(run):
                tied.join(customers[one], customers[other])
    return sorted(map(frozenset, tied.groups()), key=min)


def found(store: Store, hands: Hands) -> list[frozenset[int]]:
    """All households of the customers that are stored."""
    with store.read() as tx:
        spans = stored.spans(tx)
    return households(chain.from_iterable(hands.each(_residents, spans)))


def _residents(tx: Transaction, _: Scales, span: tuple[int, int]) -> list[Resident]:
    return [
        Resident(customer, profile, home_keys(Features.from_json(text)))
        for customer, profile, text in stored.residents(tx, *span)
    ]


def _homes(features: Features) -> Iterator[tuple[str, ...]]:
    if home := home_of(features.places):
        yield home
    for series in SHARED:
        yield from ((series, value) for value in features.numbers.get(series, ()))


def home_of(places: Iterable[Place]) -> tuple[str, ...] | None:
    """The first of some addresses that says whose home it is."""
    return next((home for each in places if (home := _home(each))), None)


def _home(place: Place) -> tuple[str, ...] | None:
    """The full address of one home; without its city, a town needs its postal code."""
    if place.kind != "home" or (place.building and not place.room):
        return None
    if not place.town[-1:].isdigit():
        return None
    area = place.area
    return None if area is None else ("home", area, place.town, place.room)


def _runs(keys: "array[int]") -> Iterator[list[int]]:
    """Places of equal keys, where there is more than one."""
    run: list[int] = []
    for place in sorted(range(len(keys)), key=keys.__getitem__):
        if run and keys[run[0]] != keys[place]:
            if len(run) > 1:
                yield run
            run = []
        run.append(place)
    if len(run) > 1:
        yield run
