"""What came back of which sale, whoever brought it."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.model import Order
from tokui.store.engine import Transaction, among
from tokui.store.feed import Changes
from tokui.store.tables import CustomerRow, OrderRow, ReturnedRow, columns

CUSTOMER, ORDER, RETURNED = columns(CustomerRow), columns(OrderRow), columns(ReturnedRow)


def note(
    tx: Transaction, connection: str, orders: Iterable[tuple[int, Order]], changes: Changes
) -> None:
    """Write down what these orders, by row, bring back; it concerns whoever had bought it."""
    found = {
        (ref.connection or connection, ref.order, row_id)
        for row_id, order in orders
        for line in order.lines
        if (ref := line.returns_line)
    }
    tx.upsert(ReturnedRow, sorted(found))
    for where in sorted({place for place, _, _ in found}):
        sales = {sale for place, sale, _ in found if place == where}
        for (profile_id,) in tx.among(_buyers(tx.dialect), sales, connection=where):
            changes.add(profile_id, "order")


def of_profiles(tx: Transaction, profiles: Iterable[int]) -> Sequence[Any]:
    """Buyer's profile, connection and record of each order that brings back what these bought."""
    return tx.among(_brought(tx.dialect), profiles)


@cache
def _buyers(dialect: str) -> sa.Select[Any]:
    query = sa.select(CUSTOMER.profile_id).join_from(
        CustomerRow, OrderRow, CUSTOMER.id == ORDER.customer_id
    )
    mine = ORDER.connection == sa.bindparam("connection")
    return query.where(mine, among(ORDER.external_id, dialect)).distinct()


@cache
def _brought(dialect: str) -> sa.Select[Any]:
    back = sa.alias(ORDER.id.table, "back")
    query = sa.select(CUSTOMER.profile_id, back.c.connection, back.c.record)
    sold = query.join_from(CustomerRow, OrderRow, CUSTOMER.id == ORDER.customer_id)
    of = sa.and_(RETURNED.connection == ORDER.connection, RETURNED.sale == ORDER.external_id)
    both = sold.join(ReturnedRow, of).join(back, back.c.id == RETURNED.order_id)
    there = (ORDER.gone_at.is_(None), back.c.gone_at.is_(None))
    return both.where(among(CUSTOMER.profile_id, dialect), *there)
