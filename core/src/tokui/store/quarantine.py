"""Items that could not be understood: kept as they came, with the reason, until they can be."""

import json
import reprlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.connector import Item
from tokui.model import moment
from tokui.store.engine import Transaction
from tokui.store.entry import hash64
from tokui.store.tables import QuarantineRow, columns

AT = columns(QuarantineRow)
PARAMETERS = 10_000
"""Values in one statement; databases take some 30,000 at most."""


class Refused(NamedTuple):
    """An item and why it was refused: the error's class, and a reason without the item's values."""

    item: Item
    error: str
    reason: str


class Kept(NamedTuple):
    """
    An item in quarantine.

    Attributes:
        id: What `quarantine show`, `replay` and `drop` take.
        attempts: How often it was tried.
    """

    id: int
    connection: str
    stream: str
    item: Item
    error: str
    reason: str
    attempts: int
    first_at: datetime
    last_at: datetime


def put(tx: Transaction, connection: str, stream: str, refused: Sequence[Refused]) -> None:
    """Keep items; one that is here already is counted as tried again."""
    if not refused:
        return
    texts = {}
    for each in refused:
        text = _text(each.item)
        texts[hash64(text.encode())] = (text, each)
    query = sa.select(AT.hash, AT.id, AT.attempts, AT.first_at)
    here = query.where(AT.connection == connection, AT.stream == stream, AT.hash.in_(texts))
    known = {hash_: rest for hash_, *rest in tx.all(here)}
    ids = tx.allocate("row", len(texts) - len(known))
    rows = []
    for hash_, (text, each) in texts.items():
        row_id, attempts, first_at = known.get(hash_) or (next(ids), 0, tx.now_us)
        head = (row_id, connection, stream, text, hash_, each.error, each.reason)
        rows.append((*head, attempts + 1, first_at, tx.now_us))
    tx.upsert(QuarantineRow, rows)


def _text(item: Item) -> str:
    """JSON; of something that JSON cannot say, its beginning as Python writes it."""
    try:
        return json.dumps(item, sort_keys=True, default=repr)
    except (TypeError, ValueError, RecursionError):
        return json.dumps({"not JSON": reprlib.repr(item)})


def find(
    tx: Transaction,
    connection: str | None = None,
    stream: str | None = None,
    ids: Iterable[int] | None = None,
    *,
    after: int = 0,
    limit: int = 100,
) -> Sequence[Kept]:
    """Items by connection, stream or id, in order of id from `after` on."""
    query = sa.select(
        AT.id,
        AT.connection,
        AT.stream,
        AT.item,
        AT.error,
        AT.reason,
        AT.attempts,
        AT.first_at,
        AT.last_at,
    )
    query = _where(query.where(AT.id > after), connection, stream, ids)
    return [
        Kept(
            row_id, name, of, json.loads(item), error, reason, attempts, moment(first), moment(last)
        )
        for row_id, name, of, item, error, reason, attempts, first, last in tx.all(
            query.order_by(AT.id).limit(limit)
        )
    ]


def count(tx: Transaction, connection: str | None = None) -> int:
    """How many items there are."""
    query = _where(sa.select(sa.func.count()).select_from(QuarantineRow), connection, None, None)
    return int(tx.connection.execute(query).scalar_one())


def drop(tx: Transaction, ids: Iterable[int]) -> int:
    """Throw items away; how many there were."""
    dropped, left = 0, list(ids)
    while left:
        some, left = left[:PARAMETERS], left[PARAMETERS:]
        gone = sa.delete(QuarantineRow).where(AT.id.in_(some))
        dropped += tx.connection.execute(gone).rowcount
    return dropped


def older(tx: Transaction, days: int) -> Sequence[int]:
    """Items that were first seen so many days ago, or earlier: they are kept no longer."""
    ends = tx.now_us - days * 86_400_000_000
    return [row[0] for row in tx.all(sa.select(AT.id).where(AT.first_at <= ends))]


def _where(
    query: sa.Select[Any], connection: str | None, stream: str | None, ids: Iterable[int] | None
) -> sa.Select[Any]:
    if connection is not None:
        query = query.where(AT.connection == connection)
    if stream is not None:
        query = query.where(AT.stream == stream)
    return query if ids is None else query.where(AT.id.in_(list(ids)))
