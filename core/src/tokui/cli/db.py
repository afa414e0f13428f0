"""`tokui db`: the database and its tables."""

from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.desk import Desk
from tokui.cli.output import emit, json_option
from tokui.store import schema
from tokui.store.engine import Store


@click.group()
def db() -> None:
    """The database and its tables."""


@db.command()
@json_option
@click.pass_obj
def current(path: Path | None, as_json: bool) -> None:
    """Say which version the tables are of."""
    store = _opened(path)
    try:
        version = schema.current(store)
    finally:
        store.close()
    word = f"version {version}" if version else "no tables yet"
    data: dict[str, JsonValue] = {"current": version, "head": schema.HEAD}
    emit("db.current", data, as_json, f"{word}; this program's is {schema.HEAD}")


@db.command()
@json_option
@click.pass_obj
def upgrade(path: Path | None, as_json: bool) -> None:
    """Bring the tables to this program's version."""
    store = _opened(path)
    try:
        before = schema.current(store)
        if before != schema.HEAD:
            schema.upgrade(store)
    finally:
        store.close()
    word = "nothing to do" if before == schema.HEAD else f"upgraded from {before or 'nothing'}"
    data: dict[str, JsonValue] = {"before": before, "current": schema.HEAD}
    emit("db.upgrade", data, as_json, f"{word}; the tables are of version {schema.HEAD}")


def _opened(path: Path | None) -> Store:
    """The store, whatever its version."""
    desk = Desk(path)
    desk.config.check()
    return Store.open(desk.config.store_url)
