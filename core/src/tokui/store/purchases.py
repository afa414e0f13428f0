"""Orders as points programmes see them: all of a person's, with the categories of their articles."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from tokui.connector import Kept, Member, Purchase
from tokui.model import Order, moment
from tokui.store import returned
from tokui.store.engine import Transaction, among
from tokui.store.tables import (
    AccountRow,
    CustomerRow,
    OrderRow,
    ProductRow,
    TransferRow,
    VariantRow,
    columns,
)

CUSTOMER, ORDER = columns(CustomerRow), columns(OrderRow)
ACCOUNT, TRANSFER = columns(AccountRow), columns(TransferRow)
OF = sa.alias(TransferRow.__table__)  # type: ignore[attr-defined]
"""What a transfer takes back or resolves, on whoever's account."""


def of_profiles(tx: Transaction, profiles: Collection[int]) -> dict[int, list[Purchase]]:
    """All orders of these profiles, and those that bring back what they bought; in any order."""
    rows = {*tx.among(_orders(tx.dialect), profiles), *returned.of_profiles(tx, profiles)}
    orders = [(who, where, Order.model_validate_json(text)) for who, where, text in sorted(rows)]
    sorts = _Categories(tx, [(where, order) for _, where, order in orders])
    found: dict[int, list[Purchase]] = defaultdict(list)
    for who, where, order in orders:
        found[who].append(Purchase(where, order, sorts.of(where, order)))
    return found


def everybody(tx: Transaction) -> Iterator[int]:
    """Every profile that has a customer, in order."""
    query = sa.select(CUSTOMER.profile_id).distinct().order_by(CUSTOMER.profile_id)
    return (number for (number,) in tx.all(query))


def kept(tx: Transaction, members: Collection[Member]) -> dict[Member, list[Kept]]:
    """All transfers of each member that stand in our books, the oldest first."""
    found: dict[Member, list[Kept]] = defaultdict(list)
    for unit in sorted({member.programme for member in members}):
        holders = [each.member_no for each in members if each.programme == unit]
        rows = sorted(tx.among(_transfers(tx.dialect), holders, unit=unit), key=itemgetter(1))
        for holder, _, key, kind, of, points, at, why in rows:
            done = Kept(key, kind, of, points, moment(at), why)
            found[Member(unit, holder)].append(done)
    return found


class _Categories:
    """Line → variant → product → category; each read once for many orders."""

    def __init__(self, tx: Transaction, orders: Iterable[tuple[str, Order]]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for where, order in orders:
            wanted[where] |= {line.variant for line in order.lines if line.variant}
        self._found: dict[tuple[str, str], str] = {}
        for where, variants in wanted.items():
            self._read(tx, where, variants)

    def of(self, connection: str, order: Order) -> Mapping[str, str]:
        """Category of each line that has one."""
        spots = {line.line_id: (connection, line.variant or "") for line in order.lines}
        return {line: self._found[spot] for line, spot in spots.items() if spot in self._found}

    def _read(self, tx: Transaction, connection: str, variants: set[str]) -> None:
        products = _of(tx, VariantRow, connection, variants, "product")
        categories = _of(tx, ProductRow, connection, {*products.values()}, "category")
        for variant, product in products.items():
            if product in categories:
                self._found[connection, variant] = categories[product]


def _of(
    tx: Transaction,
    table: type[VariantRow | ProductRow],
    connection: str,
    ids: Collection[str],
    field: str,
) -> dict[str, str]:
    """One field of these records, where they have it."""
    rows = tx.among(_records(table, tx.dialect), ids, connection=connection) if ids else ()
    values = ((key, json.loads(text).get(field)) for key, text in rows)
    return {key: value for key, value in values if value}


@cache
def _orders(dialect: str) -> sa.Select[Any]:
    query = sa.select(CUSTOMER.profile_id, ORDER.connection, ORDER.record)
    mine = query.join_from(CustomerRow, OrderRow, CUSTOMER.id == ORDER.customer_id)
    return mine.where(among(CUSTOMER.profile_id, dialect), ORDER.gone_at.is_(None))


@cache
def _records(table: type[VariantRow | ProductRow], dialect: str) -> sa.Select[Any]:
    at = columns(table)
    query = sa.select(at.external_id, at.record)
    return query.where(at.connection == sa.bindparam("connection"), among(at.external_id, dialect))


@cache
def _transfers(dialect: str) -> sa.Select[Any]:
    query = sa.select(
        ACCOUNT.holder,
        TRANSFER.id,
        TRANSFER.key,
        TRANSFER.kind,
        OF.c.key,
        TRANSFER.points,
        TRANSFER.at,
        TRANSFER.reason,
    )
    both = query.join_from(AccountRow, TransferRow, TRANSFER.account_id == ACCOUNT.id)
    both = both.outerjoin(OF, OF.c.id == TRANSFER.of_id)
    mine = (ACCOUNT.unit == sa.bindparam("unit"), ACCOUNT.kind == "points")
    return both.where(*mine, among(ACCOUNT.holder, dialect))
