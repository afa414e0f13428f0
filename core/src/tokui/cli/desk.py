"""What a command works with: the configuration, the plugins, the store."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from tokui.cli.output import note
from tokui.config import Config, ConfigProblems, find, read
from tokui.hub import Hub
from tokui.store import schema
from tokui.store.engine import Store


class Desk:
    """
    Opens things when they are asked for.

    Args:
        path: Of tokui.toml; None looks for it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @cached_property
    def config(self) -> Config:
        """tokui.toml as read; its mistakes are raised by `hub` and by `store`."""
        return read(self._path or find())

    def hub(self, connections: Collection[str] | None = None) -> Hub:
        """Load the plugins in use, or those of some connections only."""
        return Hub.load(self.config, connections=connections)

    def hub_for_reading(self) -> Hub:
        """
        As `hub`, for looking at what is stored: a connection need not be set up for that.

        A till that shows cards need not hold the shop's token.
        """
        try:
            return self.hub()
        except ConfigProblems:
            del self.config
            hub = self.hub(())
        note("warning: not all connections are set up here; `tokui config validate` says which")
        return hub

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, with its tables in this program's version."""
        self.config.check()
        store = Store.open(self.config.store_url)
        try:
            schema.ready(store)
            yield store
        finally:
            store.close()
