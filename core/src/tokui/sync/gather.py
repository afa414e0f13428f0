"""Small pages are committed together: a commit costs much the same whatever it holds."""

import time
from threading import Lock

from tokui.connector import Cursor, Stream
from tokui.sync.batch import Batch
from tokui.sync.commit import Ledger
from tokui.sync.progress import Progress

LONGEST_S = 1.0
"""How long a page waits for the next one to be committed with."""


class Gathered:
    """
    Pages of one stream that wait to be committed, in the order in which they came.

    Only pages of which none says more of what is on another are put together.
    """

    def __init__(self, ledger: Ledger, stream: Stream, progress: Progress, most: int) -> None:
        self._ledger = ledger
        self._stream = stream
        self._progress = progress
        self._most = most
        self._lock = Lock()
        self._batch: Batch | None = None
        self._cursor: Cursor | None = None
        self._since = 0.0

    def add(self, batch: Batch, cursor: Cursor | None) -> None:
        """
        Take a page, and commit when there is enough, or when the first one has waited for long.

        Raises:
            TokuiError: It cannot be committed; nothing of it is lost, it is tried again by `flush`.
        """
        with self._lock:
            if self._batch is not None and not self._batch.goes_with(batch):
                self._commit()
            if self._batch is None:
                self._batch, self._since = batch, time.monotonic()
            else:
                self._batch.extend(batch)
            self._cursor = self._cursor if cursor is None else cursor
            late = time.monotonic() - self._since >= LONGEST_S
            if late or self._batch.read >= self._most or not self._batch.is_plain:
                self._commit()

    def flush(self) -> None:
        """Commit what waits."""
        with self._lock:
            self._commit()

    def rescue(self) -> None:
        """Commit what a hung thread has left; unless it hangs in a commit."""
        if self._lock.acquire(blocking=False):
            try:
                self._commit()
            finally:
                self._lock.release()

    def _commit(self) -> None:
        if self._batch is None:
            return
        self._ledger.commit(self._stream, self._batch, self._cursor)
        self._batch = self._cursor = None
        name = self._stream.name
        self._progress.page(self._ledger.connection, name, self._ledger.counts[name])
