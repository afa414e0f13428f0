"""Two wrong ways to commit a page, which the harness must catch."""

from dataclasses import dataclass
from uuid import uuid4

from tokui.connector import Cursor, Stream
from tokui.store import cursors
from tokui.store.entry import Entry, entry
from tokui.sync.batch import Batch
from tokui.sync.commit import Ledger


@dataclass(slots=True)
class CursorFirst(Ledger):
    """Commits the cursor, then the data that it speaks of."""

    def commit(self, stream: Stream, batch: Batch, cursor: Cursor | None) -> None:
        with self.store.write(durable=False) as tx:
            cursors.put(tx, self.connection, stream.name, cursor or {})
        Ledger.commit(self, stream, batch, None)


@dataclass(slots=True)
class KeylessDataFirst(Ledger):
    """Commits the data under keys of its own, then the cursor."""

    def commit(self, stream: Stream, batch: Batch, cursor: Cursor | None) -> None:
        batch.customers = [_keyless(each) for each in batch.customers]
        batch.others = {
            kind: [_keyless(each) for each in entries] for kind, entries in batch.others.items()
        }
        Ledger.commit(self, stream, batch, None)
        with self.store.write(durable=False) as tx:
            cursors.put(tx, self.connection, stream.name, cursor or {})


def _keyless(each: Entry) -> Entry:
    key = f"{each.record.external_id}#{uuid4()}"
    return entry(each.record.model_copy(update={"external_id": key}))
