"""Quarantine, tried again: with the plugin of today, under the connection's lease."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import cast

from tokui.connector import Receiver, Source, Stop, Stream
from tokui.hub import Hub
from tokui.identity.settings import rules as rules_of
from tokui.store import lease as leases
from tokui.store import quarantine
from tokui.store.counts import Counts
from tokui.store.engine import Store
from tokui.store.quarantine import Kept
from tokui.sync.batch import Batch, SourceConnector, parse
from tokui.sync.commit import Ledger
from tokui.sync.compose import connector as made_of
from tokui.sync.receive import NOTES, fetched, notes_of, unpack
from tokui.sync.worker import Company

CHUNK = 200
"""Items in one transaction."""


@dataclass(slots=True)
class Replayed:
    """
    What became of a connection's items.

    Attributes:
        tried: Items.
        understood: Items that are stored now and have left the quarantine.
        refused: Items that stay, with one attempt more.
        streamless: Items of streams that the connector offers no more; left as they are.
        counts: What became of the records.
    """

    connection: str
    tried: int = 0
    understood: int = 0
    refused: int = 0
    streamless: int = 0
    counts: Counts | None = None


def replay(
    store: Store,
    hub: Hub,
    company: Company,
    connection: str,
    stop: Stop,
    ids: Iterable[int] | None = None,
) -> Replayed:
    """
    Parse items in quarantine again; what is understood now is stored, and leaves in one transaction.

    A record that is older than what is stored changes nothing, as in any sync.

    Args:
        store: Where they are.
        hub: Makes the connection.
        company: Whom to ask about matches.
        connection: Its name.
        stop: Ends it between two transactions.
        ids: Only these; None means all of the connection.

    Raises:
        LockedError: A sync of the connection is running.
        PluginError: The connection cannot be made.
    """
    made = cast("SourceConnector", made_of(hub, connection, stop))  # some only receive
    lease = leases.acquire(store, connection)
    try:
        rules = partial(rules_of, hub.config, connection)
        ledger = Ledger(store, connection, lease, None, company.ask_match, rules, company.policy)
        return _replay(ledger, made, None if ids is None else list(ids), stop)
    finally:
        leases.release(store, lease)


def _replay(
    ledger: Ledger, connector: SourceConnector, ids: Sequence[int] | None, stop: Stop
) -> Replayed:
    done, after = Replayed(ledger.connection), 0
    offered = connector.streams() if isinstance(connector, Source) else ()
    streams = {stream.name: stream for stream in offered}
    while chunk := _next(ledger, ids, after):
        stop.check()
        after = chunk[-1].id
        for name, items in groupby(chunk, lambda kept: kept.stream):
            some = list(items)
            if name in streams:
                batch = parse(connector, streams[name], [kept.item for kept in some])
                _keep(ledger, streams[name], batch, some, done)
            elif name == NOTES.name and isinstance(connector, Receiver):
                _take_notes(ledger, connector, some, done)
            else:
                done.streamless += len(some)
    done.counts = Counts()
    for counts in ledger.counts.values():
        done.counts.add(counts)
    return done


def _next(ledger: Ledger, ids: Sequence[int] | None, after: int) -> Sequence[Kept]:
    with ledger.store.read() as tx:
        return quarantine.find(tx, ledger.connection, ids=ids, after=after, limit=CHUNK)


def _take_notes(
    ledger: Ledger, connector: SourceConnector, items: Sequence[Kept], done: Replayed
) -> None:
    """Of a webhook's notes: what they say, then what they hint at."""
    batch, hints = unpack(connector, [kept.item for kept in items])
    _keep(ledger, notes_of(connector), batch, items, done)
    for stream, wanted in hints:
        ledger.commit(stream, fetched(connector, stream, wanted), None)


def _keep(
    ledger: Ledger, stream: Stream, batch: Batch, items: Sequence[Kept], done: Replayed
) -> None:
    refused = {id(each.item) for each in batch.refused}
    understood = [kept.id for kept in items if id(kept.item) not in refused]
    ledger.commit(stream, batch, None, replayed=understood)
    done.tried += len(items)
    done.understood += len(understood)
    done.refused += len(refused)
