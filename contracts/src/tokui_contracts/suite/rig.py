"""What the checks work with: one connector, its sandbox, and runs of the tiny engine."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, cast

from pydantic import JsonValue
from tokui.connector import Connector, Context, Item, Pull, Source, Stream
from tokui.errors import FatalError, RetryableError
from tokui.http import HttpSettings
from tokui.model import Record

from tokui_contracts.context import Waits, context
from tokui_contracts.suite.engine import MOST_PAGES, Run, Store, parse, sync
from tokui_contracts.suite.sandbox import Sandbox

CONNECTION = "under-test"
PATIENT = HttpSettings(allow_private=True, timeout_s=10)
HASTY = HttpSettings(allow_private=True, timeout_s=10, tries=2)
IMPATIENT = HttpSettings(allow_private=True, timeout_s=0.1, tries=2)


class _Forbidden:
    """Stands where `http`, `rng`, `log` and `stop` are, and must not be looked at."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the context's `{name}` was used where nothing but the input counts")

    def __call__(self) -> NoReturn:
        raise AssertionError("the clock was asked where nothing but the input counts")


def sealed() -> Context:
    """A context whose every member raises when it is used."""
    seal: Any = _Forbidden()
    return Context(http=seal, now=seal, rng=seal, log=seal, stop=seal)


class Rig:
    """
    One connector on its filled sandbox.

    Attributes:
        sandbox: Started and filled.
        waits: Every wait of the connectors made here; none of them took any time.
    """

    def __init__(self, connector: type[Connector[Any]], sandbox: Sandbox) -> None:
        self._class = connector
        self._contexts: dict[HttpSettings, Context] = {}
        self._now = sandbox.now
        self.sandbox = sandbox
        self.waits = Waits()

    @classmethod
    @contextmanager
    def on(
        cls, connector: type[Connector[Any]], sandbox: type[Sandbox], folder: Path
    ) -> Iterator["Rig"]:
        """Start and fill a sandbox; stop it at the end."""
        rig = cls(connector, sandbox(folder))
        rig.sandbox.start()
        try:
            rig.sandbox.fill(rig.sandbox.count)
            yield rig
        finally:
            for lent in rig._contexts.values():
                lent.http.close()
            rig.sandbox.stop()

    def connect(
        self,
        *,
        settings: Mapping[str, JsonValue] | None = None,
        lent: Context | None = None,
        now: datetime | None = None,
        seed: int = 0,
        limits: HttpSettings = PATIENT,
    ) -> Any:
        """A new connector, with nothing in its memory."""
        chosen = self.sandbox.settings() if settings is None else settings
        if lent is None:
            lent = self._lend(now or self.sandbox.now, seed, limits)
        return self._class(CONNECTION, self._class.Settings.model_validate(dict(chosen)), lent)

    def _lend(self, now: datetime, seed: int, limits: HttpSettings) -> Context:
        """HTTP clients are slow to make and remember nothing of a connector's, so they are shared."""
        self._now = now
        if limits not in self._contexts:
            self._contexts[limits] = context(
                CONNECTION, now=lambda: self._now, http_limits=limits, stop=self.waits
            )
        return replace(self._contexts[limits], now=lambda: now, rng=random.Random(seed))

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
