"""`tokui connections`: list and check them."""

from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli import checking
from tokui.cli.desk import Desk
from tokui.cli.exits import PROBLEMS
from tokui.cli.moments import Span
from tokui.cli.output import emit, json_option, table
from tokui.connector import CAPABILITIES
from tokui.hub import Hub
from tokui.sync.compose import names


@click.group()
def connections() -> None:
    """List and check connections."""


@connections.command("list")
@json_option
@click.pass_obj
def list_(path: Path | None, as_json: bool) -> None:
    """List the connections of tokui.toml, and what each can do."""
    desk = Desk(path)
    hub = desk.hub()
    failures = {each.connection: each for each in hub.failures}
    rows = table("connection", "connector", "from", "can")
    listed: list[JsonValue] = []
    for name, core in desk.config.connections.items():
        can = _capabilities(hub, name)
        made = str(hub.connections[name].offer) if name in hub.connections else ""
        why = failures[name].cause if name in failures else None
        rows.add_row(name, core.use, made, why or ", ".join(can))
        one: dict[str, JsonValue] = {"connection": name, "use": core.use, "failure": why}
        listed.append({**one, "can": [*can]})
    emit("connections.list", {"connections": listed}, as_json, rows)


@connections.command()
@click.argument("wanted", nargs=-1, metavar="[CONNECTION]...")
@click.option("--timeout", type=Span(), default=30, show_default=True, help="For each of them.")
@json_option
@click.pass_obj
def check(path: Path | None, wanted: tuple[str, ...], timeout: float, as_json: bool) -> int:
    """
    Ask connections whether they are set up well.

    Looks at credentials, permissions, quota and clock.
    """
    desk = Desk(path)
    hub = desk.hub(names(desk.config, wanted) or None)
    found = [checking.left_out(each) for each in hub.failures if each.connection]
    found += checking.connections(hub, list(hub.connections), timeout)
    emit(
        "connections.check", {"findings": checking.as_data(found)}, as_json, checking.listed(found)
    )
    return PROBLEMS if any(each.finding.level == "problem" for each in found) else 0


def _capabilities(hub: Hub, name: str) -> list[str]:
    if name not in hub.connections:
        return []
    made = hub.connections[name].connector
    return [word for word, kind in CAPABILITIES.items() if issubclass(made, kind)]
