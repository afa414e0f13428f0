"""What is kept of customers beside their records, for holding it to them: a part at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, MatchKeyRow, SearchRow, columns

CHUNK = 500
CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)
KEY, SEARCH = columns(MatchKeyRow), columns(SearchRow)


@dataclass(frozen=True, slots=True)
class Derived:
    """
    A customer's record, and what was made of it.

    Attributes:
        record: Canonical JSON.
        known: Not only named by a fact.
        found: The source still has it, so it can be found.
        features: As stored.
        identifiers: Token, strength, reading.
        keys: Match keys.
        names: Folded, for searching.
    """

    id: int
    connection: str
    record: str
    known: bool
    found: bool
    features: str | None
    identifiers: frozenset[tuple[str, str, str | None]]
    keys: frozenset[int]
    names: frozenset[str]


def every(tx: Transaction) -> Iterator[Derived]:
    """All customers, by id."""
    after = 0
    while some := part(tx, after):
        yield from some
        after = some[-1].id


def part(tx: Transaction, after: int) -> list[Derived]:
    """The next customers by id, not many of them."""
    query = _rows().where(CUSTOMER.id > after).order_by(CUSTOMER.id).limit(CHUNK)
    return _derived(tx, tx.all(query))


def of(tx: Transaction, customers: Iterable[int]) -> list[Derived]:
    """These customers."""
    return _derived(tx, tx.among(_rows().where(among(CUSTOMER.id, tx.dialect)), customers))


def _rows() -> sa.Select[Any]:
    names = ("id", "connection", "record", "stub", "gone_at", "features")
    return sa.select(*(CUSTOMER[name] for name in names))


def _derived(tx: Transaction, rows: Sequence[Any]) -> list[Derived]:
    ids = [row[0] for row in rows]
    tokens, keys, names = (_by_customer(tx, each, ids) for each in _beside(tx.dialect))
    return [
        Derived(
            row_id,
            connection,
            record,
            not stub,
            gone_at is None,
            features,
            frozenset(tokens[row_id]),
            frozenset(key for (key,) in keys[row_id]),
            frozenset(name for (name,) in names[row_id]),
        )
        for row_id, connection, record, stub, gone_at, features in rows
    ]


def _by_customer(tx: Transaction, query: Any, ids: list[int]) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for customer_id, *values in tx.among(query, ids):
        found[customer_id].append(tuple(values))
    return found


@cache
def _beside(dialect: str) -> tuple[sa.Select[Any], ...]:
    return (
        sa.select(
            IDENTIFIER.customer_id, IDENTIFIER.token, IDENTIFIER.strength, IDENTIFIER.reading
        ).where(among(IDENTIFIER.customer_id, dialect)),
        sa.select(KEY.customer_id, KEY.key).where(among(KEY.customer_id, dialect)),
        sa.select(SEARCH.customer_id, SEARCH.key).where(among(SEARCH.customer_id, dialect)),
    )
