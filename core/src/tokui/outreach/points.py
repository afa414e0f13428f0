"""Contact points as identifiers: what a source writes, normalised, with who gave it out."""

from collections.abc import Collection

from tokui.identity.normalise import issuer_of, normalise
from tokui.identity.rules import Rules
from tokui.model import Suppression
from tokui.store import issuers
from tokui.store.consents import ANY
from tokui.store.engine import Transaction

KINDS = ("email", "phone", "line_user_id")
"""Kinds of identifiers that a person can be written to by."""

_STARTS = tuple(f"{kind}:" for kind in KINDS)


def point(rules: Rules, kind: str, value: str, own: Collection[str] = ()) -> str | None:
    """
    The contact point as `identifier.token`; None when the value cannot be one.

    Args:
        rules: How the connection's identifiers are seen.
        kind: Of the contact point.
        value: As the source writes it.
        own: The customer's identifiers: one of theirs is meant where it has this value.
    """
    key = normalise(kind, value)
    if key is None:
        return None
    for each in own:
        if each.startswith(f"{kind}:") and each.endswith(f":{key}"):
            return each
    rule = rules.identifiers.get(kind)
    issuer = issuer_of(
        kind, rule.issuer if rule else None, None, rules.connection, key, relays=rules.relays
    )
    return f"{kind}:{issuer}:{key}"


def everywhere(tx: Transaction, rules: Rules, said: Suppression) -> list[str]:
    """
    The contact points that a suppression is about: a relay address is one mailbox, whoever names it.

    Args:
        tx: Where others may have it.
        rules: How the connection that says so sees identifiers.
        said: The suppression.
    """
    mine = point(rules, said.contact, said.value)
    if mine is None:
        return []
    if said.contact != "email" or mine.startswith("email:*:"):
        return [mine]
    key = normalise(said.contact, said.value)
    others = [f"email:{each}:{key}" for kind, each in issuers.in_use(tx) if kind == "email"]
    return list(dict.fromkeys([mine, *others]))


def is_of(point: str, kind: str, value: str) -> bool:
    """Is this contact point the value, whoever gave it out? An issuer may have colons in its name."""
    key = normalise(kind, value)
    return key is not None and point.startswith(f"{kind}:") and point.endswith(f":{key}")


def is_point(kind: str, value: str) -> bool:
    """Can the value be one of its kind?"""
    return normalise(kind, value) is not None


def of_kind(kind: str, own: Collection[str]) -> list[str]:
    """Those of a customer's identifiers that a statement of this kind of contact is about."""
    starts = _STARTS if kind == ANY else f"{kind}:"
    return [each for each in own if each.startswith(starts)]
