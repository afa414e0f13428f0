"""Which customers the next batch pass looks at: those of whom something changed since the last one."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, DirtyRow, IdentifierRow, columns

AT = columns(DirtyRow)
CUSTOMER, IDENTIFIER = columns(CustomerRow), columns(IdentifierRow)


def ids(tx: Transaction) -> list[int]:
    """Who they are, ascending."""
    query = sa.select(AT.customer_id).order_by(AT.customer_id)
    return [customer_id for (customer_id,) in tx.all(query)]


def count(tx: Transaction) -> int:
    """How many they are."""
    return tx.connection.execute(sa.select(sa.func.count(AT.customer_id))).scalar_one()


def unread(tx: Transaction) -> bool:
    """Is nothing kept to compare of any of them, as an older version stored them?"""
    known = sa.select(CUSTOMER.id).join_from(CustomerRow, DirtyRow, CUSTOMER.id == AT.customer_id)
    living = known.where(sa.not_(CUSTOMER.stub), CUSTOMER.gone_at.is_(None))
    query = living.where(CUSTOMER.features.is_(None)).limit(1)
    return tx.connection.execute(query).first() is not None


def mark(tx: Transaction, customers: Iterable[int]) -> None:
    """Let the next pass look at customers."""
    tx.upsert(DirtyRow, [(each,) for each in customers])


def mark_profiles(tx: Transaction, profiles: Collection[int]) -> None:
    """Let the next pass look at all whom these profiles have."""
    mark(tx, _members(tx, profiles))


def mark_bearers(tx: Transaction, tokens: Collection[str]) -> None:
    """Let the next pass weigh all bearers of these identifiers again."""
    query = sa.select(IDENTIFIER.customer_id).where(among(IDENTIFIER.token, tx.dialect))
    mark(tx, {customer_id for (customer_id,) in tx.among(query, tokens)})


def settle(tx: Transaction, customers: Iterable[int], but: Collection[int] = ()) -> None:
    """Customers who need no second look, unless they are of one of these profiles."""
    tx.delete(DirtyRow, "customer_id", {*customers} - _members(tx, but))


def _members(tx: Transaction, profiles: Collection[int]) -> set[int]:
    query = sa.select(CUSTOMER.id).where(among(CUSTOMER.profile_id, tx.dialect))
    return {customer_id for (customer_id,) in tx.among(query, profiles)}
