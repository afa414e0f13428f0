"""One stream of one connection: pull, parse, commit, page after page."""

import json
from dataclasses import dataclass
from datetime import datetime

from tokui.connector import Cursor, Page, Pull, Stream
from tokui.errors import FatalError
from tokui.failpoint import failpoint
from tokui.model import Record
from tokui.store import cursors
from tokui.store.quarantine import Refused
from tokui.sync.batch import Batch, SourceConnector, parse
from tokui.sync.commit import Ledger
from tokui.sync.gather import Gathered
from tokui.sync.progress import Progress
from tokui.sync.stop import RunStop

MAX_REFUSED_SHARE = 0.2
MIN_REFUSED = 20
MAX_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Options:
    """
    What an operator asks of a run.

    Attributes:
        full: Read from the beginning, whatever the cursor says.
        since: Read from then on. A stream that has a cursor keeps it: this is a backfill.
        limit: Stop each stream after so many items.
        max_duration_s: End the run after so many seconds; what is committed is saved.
        stall_s: Give a connection up after so many seconds without a page.
        together: Commit small pages together, up to so many items.
        accept_quarantine: Go on even if most of a page cannot be understood.
        dry_run: Plan, and write nothing.
    """

    full: bool = False
    since: datetime | None = None
    limit: int | None = None
    max_duration_s: float | None = None
    stall_s: float = 300.0
    together: int = 1000
    accept_quarantine: bool = False
    dry_run: bool = False


class StreamRun:
    """
    Reads one stream to its end, its limit, or its failure.

    Attributes:
        gathered: The pages that are not committed yet.
    """

    def __init__(
        self,
        connector: SourceConnector,
        stream: Stream,
        ledger: Ledger,
        options: Options,
        stop: RunStop,
        progress: Progress,
    ) -> None:
        self.connector = connector
        self.stream = stream
        self.ledger = ledger
        self.options = options
        self.stop = stop
        self.gathered = Gathered(ledger, stream, progress, options.together)
        self._left = options.limit
        self._seen: set[tuple[str, str]] = set()
        self._repeats: dict[int, int] = {}
        self._refused = False

    def run(self) -> None:
        """
        Read it.

        Raises:
            TokuiError: It did not come to its end; what is committed is saved.
        """
        cursor, keeps_cursor = self._start()
        ask = Pull(self.stream.name, cursor, self._until(), self.options.since)
        try:
            self._read(ask, keeps_cursor)
        finally:
            self.gathered.flush()
        if self._left == 0:
            return
        complete = cursor is None and not self.options.since and not self._refused
        if complete and not self.stream.incremental:
            self.ledger.bury_absent(self.stream, self._own_kinds(), self._seen)

    def _read(self, ask: Pull, keeps_cursor: bool) -> None:
        for page in self.connector.pull(ask):
            failpoint("sync.pulled")
            self.stop.moved()
            self._guard(page)
            whole = self._left is None or len(page.items) <= self._left
            self._take(page, keeps_cursor and whole)
            if self._left == 0:
                return
            self.stop.check()

    def _own_kinds(self) -> list[type[Record]]:
        """Kinds that no other stream of the connection brings: only of these is a read complete."""
        others = [each for each in self.connector.streams() if each.name != self.stream.name]
        shared = {kind for each in others for kind in each.kinds}
        return [kind for kind in self.stream.kinds if kind not in shared]

    def _start(self) -> tuple[Cursor | None, bool]:
        """Where to start, and whether the stored cursor moves with the pages."""
        with self.ledger.store.read() as tx:
            stored = cursors.get(tx, self.ledger.connection, self.stream.name)
        if self.options.since is not None:
            return None, stored is None
        if self.options.full or not self.stream.incremental:
            return None, True
        return stored, True

    def _until(self) -> datetime:
        ctx = self.connector.ctx
        return ctx.http.server_time() or ctx.now()

    def _take(self, page: Page, keeps_cursor: bool) -> None:
        items = page.items if self._left is None else page.items[: self._left]
        batch = parse(self.connector, self.stream, items)
        self._refuse_flood(batch)
        self._refused = self._refused or bool(batch.refused)
        if not self.stream.incremental:
            self._seen |= batch.keys()
        self.gathered.add(batch, page.cursor if keeps_cursor else None)
        if self._left is not None:
            self._left -= len(items)

    def _refuse_flood(self, batch: Batch) -> None:
        """A page that is mostly unreadable is a changed format, not bad data."""
        refused = len(batch.refused)
        flood = refused >= MIN_REFUSED and refused > MAX_REFUSED_SHARE * batch.read
        if flood and not self.options.accept_quarantine:
            raise FatalError(
                f"{refused} of a page's {batch.read} items cannot be understood "
                f"({_commonest(batch.refused)}); the page was not stored",
                todo="fix the mapping, or run again with --accept-quarantine",
            )

    def _guard(self, page: Page) -> None:
        """Stop a source that hands out no page, or the same page again and again."""
        if not isinstance(page, Page):
            raise FatalError(
                f"pull gave {type(page).__name__} where a page is due",
                todo="let it yield Page(items, cursor)",
            )
        try:
            cursor = json.dumps(page.cursor, sort_keys=True)
        except (TypeError, ValueError):
            todo = "put strings, numbers, lists and dicts into it, times as text"
            raise FatalError("a cursor holds what is not JSON", todo=todo) from None
        ends = [repr(page.items[0]), repr(page.items[-1])] if page.items else []
        mark = hash((cursor, len(page.items), *ends))
        self._repeats[mark] = self._repeats.get(mark, 0) + 1
        if self._repeats[mark] > MAX_REPEATS:
            raise FatalError(
                f"the same page came {MAX_REPEATS} times",
                todo="report it to the plugin's author; the cursor is where it was",
            )


def _commonest(refused: list[Refused]) -> str:
    reasons = [each.reason for each in refused]
    return max(set(reasons), key=reasons.count)
