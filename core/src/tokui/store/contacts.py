"""Contact points, as they stand: who has one, and which ones somebody has."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, IdentifierRow, columns

CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


def bearers(tx: Transaction, points: Collection[str]) -> list[tuple[str, int]]:
    """Contact point and customer of all who have it now, however many."""
    rows = tx.among(_bearers(tx.dialect), points) if points else ()
    return [(point, customer_id) for point, customer_id in rows]


def profiles(tx: Transaction, points: Collection[str]) -> list[int]:
    """Whose contact points these are now."""
    rows = tx.among(_profiles(tx.dialect), points) if points else ()
    return [profile_id for (profile_id,) in rows]


def profiles_by(tx: Transaction, points: Collection[str]) -> Mapping[str, list[int]]:
    """The profiles that have each contact point now, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for point, profile_id in sorted(tx.among(_profiles_by(tx.dialect), points)):
        found[point].append(profile_id)
    return found


def borne(tx: Transaction, customers: Collection[int]) -> Mapping[int, Sequence[str]]:
    """What identifies these customers now, by id; of more kinds than can be written to."""
    found: dict[int, list[str]] = defaultdict(list)
    for customer_id, point in tx.among(_borne(tx.dialect), customers) if customers else ():
        found[customer_id].append(point)
    return found


def members(tx: Transaction, profiles: Collection[int]) -> Mapping[int, Sequence[int]]:
    """The customers of these profiles, gone ones as well, by profile id."""
    found: dict[int, list[int]] = defaultdict(list)
    for profile_id, customer_id in tx.among(_members(tx.dialect), profiles) if profiles else ():
        found[profile_id].append(customer_id)
    return found


@cache
def _bearers(dialect: str) -> sa.Select[Any]:
    query = sa.select(IDENTIFIER.token, IDENTIFIER.customer_id)
    return query.where(among(IDENTIFIER.token, dialect))


@cache
def _profiles(dialect: str) -> sa.Select[Any]:
    both = sa.select(CUSTOMER.profile_id).join_from(
        IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id
    )
    return both.where(among(IDENTIFIER.token, dialect)).distinct()


@cache
def _profiles_by(dialect: str) -> sa.Select[Any]:
    both = sa.select(IDENTIFIER.token, CUSTOMER.profile_id).join_from(
        IdentifierRow, CustomerRow, CUSTOMER.id == IDENTIFIER.customer_id
    )
    return both.where(among(IDENTIFIER.token, dialect)).distinct()


@cache
def _borne(dialect: str) -> sa.Select[Any]:
    query = sa.select(IDENTIFIER.customer_id, IDENTIFIER.token)
    return query.where(among(IDENTIFIER.customer_id, dialect))


@cache
def _members(dialect: str) -> sa.Select[Any]:
    query = sa.select(CUSTOMER.profile_id, CUSTOMER.id)
    return query.where(among(CUSTOMER.profile_id, dialect))
