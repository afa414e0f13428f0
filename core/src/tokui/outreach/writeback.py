"""What the systems are to be told of what people said elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from tokui.connector import Preference
from tokui.model import Customer, Reach, moment
from tokui.outreach.consent import Standing, is_proof, standing
from tokui.outreach.points import is_of
from tokui.outreach.standings import Asked, standings, statements
from tokui.store import consents, contacts, profiles, pushes
from tokui.store.consents import Said
from tokui.store.engine import Transaction
from tokui.store.pushes import Push

PURPOSE: Final = "marketing"
SECOND_US = 1_000_000

Word: TypeAlias = Literal["granted", "denied", "revoked"]


class Pending(NamedTuple):
    """A preference on its way, and under which key its outcome is kept."""

    push: Push
    preference: Preference


class _Own(NamedTuple):
    """What a customer of the connection has, and said itself."""

    record: Customer
    profile_id: int
    said: Sequence[Said]


def pending(
    tx: Transaction, connection: str, takes: Collection[Reach], changed: Collection[int]
) -> list[Pending]:
    """
    What a connection is to be told because of changes on profiles.

    It is told a no of anybody who shares the contact point, and a yes that is proven; what it knows
    itself, or was told before, is left out.

    Args:
        tx: A snapshot.
        connection: Its name.
        takes: Kinds of contact points that it takes.
        changed: The profiles.
    """
    members = contacts.members(tx, changed)
    people = {row_id for ids in members.values() for row_id in ids}
    points = _points(tx, people, takes)
    having = contacts.bearers(tx, points)
    own = _own(tx, connection, {row_id for _, row_id in having})
    asked = {
        (point, row_id): Asked(own[row_id].profile_id, point, PURPOSE)
        for point, row_id in having
        if row_id in own
    }
    found = standings(tx, set(asked.values()))
    known = pushes.done(tx, connection, own.keys())
    made = (
        _pending(connection, point, row_id, own[row_id], found[question])
        for (point, row_id), question in sorted(asked.items())
    )
    return [each for each in made if each and each.push not in known]


def _points(tx: Transaction, people: Collection[int], takes: Collection[Reach]) -> set[str]:
    """All that these customers have, or ever spoke of."""
    borne = contacts.borne(tx, people)
    found = {point for own in borne.values() for point in own}
    found.update(point for said in consents.of_customers(tx, people) for point in said.points or ())
    return {point for point in found if point.partition(":")[0] in takes}


def _own(tx: Transaction, connection: str, ids: Collection[int]) -> Mapping[int, _Own]:
    """Those of the customers that are the connection's; a guest has no account to be told."""
    places = profiles.places_of(tx, ids)
    mine = {row_id for row_id, place in places.items() if place[0] == connection}
    said: dict[int, list[Said]] = defaultdict(list)
    for each in consents.of_customers(tx, mine):
        if not each.here:
            said[each.customer_id].append(each)
    return {
        row_id: _Own(record, places[row_id][2], said[row_id])
        for row_id, record in profiles.customers_of(tx, mine).items()
        if not record.guest
    }


def _pending(
    connection: str, point: str, row_id: int, own: _Own, found: Standing
) -> Pending | None:
    because = found.because
    if because is None or found.state == "unknown":
        return None
    if because.customer_id == row_id and not because.here:
        return None
    if found.granted and not is_proof(because.evidence):
        return None
    itself = _itself(point, row_id, own)
    if itself.because and itself.granted == found.granted and itself.state != "unknown":
        return None
    at = _after(because.occurred_us or because.at_us, point, own)
    preference = _preference(point, own.record, found, at)
    if preference is None:
        return None
    return Pending(Push(connection, row_id, point, PURPOSE, found.state, at), preference)


def _itself(point: str, row_id: int, own: _Own) -> Standing:
    """What the connection's own statements come to."""
    asked = Asked(own.profile_id, point, PURPOSE)
    return standing(statements(asked, {row_id: own.said}, {row_id}, {row_id}), point, PURPOSE)


def _after(said_us: int, point: str, own: _Own) -> int:
    """When it was said, or just after what the system itself says: it goes by the newest word."""
    kind = point.partition(":")[0]
    theirs = [each for each in own.said if (each.contact, each.purpose) == (kind, PURPOSE)]
    return max([said_us, *(each.occurred_us + SECOND_US for each in theirs)])


def _preference(point: str, record: Customer, found: Standing, at_us: int) -> Preference | None:
    """None when the customer's record has the contact point no more."""
    kind = point.partition(":")[0]
    values = [
        each.value
        for each in record.identifiers
        if each.kind == kind and is_of(point, kind, each.value)
    ]
    if not values:
        return None
    return Preference(
        customer=record.external_id,
        contact=cast("Reach", kind),
        value=values[0],
        state=cast("Word", found.state),
        occurred_at=moment(at_us),
        purpose=PURPOSE,
        evidence=(found.because.evidence or None) if found.because else None,
    )
