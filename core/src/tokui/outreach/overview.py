"""How one person may be reached, whole: each contact point, what stands there, and what stops it."""

from collections.abc import Sequence
from typing import NamedTuple

from tokui.outreach.consent import Standing
from tokui.outreach.points import of_kind
from tokui.outreach.standings import Asked, standings
from tokui.store import consents, contacts, suppressions
from tokui.store.consents import ANY
from tokui.store.engine import Transaction
from tokui.store.suppressions import Suppressed


class Way(NamedTuple):
    """
    A contact point of a person, for one purpose and topic.

    Attributes:
        point: As `identifier.token`.
        standing: What was said of it comes to.
        suppressed: What stops it, whatever was said.
    """

    point: str
    purpose: str
    topic: str | None
    standing: Standing
    suppressed: Sequence[Suppressed]


def ways(tx: Transaction, profile_id: int) -> list[Way]:
    """All ways; marketing at large always, and whatever else somebody said something of."""
    members = contacts.members(tx, [profile_id]).get(profile_id, ())
    borne = contacts.borne(tx, members)
    points = sorted({point for own in borne.values() for point in of_kind(ANY, own)})
    said = consents.of_customers(tx, members)
    scopes = {("marketing", ""), *((each.purpose, each.topic) for each in said)}
    asked = [
        Asked(profile_id, point, purpose, topic or None)
        for point in points
        for purpose, topic in sorted(scopes)
    ]
    found, held = standings(tx, asked), suppressions.in_force(tx, points)
    return [
        Way(each.point, each.purpose, each.topic, found[each], held.get(each.point, ()))
        for each in asked
    ]
