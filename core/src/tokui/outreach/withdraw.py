"""Messages that wait, and may go out no more: cancelled in the transaction that says so."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from tokui.model import Purpose
from tokui.outreach.points import of_kind
from tokui.outreach.standings import Asked, standings
from tokui.store import contacts, messages, profiles, suppressions, turns
from tokui.store.consents import ANY, NO, Bound, News
from tokui.store.engine import Transaction
from tokui.store.messages import WAITING


def unconsented(tx: Transaction, news: News, bounds: Sequence[Bound]) -> None:
    """Cancel messages that these statements leave without the consent that they need."""
    if not news or not messages.any_waiting(tx):
        return
    points, nowhere = set[str](), set[int]()
    for (profile_id, consent), (named, borne) in zip(news.values(), bounds, strict=True):
        if consent.state != "granted":
            points.update(named or borne)
        if consent.contact == ANY and consent.state in NO:
            nowhere.add(profile_id)
    points |= _of_profiles(tx, nowhere)
    waiting = messages.of_points(tx, points, WAITING)
    if not waiting:
        return
    places = profiles.places_of(tx, {each.customer_id for each in waiting})
    asked = {
        each.id: Asked(places[each.customer_id][2], each.point, each.purpose, each.topic)
        for each in waiting
    }
    found = standings(tx, set(asked.values()))
    without: dict[str, list[int]] = defaultdict(list)
    for message_id, question in asked.items():
        if not found[question].allows(question.purpose):
            without[found[question].reason].append(message_id)
    for reason, ids in without.items():
        turns.cancel(tx, ids, "consent", reason)


def unreachable(tx: Transaction, points: Collection[str]) -> None:
    """Cancel messages to contact points that are suppressed by now."""
    held = suppressions.in_force(tx, points)
    alike: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
    for each in (each for some in held.values() for each in some):
        account = each.connection if each.account_only else None
        alike[each.stops, each.reason, account].append(each.point)
    for (stops, reason, account), some in alike.items():
        only: tuple[Purpose, ...] | None = None if stops == "all" else ("marketing",)
        turns.withdraw(tx, some, "suppression", reason, purposes=only, connection=account)


def _of_profiles(tx: Transaction, wanted: Collection[int]) -> set[str]:
    """All that these persons can be written to by."""
    people = {row_id for ids in contacts.members(tx, wanted).values() for row_id in ids}
    borne = contacts.borne(tx, people)
    return {point for own in borne.values() for point in of_kind(ANY, own)}
