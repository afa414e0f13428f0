"""How persons' consents stand, for many messages at once: a few statements, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from tokui.outreach.consent import Standing, standing
from tokui.store import consents, contacts
from tokui.store.consents import ANY, Said
from tokui.store.engine import Transaction


class Asked(NamedTuple):
    """
    May this person be written to there?

    Attributes:
        profile_id: The person; what they said of `any` contact counts, and nobody else's.
        point: `kind:issuer:key`, as `identifier.token`.
        purpose: What for.
        topic: None is the purpose at large.
    """

    profile_id: int
    point: str
    purpose: str
    topic: str | None = None


def standings(tx: Transaction, asked: Collection[Asked]) -> Mapping[Asked, Standing]:
    """
    How each stands; all of them have an answer.

    Four statements for any number: who has the contact points now, who said no to them, whom the
    persons consist of, and what they all said.
    """
    points = {each.point for each in asked}
    sharing: dict[str, set[int]] = defaultdict(set)
    for point, customer_id in [*contacts.bearers(tx, points), *consents.deniers(tx, points)]:
        sharing[point].add(customer_id)
    members = contacts.members(tx, {each.profile_id for each in asked})
    said = _by_customer(tx, {*_all(sharing.values()), *_all(members.values())})
    return {
        each: standing(
            statements(each, said, sharing[each.point], members.get(each.profile_id, ())),
            each.point,
            each.purpose,
            each.topic,
        )
        for each in asked
    }


def statements(
    asked: Asked,
    said: Mapping[int, Sequence[Said]],
    sharing: Collection[int],
    members: Collection[int],
) -> list[Said]:
    """
    What is to be weighed.

    Args:
        asked: Of whom and of which contact point.
        said: What customers said, by id.
        sharing: Those who have the contact point, or had it when they said no.
        members: Those who are the person.
    """
    kind = asked.point.partition(":")[0]
    theirs = [each for row_id in sorted({*sharing, *members}) for each in said.get(row_id, ())]
    found = []
    for each in theirs:
        if each.contact == ANY and each.customer_id in members:
            found.append(each._replace(points=each.points or ()))
        elif each.contact == kind and each.points is not None:
            found.append(each)
        elif each.contact == kind and each.customer_id in sharing:
            found.append(each._replace(points=(asked.point,)))
    return found


def _by_customer(tx: Transaction, customers: Collection[int]) -> Mapping[int, Sequence[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for each in consents.of_customers(tx, customers):
        found[each.customer_id].append(each)
    return found


def _all(many: Iterable[Collection[int]]) -> Iterable[int]:
    return (each for some in many for each in some)
