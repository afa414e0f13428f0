"""Who bears an identifier or has a match key: bounded, however many share it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.store.engine import Transaction, among, listed
from tokui.store.tables import IdentifierRow, MatchKeyRow, SharedValueRow, columns

IDENTIFIER, KEY, SHARED = columns(IdentifierRow), columns(MatchKeyRow), columns(SharedValueRow)

MOST: Mapping[type[IdentifierRow | MatchKeyRow], int] = {IdentifierRow: 60, MatchKeyRow: 16}
"""Customers that are looked at because of one value; what more of them share is not followed."""


FEW = 1000
"""Shared identifiers that are sooner read all than asked for."""

_EVERY_SHARED = sa.select(SHARED.token).limit(FEW + 1)


class Keyed(NamedTuple):
    """
    Who has match keys.

    Attributes:
        customers: Key → ids of those who have it.
        crowded: Keys that too many have.
    """

    customers: Mapping[int, set[int]]
    crowded: set[int]


def of_tokens(tx: Transaction, tokens: Collection[str]) -> dict[str, dict[int, str | None]]:
    """
    Who bears these identifiers, and what each is called where that is clear.

    Of an identifier that many bear and nobody shares, the first of each name.
    """
    found: dict[str, dict[int, str | None]] = defaultdict(dict)
    few, crowded = _parted(tx, IdentifierRow, tokens)
    rows = [*tx.among(_of_tokens(tx.dialect), few), *tx.among(_first(tx.dialect), crowded)]
    for token, customer_id, reading in rows:
        found[token][customer_id] = reading
    return found


def of_keys(tx: Transaction, keys: Collection[int]) -> Keyed:
    """Who has these match keys."""
    found: dict[int, set[int]] = defaultdict(set)
    few, crowded = _parted(tx, MatchKeyRow, keys)
    for key, customer_id in tx.among(_of_keys(tx.dialect), few):
        found[key].add(customer_id)
    return Keyed(found, crowded)


def shared(tx: Transaction, tokens: AbstractSet[str]) -> set[str]:
    """Those of the identifiers that say nothing of who somebody is."""
    if len(tokens) <= FEW:
        return {token for (token,) in tx.among(_shared(tx.dialect), tokens)} if tokens else set()
    every = [token for (token,) in tx.all(_EVERY_SHARED)]
    if len(every) <= FEW:
        return {token for token in every if token in tokens}
    return {token for (token,) in tx.among(_shared(tx.dialect), tokens)}


def _parted(tx: Transaction, table: Any, values: Collection[Any]) -> tuple[list[Any], set[Any]]:
    """The values that few have, and those that too many have: nobody is read because of them."""
    ordered = sorted(values)
    crowded = {value for (value,) in tx.among(_full(table, tx.dialect), ordered)}
    return [each for each in ordered if each not in crowded] if crowded else ordered, crowded


@cache
def _full(table: Any, dialect: str) -> sa.Select[Any]:
    """None is followed further than it takes to see that it goes on."""
    column = next(iter(columns(table)))
    wanted = listed(column, dialect)
    each = sa.select(sa.literal(1)).where(column == wanted.c.value).correlate(wanted)
    return sa.select(wanted.c.value).where(each.limit(1).offset(MOST[table]).exists())


@cache
def _of_tokens(dialect: str) -> sa.Select[Any]:
    query = sa.select(IDENTIFIER.token, IDENTIFIER.customer_id, IDENTIFIER.reading)
    return query.where(among(IDENTIFIER.token, dialect))


@cache
def _first(dialect: str) -> sa.Select[Any]:
    query = sa.select(IDENTIFIER.token, sa.func.min(IDENTIFIER.customer_id), IDENTIFIER.reading)
    own = query.where(IDENTIFIER.token.not_in(sa.select(SHARED.token)))
    mine = own.where(among(IDENTIFIER.token, dialect))
    return mine.group_by(IDENTIFIER.token, IDENTIFIER.reading)


@cache
def _of_keys(dialect: str) -> sa.Select[Any]:
    return sa.select(KEY.key, KEY.customer_id).where(among(KEY.key, dialect))


@cache
def _shared(dialect: str) -> sa.Select[Any]:
    return sa.select(SHARED.token).where(among(SHARED.token, dialect))
