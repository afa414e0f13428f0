"""Reading people: find them, and all that is known of one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from tokui.model import Customer, Event, Location, Order, Staff
from tokui.store.engine import Transaction, among
from tokui.store.tables import (
    AliasRow,
    CustomerRow,
    EventRow,
    LocationRow,
    OrderRow,
    StaffRow,
    columns,
)

CUSTOMER, ORDER, EVENT = columns(CustomerRow), columns(OrderRow), columns(EventRow)
ALIAS = columns(AliasRow)


def resolve(tx: Transaction, profile_id: int) -> int:
    """The profile that an id means now; every id ever given out resolves for good."""
    query = sa.select(ALIAS.into_id).where(ALIAS.profile_id == profile_id)
    into = tx.connection.execute(query).scalar()
    return profile_id if into is None else int(into)


def resolved(tx: Transaction, ids: Iterable[int]) -> dict[int, int]:
    """The profile that each of these means now."""
    many = dict.fromkeys(ids)
    return {**{each: each for each in many}, **dict(map(tuple, tx.among(_into(tx.dialect), many)))}


def count(tx: Transaction) -> tuple[int, int]:
    """How many records of persons there are, and how many persons they are."""
    query = sa.select(sa.func.count(), sa.func.count(CUSTOMER.profile_id.distinct()))
    row = tx.connection.execute(query.where(CUSTOMER.gone_at.is_(None))).one()
    return int(row[0]), int(row[1])


def place_of(tx: Transaction, connection: str, external_id: str) -> tuple[int, int] | None:
    """Customer id and profile id of the customer that a source knows by this id."""
    mine = sa.and_(CUSTOMER.connection == connection, CUSTOMER.external_id == external_id)
    row = tx.connection.execute(sa.select(CUSTOMER.id, CUSTOMER.profile_id).where(mine)).first()
    return (row[0], row[1]) if row else None


def places_of(tx: Transaction, ids: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Connection, external id and profile id of these customers, by id."""
    query = sa.select(
        CUSTOMER.id, CUSTOMER.connection, CUSTOMER.external_id, CUSTOMER.profile_id
    ).where(among(CUSTOMER.id, tx.dialect))
    return {row_id: tuple(place) for row_id, *place in (tx.among(query, ids) if ids else ())}


def numbers_of(tx: Transaction, ids: Collection[int]) -> dict[int, int]:
    """The profile id of each of these customers."""
    rows = tx.among(_numbers(tx.dialect), ids) if ids else ()
    return dict(map(tuple, rows))


def members(tx: Transaction, profile_id: int) -> list[tuple[int, str, str]]:
    """Customer id, connection and external id of all whom a profile has now, in the order of ids."""
    query = sa.select(CUSTOMER.id, CUSTOMER.connection, CUSTOMER.external_id)
    mine = query.where(CUSTOMER.profile_id == profile_id).order_by(CUSTOMER.id)
    return [tuple(row) for row in tx.all(mine)]


def customers(tx: Transaction, profile_id: int) -> list[tuple[str, Customer]]:
    """
    The profile's customers with their connections, in the order of arrival.

    Those that their source has no more are left out, unless nobody else is there.
    """
    number = resolve(tx, profile_id)
    return customers_of_profiles(tx, [number]).get(number, [])


def customers_of_profiles(
    tx: Transaction, profiles: Collection[int]
) -> dict[int, list[tuple[str, Customer]]]:
    """The same of many profiles, none of them merged away."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for _, whose, *record in sorted(tx.among(_customers(tx.dialect), profiles), key=itemgetter(0)):
        rows[whose].append(record)
    present = {who: [row for row in many if row[2] is None] or many for who, many in rows.items()}
    return {
        who: [(name, Customer.model_validate_json(text)) for name, text, _ in many]
        for who, many in present.items()
    }


def customers_of(tx: Transaction, ids: Collection[int]) -> dict[int, Customer]:
    """The records of these customers, by id."""
    query = sa.select(CUSTOMER.id, CUSTOMER.record).where(among(CUSTOMER.id, tx.dialect))
    rows = tx.among(query, ids) if ids else ()
    return {row_id: Customer.model_validate_json(text) for row_id, text in rows}


def first_customer(tx: Transaction, profile_id: int) -> int | None:
    """
    The customer of a profile that speaks for it.

    Those that the source still has, and knows more of than the id, come before the others.
    """
    mine = sa.select(CUSTOMER.id).where(CUSTOMER.profile_id == profile_id)
    order = mine.order_by(CUSTOMER.gone_at.is_not(None), CUSTOMER.stub, CUSTOMER.id)
    return tx.connection.execute(order.limit(1)).scalar()


def orders(tx: Transaction, profile_id: int, limit: int | None = None) -> list[tuple[str, Order]]:
    """The profile's orders with their connections, newest first."""
    query = _facts(OrderRow, tx, profile_id).order_by(ORDER.placed_at.desc(), ORDER.id.desc())
    rows = tx.all(query.limit(limit))
    return [(name, Order.model_validate_json(text)) for name, text in rows]


def events(tx: Transaction, profile_id: int, limit: int | None = None) -> list[tuple[str, Event]]:
    """The profile's events with their connections, newest first."""
    query = _facts(EventRow, tx, profile_id).order_by(EVENT.occurred_at.desc(), EVENT.id.desc())
    rows = tx.all(query.limit(limit))
    return [(name, Event.model_validate_json(text)) for name, text in rows]


def locations(tx: Transaction) -> dict[tuple[str, str], Location]:
    """All locations by (connection, external id)."""
    at = columns(LocationRow)
    rows = tx.all(sa.select(at.connection, at.external_id, at.record))
    return {(name, key): Location.model_validate_json(text) for name, key, text in rows}


def staff(tx: Transaction) -> dict[tuple[str, str], Staff]:
    """All members of staff by (connection, external id)."""
    at = columns(StaffRow)
    rows = tx.all(sa.select(at.connection, at.external_id, at.record))
    return {(name, key): Staff.model_validate_json(text) for name, key, text in rows}


def _facts(
    table: type[OrderRow | EventRow], tx: Transaction, profile_id: int
) -> sa.Select[tuple[str, str]]:
    at = columns(table)
    return (
        sa.select(at.connection, at.record)
        .join_from(CustomerRow, table, CUSTOMER.id == at.customer_id)
        .where(CUSTOMER.profile_id == resolve(tx, profile_id), at.gone_at.is_(None))
    )


@cache
def _into(dialect: str) -> sa.Select[Any]:
    return sa.select(ALIAS.profile_id, ALIAS.into_id).where(among(ALIAS.profile_id, dialect))


@cache
def _customers(dialect: str) -> sa.Select[Any]:
    query = sa.select(
        CUSTOMER.id, CUSTOMER.profile_id, CUSTOMER.connection, CUSTOMER.record, CUSTOMER.gone_at
    )
    return query.where(among(CUSTOMER.profile_id, dialect))


@cache
def _numbers(dialect: str) -> sa.Select[Any]:
    return sa.select(CUSTOMER.id, CUSTOMER.profile_id).where(among(CUSTOMER.id, dialect))
