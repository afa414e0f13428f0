"""Statements of consent: appended once each, never overwritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

import sqlalchemy as sa
from pydantic_core import from_json, to_json

from tokui.model import Consent, microseconds, moment
from tokui.store.engine import Row, Transaction, among
from tokui.store.entry import check_texts
from tokui.store.feed import Changes
from tokui.store.restated import heard_before
from tokui.store.tables import ConsentRow, CustomerRow, DenialRow, columns

AT, CUSTOMER, DENIAL = columns(ConsentRow), columns(CustomerRow), columns(DenialRow)

ANY, NO = "any", frozenset({"denied", "revoked"})

State: TypeAlias = Literal["granted", "denied", "revoked", "unknown"]


class Said(NamedTuple):
    """
    A stored statement, as far as it is weighed.

    Attributes:
        topic: Empty for the purpose at large.
        evidence: Empty where none is named.
        occurred_us: 0 where the source does not know.
        at_us: When it was first read.
        points: The contact points that it is about, as `identifier.token`; None: whichever the
            customer has.
        here: It was written down here, and is no word of the source's.
    """

    customer_id: int
    contact: str
    purpose: str
    topic: str
    state: State
    occurred_us: int
    at_us: int
    evidence: str
    points: tuple[str, ...] | None
    here: bool = False


News: TypeAlias = Mapping[Row, tuple[int, Consent]]
"""Statements that are not here yet, by the key of their row, each with the profile it is about."""

Bound: TypeAlias = tuple[Collection[str] | None, Collection[str]]
"""
The contact points that a statement is about: of a yes those that the customer has now, of anything
else None for whichever the customer will have. Then those of now that a no concerns.
"""


class Logged(NamedTuple):
    """
    A statement as the ledger has it.

    Attributes:
        connection: Whose customer it hangs on.
        consent: The statement.
        actor: Who wrote it down here; None for what a source states.
        at: When it was first read, or written down.
    """

    connection: str
    consent: Consent
    actor: str | None
    at: datetime


def unheard(
    tx: Transaction,
    consents: Iterable[Consent],
    people: Mapping[str, tuple[int, int]],
    fresh: Collection[int],
) -> tuple[News, int]:
    """
    Those statements that are not here yet, or are said anew; and how many are.

    Args:
        people: Customer id and profile id of each external id that the statements name.
        fresh: Customers that this transaction made; nothing can be here of them.
    """
    said = {}
    for consent in consents:
        customer_id, profile_id = people[consent.customer]
        said[key_of(customer_id, consent)] = (profile_id, consent)
    asked = {key[0] for key in said}.difference(fresh)
    if not asked:
        return said, 0
    known = heard_before(tx.among(_known(tx.dialect), asked), said.keys())
    news = {key: told for key, told in said.items() if key not in known}
    return news, len(said) - len(news)


def append(
    tx: Transaction,
    news: News,
    bounds: Sequence[Bound],
    changes: Changes,
    actor: str | None = None,
) -> None:
    """
    Keep statements that are not here yet (`unheard`).

    Args:
        news: They.
        bounds: What each is about, in their order.
        changes: Takes whose consent changed.
        actor: Who writes them down; None for what a source states.
    """
    changes.seen.update((profile_id, Consent.kind_name) for profile_id, _ in news.values())
    told = zip(news.items(), bounds, strict=True)
    rows = [
        (
            *key,
            consent.external_id,
            consent.reference,
            consent.notice,
            consent.stated_purpose,
            None if points is None else to_json(points).decode(),
            actor,
            tx.now_us,
        )
        for (key, (_, consent)), (points, _) in told
    ]
    tx.upsert(ConsentRow, rows)
    tx.upsert(DenialRow, _denials(news, bounds))


def checked(consent: Consent) -> Consent:
    """
    Refuse what no database takes.

    Raises:
        SkipItem: Too long, or with characters that cannot be stored.
    """
    check_texts(
        consent.external_id,
        consent.customer,
        consent.value,
        consent.topic,
        consent.evidence,
        consent.reference,
        consent.notice,
        consent.stated_purpose,
    )
    return consent


def of_customers(tx: Transaction, ids: Collection[int]) -> list[Said]:
    """What these customers said; a yes of one whom the source has no more counts no more."""
    found = []
    for row in tx.among(_of_customers(tx.dialect), ids) if ids else ():
        *word, points, actor, gone_at = row
        if gone_at is None or word[4] != "granted":
            about = None if points is None else tuple(from_json(points))
            found.append(Said._make((*word, about, actor is not None)))
    return found


def deniers(tx: Transaction, points: Collection[str]) -> list[tuple[str, int]]:
    """Contact point and customer of each no to it, whether the customer still has it or not."""
    rows = tx.among(_deniers(tx.dialect), points) if points else ()
    return [(point, customer_id) for point, customer_id in rows]


def log(tx: Transaction, profile_id: int) -> list[Logged]:
    """All that a profile's customers said, oldest first."""
    query = (
        sa.select(CUSTOMER.connection, CUSTOMER.external_id.label("customer"), *AT)
        .join_from(CustomerRow, ConsentRow, CUSTOMER.id == AT.customer_id)
        .where(CUSTOMER.profile_id == profile_id)
    )
    rows = tx.all(query.order_by(AT.occurred_at, AT.at, *AT))
    return [Logged(row.connection, _consent(row), row.actor, moment(row.at)) for row in rows]


def _denials(news: News, bounds: Sequence[Bound]) -> list[Row]:
    """Who said no to which contact point; a no to `any` contact is found by the person."""
    return [
        (point, key[0])
        for key, (_, borne) in zip(news, bounds, strict=True)
        if borne and key[1] != ANY and key[5] in NO
        for point in borne
    ]


def key_of(customer_id: int, consent: Consent) -> Row:
    """The key of a statement's row."""
    return (
        customer_id,
        consent.contact,
        consent.value or "",
        consent.purpose,
        consent.topic or "",
        consent.state,
        microseconds(consent.occurred_at) if consent.occurred_at else 0,
        consent.evidence or "",
    )


def _consent(row: Any) -> Consent:
    return Consent(
        external_id=row.external_id,
        customer=row.customer,
        contact=row.contact,
        value=row.value or None,
        purpose=row.purpose,
        topic=row.topic or None,
        state=row.state,
        occurred_at=moment(row.occurred_at) if row.occurred_at else None,
        evidence=row.evidence or None,
        reference=row.reference,
        notice=row.notice,
        stated_purpose=row.stated_purpose,
    )


@cache
def _known(dialect: str) -> sa.Select[Any]:
    """A yes that no contact point was ever looked up for is as good as unheard."""
    key = [column for column in AT if column.primary_key]
    bound = sa.or_(AT.points.is_not(None), AT.state != "granted")
    return sa.select(*key, AT.at, AT.actor).where(among(AT.customer_id, dialect), bound)


@cache
def _of_customers(dialect: str) -> sa.Select[Any]:
    names = ("customer_id", "contact", "purpose", "topic", "state", "occurred_at", "at", "evidence")
    query = sa.select(*(AT[name] for name in names), AT.points, AT.actor, CUSTOMER.gone_at)
    mine = query.join_from(ConsentRow, CustomerRow, CUSTOMER.id == AT.customer_id)
    return mine.where(among(AT.customer_id, dialect))


@cache
def _deniers(dialect: str) -> sa.Select[Any]:
    return sa.select(DENIAL.point, DENIAL.customer_id).where(among(DENIAL.point, dialect))
