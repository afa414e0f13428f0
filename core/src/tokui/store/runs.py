"""The history of runs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tokui.model import moment
from tokui.store.engine import Store, Transaction
from tokui.store.tables import RunRow, columns

AT = columns(RunRow)


class Run(NamedTuple):
    """
    One run of one connection.

    Attributes:
        state: `running`, `done`, `stopped`, `failed` or `abandoned`; a run whose process was killed
            stays `running` until the connection's next one begins.
        counts: Stream → figures of `store.records.Counts`.
        error: Why it failed.
    """

    id: int
    connection: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    counts: Mapping[str, Mapping[str, int]]
    error: str | None


def begin(store: Store, connection: str) -> int:
    """Enter a new run; whatever still says `running` of this connection was killed."""
    with store.write() as tx:
        killed = sa.update(RunRow).where(AT.connection == connection, AT.state == "running")
        tx.connection.execute(killed.values(state="killed", ended_at=tx.now_us))
        run_id = next(tx.allocate("row", 1))
        tx.upsert(RunRow, [(run_id, connection, tx.now_us, None, "running", "{}", None)])
    return run_id


def count(tx: Transaction, run_id: int, counts: Mapping[str, Mapping[str, int]]) -> None:
    """Write the figures so far; in the transaction of the page that they count."""
    written = sa.update(RunRow).where(AT.id == run_id)
    tx.connection.execute(written.values(counts=json.dumps(counts)))


def end(store: Store, run_id: int, state: str, error: str | None) -> None:
    """Enter how it ended."""
    with store.write() as tx:
        ended = sa.update(RunRow).where(AT.id == run_id)
        tx.connection.execute(ended.values(state=state, error=error, ended_at=tx.now_us))


def history(tx: Transaction, connection: str | None = None, limit: int = 20) -> Sequence[Run]:
    """The newest runs first."""
    query = sa.select(
        AT.id, AT.connection, AT.started_at, AT.ended_at, AT.state, AT.counts, AT.error
    ).order_by(AT.id.desc())  # a clock may be put back
    if connection is not None:
        query = query.where(AT.connection == connection)
    return [
        Run(run_id, name, moment(start), end and moment(end), state, json.loads(counts), error)
        for run_id, name, start, end, state, counts, error in tx.all(query.limit(limit))
    ]
