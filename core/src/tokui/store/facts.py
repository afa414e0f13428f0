"""What was written on customers since a moment: figures only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.notes import HERE
from tokui.store.tables import ConsentRow, EventRow, OrderRow, columns

ORDER, EVENT, CONSENT = columns(OrderRow), columns(EventRow), columns(ConsentRow)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a kind a customer has, and from when to when: microseconds since 1970."""

    customer_id: int
    kind: str
    count: int
    first_us: int
    last_us: int


def since(tx: Transaction, customers: Collection[int], at_us: int) -> list[Tally]:
    """
    Orders placed, notes and visits written here, and consents kept since then.

    Facts hang on customers and never move; but who wrote them may have thought of someone else.
    """
    return list(_tallies(tx, customers, at_us))


def _tallies(tx: Transaction, customers: Collection[int], at_us: int) -> Iterator[Tally]:
    for kind, query in _queries(tx.dialect).items():
        for customer_id, count, first, last in tx.among(query, customers, since=at_us):
            yield Tally(customer_id, kind, count, first, last)


@cache
def _queries(dialect: str) -> dict[str, sa.Select[Any]]:
    return {
        "order": _count(ORDER, ORDER.placed_at, dialect).where(ORDER.gone_at.is_(None)),
        "event": _count(EVENT, EVENT.occurred_at, dialect).where(EVENT.connection == HERE),
        "consent": _count(CONSENT, CONSENT.at, dialect),
    }


def _count(at: Any, time: Any, dialect: str) -> sa.Select[Any]:
    query = sa.select(at.customer_id, sa.func.count(), sa.func.min(time), sa.func.max(time))
    recent = time >= sa.bindparam("since", type_=sa.BigInteger)
    return query.where(among(at.customer_id, dialect), recent).group_by(at.customer_id)
