"""Who bears an identifier or has a match key: bounded, however many share it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from tokui.store.engine import Transaction, listed
from tokui.store.tables import IdentifierRow, MatchKeyRow, SharedValueRow, columns

MAX_BEARERS = 60
"""Customers that are looked at because of one value; what more of them share is not followed."""

IDENTIFIER, KEY, SHARED = columns(IdentifierRow), columns(MatchKeyRow), columns(SharedValueRow)

Readings: TypeAlias = Mapping[int, str | None]
"""Customer id → what the customer is called, where it is clear."""


def of_tokens(tx: Transaction, tokens: Collection[str]) -> dict[str, dict[int, str | None]]:
    """Who bears these identifiers, and what each is called."""
    found: dict[str, dict[int, str | None]] = defaultdict(dict)
    for token, customer_id, reading in tx.among(_of_tokens(tx.dialect), tokens):
        found[token][customer_id] = reading
    return found


def of_keys(tx: Transaction, keys: Collection[int]) -> dict[int, set[int]]:
    """Who has these match keys."""
    found: dict[int, set[int]] = defaultdict(set)
    for key, customer_id in tx.among(_of_keys(tx.dialect), keys):
        found[key].add(customer_id)
    return found


def shared(tx: Transaction, tokens: Collection[str]) -> set[str]:
    """Those of the identifiers that say nothing of who somebody is."""
    return {token for (token,) in tx.among(_shared(tx.dialect), tokens)}


@cache
def _of_tokens(dialect: str) -> sa.Select[Any]:
    wanted = listed(IDENTIFIER.token, dialect)
    query = sa.select(IDENTIFIER.token, IDENTIFIER.customer_id, IDENTIFIER.reading)
    return _bounded(query, IdentifierRow, IDENTIFIER.token, wanted)


@cache
def _of_keys(dialect: str) -> sa.Select[Any]:
    wanted = listed(KEY.key, dialect)
    query = sa.select(KEY.key, KEY.customer_id)
    return _bounded(query, MatchKeyRow, KEY.key, wanted)


def _bounded(query: sa.Select[Any], table: Any, column: Any, wanted: Any) -> sa.Select[Any]:
    """Leave out a value that more than `MAX_BEARERS` rows have, without reading all of them."""
    row = sa.orm.aliased(table)
    first = sa.select(sa.literal(1)).where(getattr(row, column.name) == wanted.c.value)
    few = first.limit(MAX_BEARERS + 1).correlate(wanted).subquery()
    count = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    return query.join_from(wanted, table, column == wanted.c.value).where(count <= MAX_BEARERS)


@cache
def _shared(dialect: str) -> sa.Select[Any]:
    wanted = listed(SHARED.token, dialect)
    return sa.select(SHARED.token).join_from(wanted, SharedValueRow, SHARED.token == wanted.c.value)
