"""What the checks of a source work with: the connector, its sandbox, and runs of the tiny engine."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, cast

from tokui.connector import Item, Pull, Source, Stream
from tokui.errors import FatalError, RetryableError
from tokui.model import Record

from tokui_contracts.suite.engine import MOST_PAGES, Run, Store, parse, sync
from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.rigged import Rigged, sealed
from tokui_contracts.suite.sandbox import Sandbox


class Rig(Rigged[Sandbox]):
    """A connector that is read, on its filled sandbox."""

    def streams(self) -> Sequence[Stream]:
        """Every stream."""
        return list(self.source(lent=sealed()).streams())

    def incremental(self) -> Sequence[Stream]:
        """The streams that are read from a cursor on."""
        return [stream for stream in self.streams() if stream.incremental]

    def source(self, **how: Any) -> Source:
        """`connect`, for those who read."""
        return cast("Source", self.connect(**how))

    def truth(self, stream: Stream) -> set[str]:
        """External ids that the sandbox has now."""
        return set(self.sandbox.truth()[stream.name])

    def some(self, stream: Stream, count: int) -> list[str]:
        """So many external ids of the sandbox, always the same."""
        return sorted(self.truth(stream))[:count]

    def run(
        self,
        stream: Stream,
        store: Store,
        *,
        until: datetime | None = None,
        since: datetime | None = None,
        pages: int | None = None,
        committed: Callable[[int], None] = lambda _: None,
        **how: Any,
    ) -> Run:
        """One run of a new connector, from where the store stands; as the core does it."""
        until = until or self.sandbox.now
        cursor = store.cursors.get(stream.name) if stream.incremental else None
        ask = Pull(stream.name, cursor, until, since)
        source = self.source(now=until, **how)
        return sync(source, ask, store, pages=pages, committed=committed)

    def attempt(self, stream: Stream, store: Store, **how: Any) -> bool:
        """A run that may end with an error an engine can act on; True when it got to its end."""
        with suppress(RetryableError, FatalError):
            self.run(stream, store, **how)
            return True
        return False

    def missing(self, stream: Stream, store: Store) -> set[str]:
        """What the sandbox has and the store lacks."""
        return self.truth(stream) - store.ids(stream.kinds[0])

    def items(self, stream: Stream) -> list[Item]:
        """All items of a stream as pulled; none has seen `parse`."""
        pages = self.source().pull(Pull(stream.name, None, self.sandbox.now))
        return [item for page in islice(pages, MOST_PAGES) for item in page.items]

    def parse(self, stream: Stream, item: Item) -> list[Record] | Exception:
        """Records of an item, or what `parse` raised; the connector has nothing but the item."""
        run = Run()
        records = list(parse(self.source(lent=sealed()), stream.name, item, run))
        return run.quarantined[0][1] if run.quarantined else records

    def row(self, stream: Stream, store: Store, external_id: str) -> Record | None:
        """The stored record of the main kind with that id."""
        return next(
            (
                row
                for row in store.rows.values()
                if type(row) is stream.kinds[0] and row.external_id == external_id
            ),
            None,
        )


class SourceFrame(Frame[Rig]):
    """A contract of something that is read."""

    rigged: ClassVar[type[Rigged[Any]]] = Rig
