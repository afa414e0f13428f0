"""What a command works with: the configuration, the plugins, the store."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from tokui.config import Config, find, read
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
