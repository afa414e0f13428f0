"""The writer of what people and providers say about being reached, in the transaction that brings it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tokui.errors import PolicyRefusal
from tokui.identity.rules import Rules
from tokui.model import Consent, Suppression
from tokui.outreach.consent import Standing
from tokui.outreach.points import everywhere, of_kind, point
from tokui.outreach.standings import Asked, standings
from tokui.outreach.withdraw import unconsented, unreachable
from tokui.store import consents, contacts, suppressions
from tokui.store.consents import Bound
from tokui.store.counts import Counts
from tokui.store.engine import Transaction
from tokui.store.feed import Changes
from tokui.store.suppressions import Suppressed


def keep_consents(
    tx: Transaction,
    rules: Rules,
    said: Iterable[Consent],
    people: Mapping[str, tuple[int, int]],
    arrived: Mapping[int, Collection[str]],
    fresh: Collection[int],
    changes: Changes,
    actor: str | None = None,
) -> Counts:
    """
    Keep statements of consent that are not here yet, bound to the contact points they are about.

    Messages that wait, and have a consent no more, are cancelled.

    Args:
        tx: The page's transaction, its customers written.
        rules: How the connection's identifiers are seen.
        said: The statements.
        people: Customer id and profile id of each external id that the statements name.
        arrived: Identifiers of customers that this transaction wrote, by id.
        fresh: Customers that this transaction made.
        changes: Takes whose consent changed.
        actor: Who writes them down; None for what a source states.
    """
    news, unchanged = consents.unheard(tx, said, people, fresh)
    asked = {key[0] for key, (_, each) in news.items() if each.state != "unknown"} - arrived.keys()
    own = {**contacts.borne(tx, asked), **arrived} if asked else arrived
    bounds = [bound(rules, each, own.get(key[0], ())) for key, (_, each) in news.items()]
    consents.append(tx, news, bounds, changes, actor)
    unconsented(tx, news, bounds)
    return Counts(stored=len(news), unchanged=unchanged)


def bound(rules: Rules, consent: Consent, own: Collection[str]) -> Bound:
    """
    Bind a statement to contact points.

    A yes is about the one that it names, or those that the customer has now; a no that names none is
    about all that the customer has or will have.
    """
    if consent.value:
        named = point(rules, consent.contact, consent.value, own)
        if named is not None:
            return (named,), (named,)
    if consent.state == "unknown":
        return None, ()
    mine = of_kind(consent.contact, own)
    if consent.state == "granted":
        return () if consent.value else mine, ()
    return None, mine


def keep_suppressions(
    tx: Transaction,
    rules: Rules,
    said: Iterable[Suppression],
    changes: Changes,
    actor: str | None = None,
) -> Counts:
    """
    Keep suppressions, and lifts of them, that are not here yet; what waits to go there is cancelled.

    Args:
        tx: The page's transaction.
        rules: How the connection's identifiers are seen.
        said: They.
        changes: Takes whose contact point it is.
        actor: Who writes it down; None for what a provider says.
    """
    told = [(where, each) for each in said for where in everywhere(tx, rules, each)]
    news = suppressions.append(tx, rules.connection, told, actor)
    _tell(tx, {where for where, _ in news}, changes)
    unreachable(tx, {where for where, _ in news})
    return Counts(stored=len(news), unchanged=len(told) - len(news))


OWN_WORD = frozenset({"complaint", "unsubscribe"})
"""Reasons that are a person's own no; what staff lift must be a newer yes of theirs."""


def lift(tx: Transaction, profile_id: int, held: Sequence[Suppressed], actor: str) -> None:
    """
    Let suppressions hold no more, as a person says; what they had cancelled stays cancelled.

    Raises:
        PolicyRefusal: One is the person's own no, and they have not said yes since.
    """
    own = {
        each: Asked(profile_id, each.point, "marketing") for each in held if each.reason in OWN_WORD
    }
    stand = standings(tx, set(own.values()))
    if any(not _said_since(stand[asked], each.since_us) for each, asked in own.items()):
        raise PolicyRefusal(
            "they said no themselves, and no newer yes of theirs is on record",
            who="suppression",
            todo="write their yes and its proof down by `tokui consent set`, or lift others by --reason",
        )
    suppressions.lift(tx, held, actor)
    changes = Changes()
    _tell(tx, {each.point for each in held}, changes)
    changes.write(tx)


def _said_since(stands: Standing, since_us: int) -> bool:
    return stands.granted and stands.because is not None and stands.because.occurred_us > since_us


def _tell(tx: Transaction, points: Collection[str], changes: Changes) -> None:
    for profile_id in contacts.profiles(tx, points):
        changes.add(profile_id, Suppression.kind_name)
