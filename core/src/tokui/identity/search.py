"""Finding a person by whatever the counter has at hand."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from tokui.identity.names import looks
from tokui.identity.normalise import normalise
from tokui.store import issuers, lookup, profiles
from tokui.store.engine import Transaction
from tokui.store.entry import askable

CONTACTS = ("email", "phone")
_NUMBER = re.compile(r"(profile:)?([1-9][0-9]{0,14})", re.ASCII)


def find(tx: Transaction, query: str, connections: Iterable[str], limit: int = 20) -> list[int]:
    """
    Profiles that a query may mean, the surest first.

    By profile number (`17`, or `profile:17` where another number may be meant); by e-mail, phone,
    member number or any other identifier, as written anywhere; by a source's own id of the
    customer, alone or as `CONNECTION:ID`; by the last four digits of a phone; by the name, the
    given name alone or a nickname, in kanji, kana or Latin letters, or how it begins.

    Args:
        tx: A snapshot.
        query: What was typed.
        connections: Where to look for a source's own id.
        limit: At most so many.
    """
    query = askable(query).strip()  # a terminal may send broken UTF-8
    found = _every(tx, query, connections, limit) if query else iter(())
    return list(islice(_distinct(found), limit))


def _every(tx: Transaction, query: str, connections: Iterable[str], limit: int) -> Iterator[int]:
    if number := _NUMBER.fullmatch(query):
        profile_id = profiles.resolve(tx, int(number[2]))
        if profiles.members(tx, profile_id):
            yield profile_id
        if number[1]:
            return
    yield from lookup.by_tokens(tx, _tokens(tx, query), limit)
    yield from lookup.by_external_id(tx, query, connections)
    if place := profiles.place_of(tx, *query.split(":", 1)) if ":" in query else None:
        yield place[1]
    whole, starts = looks(query)
    yield from lookup.by_keys(tx, whole, limit)
    for start in starts:
        yield from lookup.by_start(tx, start, limit)


def _distinct(found: Iterable[int]) -> Iterator[int]:
    seen = set()
    for each in found:
        if each not in seen:
            seen.add(each)
            yield each


def _tokens(tx: Transaction, query: str) -> list[str]:
    """What the query would be as an identifier of each kind and issuer in use."""
    keys = {(kind, "*"): normalise(kind, query) for kind in CONTACTS}
    keys |= {(kind, issuer): normalise(kind, query) for kind, issuer in issuers.in_use(tx)}
    return [f"{kind}:{issuer}:{key}" for (kind, issuer), key in keys.items() if key]
