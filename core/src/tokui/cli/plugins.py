"""`tokui plugins`: what is installed. Reads metadata; imports no plugin."""

from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.output import emit, json_option, note, table
from tokui.hub.offers import clashes, installed


@click.command()
@json_option
@click.pass_obj
def plugins(path: Path | None, as_json: bool) -> None:  # noqa: ARG001 - needs no tokui.toml
    """List the connectors, hooks and commands that are installed, used or not."""
    offers = installed()
    rows = table("kind", "name", "distribution", "version")
    for each in offers:
        rows.add_row(each.kind, each.name, each.distribution, each.version)
    listed: list[JsonValue] = [
        {
            "kind": each.kind,
            "name": each.name,
            "distribution": each.distribution,
            "version": each.version,
        }
        for each in offers
    ]
    emit("plugins", {"plugins": listed}, as_json, rows)
    for (kind, name), both in clashes(offers).items():
        note(
            f"warning: {kind} {name}: {both} both offer it, so none is used; uninstall all but one"
        )
