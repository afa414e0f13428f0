"""
Finding profiles by index, however many people there are.

Nothing is sorted: rows come in the order of the index, and no more of them than are shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, SearchRow, columns

CUSTOMER, IDENTIFIER, SEARCH = columns(CustomerRow), columns(IdentifierRow), columns(SearchRow)

ROWS = 4
"""Customers of one profile that a search may meet, on an average."""

LAST = "\U0010ffff"


def by_tokens(tx: Transaction, tokens: Iterable[str], limit: int) -> Iterator[int]:
    """Profiles known by any of these identifiers (`kind:issuer:key`)."""
    return _profiles(tx.among(_by_tokens(tx.dialect), tokens, most=limit * ROWS))


def by_external_id(tx: Transaction, external_id: str, connections: Iterable[str]) -> Iterator[int]:
    """Profiles of the customers that these sources know by this id."""
    return _profiles(tx.among(_by_external_id(tx.dialect), connections, key=external_id))


def by_keys(tx: Transaction, keys: Sequence[str], limit: int) -> Iterator[int]:
    """Profiles found under these keys (`identity.names`), by key in the order given."""
    for key in keys:
        yield from _profiles(tx.connection.execute(_BY_KEY, {"key": key, "most": limit * ROWS}))


def by_start(tx: Transaction, start: str, limit: int) -> Iterator[int]:
    """Profiles found under a key that begins so, in the order of the keys."""
    bounds = {"start": start, "beyond": start + LAST, "most": limit * ROWS}
    return _profiles(tx.connection.execute(_BY_START, bounds))


def _profiles(rows: Iterable[Any]) -> Iterator[int]:
    return (row[0] for row in rows)


@cache
def _by_tokens(dialect: str) -> sa.Select[Any]:
    query = sa.select(CUSTOMER.profile_id).join_from(
        IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id
    )
    return query.where(among(IDENTIFIER.token, dialect)).limit(sa.bindparam("most"))


@cache
def _by_external_id(dialect: str) -> sa.Select[Any]:
    query = sa.select(CUSTOMER.profile_id).where(CUSTOMER.external_id == sa.bindparam("key"))
    return query.where(among(CUSTOMER.connection, dialect))


_FOUND = sa.select(CUSTOMER.profile_id).join_from(
    SearchRow, CustomerRow, CUSTOMER.id == SEARCH.customer_id
)
_MOST = sa.bindparam("most", type_=sa.Integer)
_BY_KEY = _FOUND.where(SEARCH.key == sa.bindparam("key")).order_by(SEARCH.customer_id).limit(_MOST)
_BY_START = (
    _FOUND.where(SEARCH.key >= sa.bindparam("start"), SEARCH.key < sa.bindparam("beyond"))
    .order_by(SEARCH.key, SEARCH.customer_id)
    .limit(_MOST)
)
