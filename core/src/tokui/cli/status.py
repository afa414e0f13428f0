"""`tokui status` and `tokui runs`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tokui.cli.desk import Desk
from tokui.cli.output import ago, count, emit, json_option, local, or_none, plain, state, table
from tokui.hooks import tokui_changed, tokui_mirrors
from tokui.hub import Hub
from tokui.model import moment
from tokui.store import cursors, feed, mirrored, profiles, pushes, quarantine
from tokui.store import runs as history
from tokui.store.counts import Counts
from tokui.store.engine import Transaction
from tokui.store.runs import Run
from tokui.sync import earn, follow
from tokui.sync.compose import names

Row = dict[str, JsonValue]


@click.command()
@json_option
@click.pass_obj
def status(path: Path | None, as_json: bool) -> None:
    """How each connection stands: its last run, its cursors, what was set aside."""
    desk = Desk(path)
    hub = desk.hub(())
    with desk.store() as store, store.read() as tx:
        connections = [_connection(tx, name) for name in desk.config.connections]
        followers = list(_followers(tx, hub))
        mirrors = list(_mirrors(tx, hub))
        records, people = profiles.count(tx)
    data: Row = {"customers": records, "people": people}
    data["connections"] = [{**each} for each in connections]
    data["followers"] = [{**each} for each in followers]
    data["mirrors"] = [{**each} for each in mirrors]
    shown = _shown(connections, followers, records, people)
    emit("status", data, as_json, Group(shown, *map(_read, mirrors)))


@click.command()
@click.argument("connection", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@json_option
@click.pass_obj
def runs(path: Path | None, connection: str | None, limit: int, as_json: bool) -> None:
    """List the syncs, the newest first."""
    desk = Desk(path)
    with desk.store() as store, store.read() as tx:
        found = history.history(tx, connection, limit)
    if connection and not found:
        names(desk.config, [connection])
    rows = _history([(each, _total(each)) for each in found])
    listed: list[JsonValue] = [_run(each) for each in found]
    emit("runs", {"runs": listed}, as_json, or_none(rows, "no sync has run yet"))


def _history(found: list[tuple[Run, Counts]]) -> Table:
    aside = ("aside",) if any(total.quarantined for _, total in found) else ()
    why = ("why",) if any(each.error for each, _ in found) else ()
    heads = ("read", "new/changed", *aside, "seconds")
    rows = table("run", "connection", "began", "state", *heads, *why, right=("run", *heads))
    for each, total in found:
        figures = (total.read, total.stored, *(total.quarantined for _ in aside))
        rows.add_row(
            str(each.id),
            each.connection,
            local(each.started_at),
            state(each.state),
            *(f"{number:,}" for number in figures),
            _seconds(each),
            *(plain(each.error or "") for _ in why),
        )
    return rows


def _connection(tx: Transaction, name: str) -> Row:
    last = next(iter(history.history(tx, name, 1)), None)
    at = {each.stream: each.at.isoformat() for each in cursors.every(tx, name)}
    return {
        "connection": name,
        "last_run": _run(last) if last else None,
        "cursors": {**at},
        "quarantined": quarantine.count(tx, name),
        "write_back": _write_back(tx, name),
    }


def _write_back(tx: Transaction, name: str) -> Row | None:
    """How far behind a connection is that is told what people said elsewhere."""
    at = cursors.get(tx, f"push:{name}", "changes")
    if at is None:
        return None
    behind = feed.last(tx) - int(str(at["seq"]))
    return {"behind": max(behind, 0), "refused": pushes.refused(tx, name)}


def _followers(tx: Transaction, hub: Hub) -> Iterator[Row]:
    """Plugins that follow the change feed, how far behind they are, and since when."""
    newest = feed.last(tx)
    told = [each.plugin for each in hub.implementations(tokui_changed)]
    for plugin in [*told, *earn.followers(hub)]:
        seen = follow.position(tx, plugin)
        waits = next(iter(feed.after(tx, seen, 1)), None)
        since = waits.at.isoformat() if waits else None
        yield {"plugin": plugin, "seq": seen, "behind": max(newest - seen, 0), "since": since}


def _mirrors(tx: Transaction, hub: Hub) -> Iterator[Row]:
    """Programmes whose points another system keeps, and how well they are known."""
    for each in (one for answer in hub.ask(tokui_mirrors).values for one in answer or ()):
        members, untold, oldest = mirrored.figures(tx, each.programme)
        at = moment(oldest).isoformat() if oldest else None
        said: Row = {"members": members, "unread": untold, "oldest": at}
        yield {"programme": each.programme, "connection": each.connection, **said}


def _read(each: Row) -> str:
    many = f"{each['members']:,} members, {each['unread']:,} of them not read yet"
    oldest = f"; the oldest reading is of {ago(_moment(each['oldest']))}" if each["oldest"] else ""
    return f"{each['connection']} keeps the points of {each['programme']}: {many}{oldest}."


def _shown(
    connections: list[Row], followers: list[Row], records: int, people: int
) -> RenderableType:
    rows = table("connection", "last run", "", "oldest cursor", "quarantine", right=("quarantine",))
    for each in connections:
        last, at = each["last_run"], each["cursors"]
        began = ago(_moment(last["started_at"])) if isinstance(last, dict) else "never"
        word = state(str(last["state"])) if isinstance(last, dict) else Text()
        oldest = min(at.values(), key=str) if isinstance(at, dict) and at else None
        aside = str(each["quarantined"])
        rows.add_row(str(each["connection"]), began, word, ago(_moment(oldest)), aside)
    parts: list[RenderableType] = [rows]
    if followers:
        parts.append(_lag(followers))
        if any(each["behind"] for each in followers):
            parts.append("A plugin that is behind catches up at the next `tokui sync`.")
    for each in connections:
        told = each["write_back"]
        if isinstance(told, dict) and told["refused"]:
            many = count(int(str(told["refused"])), "consent")
            parts.append(f"{each['connection']} refused to take {many} said elsewhere")
    return Group(*parts, f"{count(records, 'record')} of customers are {people:,} people.")


def _lag(followers: list[Row]) -> Table:
    rows = table("plugin", "changes behind", "since", right=("changes behind",))
    for each in followers:
        since = ago(_moment(each["since"])) if each["behind"] else ""
        rows.add_row(str(each["plugin"]), f"{each['behind']:,}", since)
    return rows


def _run(run: Run) -> Row:
    return {
        "id": run.id,
        "connection": run.connection,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "state": run.state,
        "streams": {name: {**counts} for name, counts in run.counts.items()},
        "error": run.error,
    }


def _total(run: Run) -> Counts:
    total = Counts()
    for counts in run.counts.values():
        total.add(Counts(**counts))
    return total


def _seconds(run: Run) -> str:
    return f"{(run.ended_at - run.started_at).total_seconds():.1f}" if run.ended_at else ""


def _moment(text: JsonValue) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
