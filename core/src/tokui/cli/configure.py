"""`tokui config`: validate and show tokui.toml."""

import json
from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.desk import Desk
from tokui.cli.loading import loaded
from tokui.cli.output import count, emit, json_option, note, table
from tokui.config import schema as schema_of
from tokui.config import show as settings_of
from tokui.connector import Settings
from tokui.errors import PluginError
from tokui.hub import Offer, installed
from tokui.hub.connectors import check_connector
from tokui.identity.settings import blocked


@click.group()
def config() -> None:
    """Validate and show tokui.toml."""


@config.command()
@json_option
@click.pass_obj
def validate(path: Path | None, as_json: bool) -> int:
    """Check every table and key; show each mistake with its line."""
    desk = Desk(path)
    hub = desk.hub()
    blocked(desk.config)
    failures: list[JsonValue] = [str(each) for each in hub.failures]
    for each in hub.failures:
        note(f"warning: {each}")
    connections, plugins = len(desk.config.connections), len(desk.config.plugins)
    counted = f"{count(connections, 'connection')}, {count(plugins, 'plugin')}"
    shown = f"{desk.config.path}: {counted}, no mistakes"
    data: dict[str, JsonValue] = {"path": str(desk.config.path), "failures": failures}
    emit("config.validate", data, as_json, shown)
    return 0


@config.command()
@json_option
@click.pass_obj
def show(path: Path | None, as_json: bool) -> None:
    """Show every setting in force, and where it comes from. Secrets are masked."""
    desk = Desk(path)
    hub = desk.hub()
    settings = list(settings_of(desk.config, hub.settings))
    rows = table("setting", "value", "from")
    for each in settings:
        rows.add_row(each.key, json.dumps(each.value, ensure_ascii=False), each.origin)
    listed: list[JsonValue] = [
        {"key": each.key, "value": each.value, "origin": each.origin} for each in settings
    ]
    emit("config.show", {"settings": listed}, as_json, rows)


@config.command()
def schema() -> None:
    """Print the JSON Schema of tokui.toml, for an editor."""
    offers = installed()
    connectors = {each.name: model for each in offers if (model := _settings(each, "connector"))}
    plugins = {each.name: model for each in offers if (model := _settings(each, "hooks"))}
    click.echo(json.dumps(schema_of(connectors, plugins), ensure_ascii=False, indent=2))


def _settings(offer: Offer, kind: str) -> type[Settings] | None:
    """The settings of a connector or a hooks plugin; None if it has none or cannot be loaded."""
    if offer.kind != kind:
        return None
    try:
        offered = loaded(offer)
        if kind == "connector":
            return check_connector(offered).Settings
    except PluginError as error:
        note(f"warning: {error}")
        return None
    model = getattr(offered, "Settings", Settings)
    return model if isinstance(model, type) and issubclass(model, Settings) else Settings
