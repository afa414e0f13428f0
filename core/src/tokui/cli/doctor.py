"""`tokui doctor`: one report on everything."""

from collections import Counter
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group

from tokui.cli import checking
from tokui.cli.desk import Desk
from tokui.cli.exits import PROBLEMS
from tokui.cli.moments import Span
from tokui.cli.output import count, emit, json_option


@click.command()
@click.option("--timeout", type=Span(), default=30, show_default=True, help="For each connection.")
@json_option
@click.pass_obj
def doctor(path: Path | None, timeout: float, as_json: bool) -> int:
    """
    Check everything, and say what to do.

    Looks at tokui.toml, the tables, the plugins, and asks every connection whether its credentials,
    permissions, quota and clock are well. While tokui.toml itself is wrong there is nothing else to
    check: its mistakes are shown, and the exit code is 3 instead of 8.
    """
    desk = Desk(path)
    found = list(checking.everything(desk.config, desk.hub(), timeout))
    counts = Counter(each.finding.level for each in found)
    verdict = f"{count(counts['problem'], 'problem')}, {count(counts['warning'], 'warning')}"
    data: dict[str, JsonValue] = {"ok": not counts["problem"]}
    data["findings"] = checking.as_data(found)
    emit("doctor", data, as_json, Group(checking.listed(found), verdict))
    return PROBLEMS if counts["problem"] else 0
