"""`tokui state`: where each stream stands."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic import JsonValue
from rich.pretty import Pretty

from tokui.cli.desk import Desk
from tokui.cli.output import (
    ago,
    confirm,
    count,
    emit,
    json_option,
    note,
    or_none,
    table,
    yes_option,
)
from tokui.store import cursors, lease
from tokui.store.engine import Store, Transaction
from tokui.sync.compose import names

SHOWN = 60
"""Characters of a cursor in the list."""


@click.group()
def state() -> None:
    """Where each stream stands: its cursor, owned by the connector, kept by tokui."""


@state.command("list")
@json_option
@click.pass_obj
def list_(path: Path | None, as_json: bool) -> None:
    """List the cursors of streams, and of plugins that follow."""
    with Desk(path).store() as store, store.read() as tx:
        every = cursors.every(tx)
    rows = table("owner", "stream", "moved", "cursor")
    for each in every:
        rows.add_row(each.owner, each.stream, ago(each.at), _short(each.cursor))
    listed: list[JsonValue] = [
        {
            "owner": each.owner,
            "stream": each.stream,
            "cursor": {**each.cursor},
            "at": each.at.isoformat(),
        }
        for each in every
    ]
    emit("state.list", {"cursors": listed}, as_json, or_none(rows, "no sync has run yet"))


@state.command()
@click.argument("stream", metavar="CONNECTION.STREAM")
@json_option
@click.pass_obj
def show(path: Path | None, stream: str, as_json: bool) -> None:
    """Show one cursor, whole."""
    owner, name = _parts(stream)
    desk = Desk(path)
    with desk.store() as store, store.read() as tx:
        cursor = cursors.get(tx, owner, name)
        known = [each.stream for each in cursors.every(tx) if each.owner == owner]
    if cursor is None and not known:
        names(desk.config, [owner])
    if cursor is None and known:
        note(f"{owner} has cursors of {', '.join(known)}")
    data: JsonValue = None if cursor is None else {**cursor}
    shown = "no cursor: the next sync reads from the beginning" if cursor is None else Pretty(data)
    emit("state.show", {"owner": owner, "stream": name, "cursor": data}, as_json, shown)


@state.command("set")
@click.argument("stream", metavar="CONNECTION.STREAM")
@click.argument("cursor", metavar="JSON")
@json_option
@click.pass_obj
def set_(path: Path | None, stream: str, cursor: str, as_json: bool) -> None:
    """Set a cursor. The next sync of the stream goes on from there."""
    owner, name = _parts(stream)
    value = _object(cursor)
    desk = Desk(path)
    names(desk.config, [owner])
    with desk.store() as store, _held(store, owner) as tx:
        cursors.put(tx, owner, name, value)
    data: dict[str, JsonValue] = {"owner": owner, "stream": name, "cursor": value}
    emit("state.set", data, as_json, f"{stream} is set")


@state.command()
@click.argument("stream", metavar="CONNECTION[.STREAM]")
@yes_option
@json_option
@click.pass_obj
def reset(path: Path | None, stream: str, yes: bool, as_json: bool) -> None:
    """
    Forget a cursor: the next sync reads from the beginning.

    Deletes no customer and no purchase; what is read again and the same changes nothing.
    """
    owner, _, name = stream.partition(".")
    confirm(f"Read {stream} again from the beginning, at the next sync?", yes)
    desk = Desk(path)
    with desk.store() as store, _held(store, owner) as tx:
        forgotten = cursors.reset(tx, owner, name or None)
    if not forgotten:
        names(desk.config, [owner])
    data: dict[str, JsonValue] = {"owner": owner, "stream": name or None, "reset": forgotten}
    emit("state.reset", data, as_json, f"{count(forgotten, 'cursor')} forgotten")


def _short(cursor: Mapping[str, JsonValue]) -> str:
    text = json.dumps(cursor, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _parts(stream: str) -> tuple[str, str]:
    owner, _, name = stream.partition(".")
    if not name:
        raise click.UsageError("Name one stream, as CONNECTION.STREAM.")
    return owner, name


def _object(text: str) -> dict[str, JsonValue]:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise click.UsageError(f"That is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise click.UsageError('A cursor is a JSON object, such as {"since": "2026-11-01"}.')
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not allowed")


@contextmanager
def _held(store: Store, connection: str) -> Iterator[Transaction]:
    """Write while no sync of the connection runs: it would overwrite the cursor."""
    held = lease.acquire(store, connection)
    try:
        with store.write() as tx:
            held.check(tx)
            yield tx
    finally:
        lease.release(store, held)
