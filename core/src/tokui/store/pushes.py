"""What was written back to the connections, and what became of it."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.store.engine import Transaction, among
from tokui.store.tables import PushRow, columns

AT = columns(PushRow)


class Push(NamedTuple):
    """A preference for a customer of a connection: its key."""

    connection: str
    customer_id: int
    point: str
    purpose: str
    state: str
    occurred_us: int


def done(tx: Transaction, connection: str, customers: Collection[int]) -> set[Push]:
    """What these customers' records were told already, and took."""
    query = _done(tx.dialect)
    rows = tx.among(query, customers, connection=connection) if customers else ()
    return {Push._make(row) for row in rows}


def keep(tx: Transaction, told: Iterable[tuple[Push, bool, str | None]]) -> None:
    """Keep what became of each: whether it was taken, and why not."""
    tx.upsert(PushRow, [(*push, taken, reason, tx.now_us) for push, taken, reason in told])


def refused(tx: Transaction, connection: str) -> int:
    """How many preferences the connection refused, the last time that it was told them."""
    mine = sa.select(sa.func.count()).select_from(PushRow).where(AT.connection == connection)
    return int(tx.connection.execute(mine.where(~AT.done)).scalar_one())


@cache
def _done(dialect: str) -> sa.Select[Any]:
    query = sa.select(*(column for column in AT if column.primary_key))
    mine = sa.and_(AT.connection == sa.bindparam("connection"), AT.done)
    return query.where(mine, among(AT.customer_id, dialect))
