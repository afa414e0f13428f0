"""Statements of consent: appended once each, never overwritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from tokui.model import Consent, microseconds, moment
from tokui.store.counts import Counts
from tokui.store.engine import Row, Transaction, among
from tokui.store.entry import MAX_KEY, check_text
from tokui.store.feed import Changes
from tokui.store.tables import ConsentRow, CustomerRow, columns

AT, CUSTOMER = columns(ConsentRow), columns(CustomerRow)

# A look at a model's fields at once costs less than one after the other.
_STATED = itemgetter("contact", "value", "purpose", "topic", "state", "occurred_at")
_PROOF = itemgetter("external_id", "evidence", "reference", "notice", "stated_purpose")
_TEXTS = itemgetter(
    "external_id",
    "customer",
    "value",
    "topic",
    "evidence",
    "reference",
    "notice",
    "stated_purpose",
)


def append(
    tx: Transaction,
    consents: Iterable[Consent],
    people: Mapping[str, tuple[int, int]],
    fresh: Collection[int],
    changes: Changes,
) -> Counts:
    """
    Keep statements that are not here yet.

    Args:
        people: Customer id and profile id of each external id that the statements name.
        fresh: Customers that this transaction made; nothing can be here of them.
        changes: Takes whose consent changed.
    """
    said = {}
    for consent in consents:
        customer_id, profile_id = people[consent.customer]
        said[_key(customer_id, consent)] = (profile_id, consent)
    asked = {key[0] for key in said}.difference(fresh)
    known = {tuple(row) for row in tx.among(_known(tx.dialect), asked)} if asked else ()
    news = {key: told for key, told in said.items() if key not in known} if known else said
    changes.seen.update((profile_id, Consent.kind_name) for profile_id, _ in news.values())
    rows = [(*key, *_PROOF(vars(consent)), None, tx.now_us) for key, (_, consent) in news.items()]
    tx.upsert(ConsentRow, rows)
    return Counts(stored=len(news), unchanged=len(said) - len(news))


def checked(consent: Consent) -> Consent:
    """
    Refuse what no database takes.

    Raises:
        SkipItem: Too long, or with characters that cannot be stored.
    """
    texts = [text for text in _TEXTS(vars(consent)) if text]
    whole = "".join(texts)
    if len(whole) > MAX_KEY or not whole.isascii() or "\0" in whole:
        for text in texts:
            check_text(text)
    return consent


def of_profile(tx: Transaction, profile_id: int) -> Sequence[tuple[str, Consent]]:
    """What a profile's customers said, with their connections, oldest first."""
    query = (
        sa.select(CUSTOMER.connection, CUSTOMER.external_id, *AT)
        .join_from(CustomerRow, ConsentRow, CUSTOMER.id == AT.customer_id)
        .where(CUSTOMER.profile_id == profile_id)
        .order_by(AT.occurred_at, AT.at)
    )
    return [(name, _consent(customer, *row)) for name, customer, *row in tx.all(query)]


def _key(customer_id: int, consent: Consent) -> Row:
    contact, value, purpose, topic, state, occurred_at = _STATED(vars(consent))
    at = microseconds(occurred_at) if occurred_at else 0
    return (customer_id, contact, value or "", purpose, topic or "", state, at)


def _consent(customer: str, *row: Any) -> Consent:
    _, contact, value, purpose, topic, state, occurred_at, external_id, *proof, _, _ = row
    evidence, reference, notice, stated_purpose = proof
    return Consent(
        external_id=external_id,
        customer=customer,
        contact=contact,
        value=value or None,
        purpose=purpose,
        topic=topic or None,
        state=state,
        occurred_at=moment(occurred_at) if occurred_at else None,
        evidence=evidence,
        reference=reference,
        notice=notice,
        stated_purpose=stated_purpose,
    )


@cache
def _known(dialect: str) -> sa.Select[Any]:
    key = [column for column in AT if column.primary_key]
    return sa.select(*key).where(among(AT.customer_id, dialect))
