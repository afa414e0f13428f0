"""Where each stream, and each follower of the change feed, stands."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, cast

import sqlalchemy as sa

from tokui.connector import Cursor
from tokui.model import moment
from tokui.store.engine import Transaction
from tokui.store.tables import CursorRow, columns

AT = columns(CursorRow)


class CursorState(NamedTuple):
    """A stored cursor and when it was committed (UTC)."""

    owner: str
    stream: str
    cursor: Cursor
    at: datetime


def get(tx: Transaction, owner: str, stream: str) -> Cursor | None:
    """The cursor, or None before the first commit."""
    query = sa.select(AT.value).where(AT.owner == owner, AT.stream == stream)
    value = tx.connection.execute(query).scalar()
    return None if value is None else cast("Cursor", json.loads(value))


def put(tx: Transaction, owner: str, stream: str, cursor: Cursor) -> None:
    """Store a cursor; call it in the transaction of the data that it speaks of."""
    tx.upsert(CursorRow, [(owner, stream, json.dumps(cursor, sort_keys=True), tx.now_us)])


def every(tx: Transaction, owner: str | None = None) -> Sequence[CursorState]:
    """All cursors, or those of one owner, by name."""
    query = sa.select(AT.owner, AT.stream, AT.value, AT.at).order_by(AT.owner, AT.stream)
    if owner is not None:
        query = query.where(AT.owner == owner)
    return [CursorState(o, s, json.loads(value), moment(at)) for o, s, value, at in tx.all(query)]


def reset(tx: Transaction, owner: str, stream: str | None = None) -> int:
    """Forget cursors, so that the next run begins from the beginning; how many there were."""
    statement = sa.delete(CursorRow).where(AT.owner == owner)
    if stream is not None:
        statement = statement.where(AT.stream == stream)
    return tx.connection.execute(statement).rowcount
