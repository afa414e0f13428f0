"""What staff write down of somebody's consent: on a customer of theirs, with who wrote it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tokui.model import Consent
from tokui.outreach.points import is_of, of_kind
from tokui.outreach.withdraw import unconsented
from tokui.store import consents, contacts, profiles
from tokui.store.consents import ANY, NO, Bound
from tokui.store.engine import Transaction
from tokui.store.feed import Changes


class Heard(NamedTuple):
    """
    Where a statement was written.

    Attributes:
        customer: `CONNECTION:EXTERNAL_ID` of the customer that it hangs on.
        points: The contact points that it is about now, as `identifier.token`.
    """

    customer: str
    points: Sequence[str]


def say(
    tx: Transaction, profile_id: int, consent: Consent, actor: str, named: int | None = None
) -> Heard | None:
    """
    Write a statement down; None when the person has no such contact point.

    One that names no value is about all that the person has of that kind: a yes about those of
    today, a no about those to come as well. A no to being contacted at all is written on each
    customer of theirs: it holds for both, should the person turn out to be two.

    Args:
        tx: A durable write transaction.
        profile_id: The person.
        consent: The statement; its `customer` and `external_id` are found here.
        actor: Who writes it down.
        named: The customer of theirs that it hangs on, unless it names an address of another.
    """
    members = contacts.members(tx, [profile_id]).get(profile_id, ())
    borne = contacts.borne(tx, members)
    own = _points(borne, consent)
    if consent.value and not own:
        return None
    bears = named is not None and own.keys() & set(borne.get(named, ()))
    if named is None or (consent.value and not bears):
        named = next(iter(own.values()), None)
    speaker = named or profiles.first_customer(tx, profile_id)
    assert speaker is not None  # noqa: S101 - the profile was just found
    is_person = consent.contact == ANY and consent.state in NO
    speakers = (
        (speaker, *(each for each in members if each != speaker)) if is_person else (speaker,)
    )
    places = profiles.places_of(tx, speakers)
    bound = tuple(own) if consent.value or consent.state == "granted" else None
    for each in speakers:
        _keep(tx, consent, (each, profile_id), places[each][1], (bound, tuple(own)), actor)
    connection, customer, _ = places[speaker]
    return Heard(f"{connection}:{customer}", tuple(own))


def _keep(
    tx: Transaction, said: Consent, who: tuple[int, int], customer: str, bound: Bound, actor: str
) -> None:
    told = {"customer": customer, "external_id": f"{customer}/{said.contact}"}
    changes = Changes()
    news, _ = consents.unheard(tx, [said.model_copy(update=told)], {customer: who}, ())
    bounds = [bound for _ in news]
    consents.append(tx, news, bounds, changes, actor)
    unconsented(tx, news, bounds)
    changes.write(tx)


def _points(borne: Mapping[int, Sequence[str]], consent: Consent) -> dict[str, int]:
    """The contact points that a statement is about, each with a customer who has it."""
    found: dict[str, int] = {}
    for customer_id in sorted(borne):
        for point in of_kind(consent.contact, borne[customer_id]):
            if not consent.value or is_of(point, consent.contact, consent.value):
                found.setdefault(point, customer_id)
    return found
