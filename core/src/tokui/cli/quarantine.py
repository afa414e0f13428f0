"""`tokui quarantine`: items that could not be understood."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group
from rich.syntax import Syntax
from rich.text import Text

from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.output import (
    ago,
    confirm,
    count,
    emit,
    json_option,
    local,
    note,
    or_none,
    plain,
    table,
    yes_option,
)
from tokui.errors import ConfigError, TokuiError
from tokui.store import quarantine as items
from tokui.store.engine import Transaction
from tokui.store.quarantine import Kept
from tokui.sync.compose import compose, names
from tokui.sync.progress import Silent
from tokui.sync.replay import Replayed, replay
from tokui.sync.stop import RunStop

PARTLY = 5
ALL = 1_000_000_000


@click.group()
def quarantine() -> None:
    """Items that could not be understood: kept as they came, with the reason."""


@quarantine.command("list")
@click.argument("connection", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@click.pass_obj
def list_(path: Path | None, connection: str | None, limit: int, as_json: bool) -> None:
    """List them, the oldest first, without what is in them."""
    desk = Desk(path)
    with desk.store() as store, store.read() as tx:
        kept = items.find(tx, connection, limit=limit)
        total = items.count(tx, connection)
    if connection and not kept:
        names(desk.config, [connection])
    rows = table("id", "stream", "tries", "first seen", "reason", right=("id", "tries"))
    for each in kept:
        where = f"{each.connection}.{each.stream}"
        rows.add_row(str(each.id), where, str(each.attempts), ago(each.first_at), each.reason)
    listed: list[JsonValue] = [_data(each) for each in kept]
    shown = or_none(rows, "nothing is set aside")
    emit("quarantine.list", {"items": listed, "total": total}, as_json, shown)
    if total > len(kept):
        note(f"{total - len(kept):,} more; --limit shows them")


@quarantine.command()
@click.argument("number", type=int)
@json_option
@click.pass_obj
def show(path: Path | None, number: int, as_json: bool) -> None:
    """Show one as it came. It may hold personal data."""
    with Desk(path).store() as store, store.read() as tx:
        kept = next(iter(items.find(tx, ids=[number])), None)
    if kept is None:
        raise Unknown(f"there is no item {number}; see `tokui quarantine list`")
    text = json.dumps(kept.item, ensure_ascii=False, indent=2)
    shown = Group(
        Text(f"{kept.connection}.{kept.stream}, {local(kept.first_at)}, tries: {kept.attempts}"),
        Text(f"{kept.error}: {kept.reason}", "red"),
        Syntax("\n".join(map(plain, text.split("\n"))), "json", background_color="default"),
    )
    emit("quarantine.show", {"item": {**_data(kept), "raw": dict(kept.item)}}, as_json, shown)


@quarantine.command("replay")
@click.argument("wanted", nargs=-1, metavar="[CONNECTION | ID]...")
@click.option("--all", "every", is_flag=True, help="Of all connections.")
@json_option
@click.pass_obj
def replay_(path: Path | None, wanted: tuple[str, ...], every: bool, as_json: bool) -> int:
    """Try them again: after an update, or a change of settings."""
    desk = Desk(path)
    with desk.store() as store:
        with store.read() as tx:
            chosen = _chosen(desk, tx, wanted, every)
        hub = desk.hub(list(chosen))
        company = compose(desk.config, hub, list(chosen)).company
        done, failed = [], 0
        for name, ids in chosen.items():
            try:
                done.append(replay(store, hub, company, name, RunStop(name, Silent()), ids))
            except TokuiError as error:  # the others go on
                note(f"error: {error}")
                failed = error.exit_code
    rows = table("connection", "tried", "stored now", "still here", right=("tried", "stored now"))
    for each in done:
        left = each.refused + each.streamless
        rows.add_row(each.connection, str(each.tried), str(each.understood), str(left))
    told: list[JsonValue] = [_replayed(each) for each in done]
    emit("quarantine.replay", {"connections": told}, as_json, rows)
    left = any(each.refused or each.streamless for each in done)
    return PARTLY if left or (failed and done) else failed


@quarantine.command()
@click.argument("wanted", nargs=-1, metavar="[CONNECTION | ID]...")
@click.option("--all", "every", is_flag=True, help="Of all connections.")
@yes_option
@json_option
@click.pass_obj
def drop(path: Path | None, wanted: tuple[str, ...], every: bool, yes: bool, as_json: bool) -> None:
    """Throw them away. What they told is lost, unless the source still has it."""
    desk = Desk(path)
    with desk.store() as store:
        with store.read() as tx:
            chosen = _chosen(desk, tx, wanted, every)
            ids = [
                each.id
                for name, some in chosen.items()
                for each in items.find(tx, name, ids=some, limit=ALL)
            ]
        if ids:
            confirm(f"Throw {count(len(ids), 'item')} away?", yes)
        with store.write() as tx:
            dropped = items.drop(tx, ids)
    shown = f"{count(dropped, 'item')} thrown away"
    emit("quarantine.drop", {"dropped": dropped}, as_json, shown)


def _chosen(
    desk: Desk, tx: Transaction, wanted: Sequence[str], every: bool
) -> dict[str, list[int] | None]:
    """Connection → ids, None for all that it has."""
    if every == bool(wanted):
        raise click.UsageError("Name connections or ids, or pass --all.")
    if every:
        return dict.fromkeys(desk.config.connections)
    ids = [int(word) for word in wanted if word.isascii() and word.isdigit()]
    whole = names(desk.config, [word for word in wanted if not word.isdigit()])
    chosen: dict[str, list[int] | None] = dict.fromkeys(whole)
    kept = items.find(tx, ids=ids, limit=len(ids) or 1)
    if missing := set(ids) - {each.id for each in kept}:
        raise ConfigError(
            f"there is no item {', '.join(map(str, sorted(missing)))}",
            who="quarantine",
            todo="run `tokui quarantine list`",
        )
    for each in kept:
        some = chosen.setdefault(each.connection, [])
        if some is not None:
            some.append(each.id)
    return chosen


def _data(kept: Kept) -> dict[str, JsonValue]:
    return {
        "id": kept.id,
        "connection": kept.connection,
        "stream": kept.stream,
        "error": kept.error,
        "reason": kept.reason,
        "attempts": kept.attempts,
        "first_at": kept.first_at.isoformat(),
        "last_at": kept.last_at.isoformat(),
    }


def _replayed(done: Replayed) -> dict[str, JsonValue]:
    return {
        "connection": done.connection,
        "tried": done.tried,
        "understood": done.understood,
        "refused": done.refused,
        "streamless": done.streamless,
        "counts": {**done.counts.as_dict()} if done.counts else {},
    }
