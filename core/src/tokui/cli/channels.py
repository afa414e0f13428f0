"""The connections that can send, as the command line uses them."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from tokui.cli.output import note
from tokui.config import Config
from tokui.connector import Channel
from tokui.errors import PluginError
from tokui.hub import Hub
from tokui.outreach.reach import Channels
from tokui.store.messages import Message
from tokui.sync.compose import connector
from tokui.sync.progress import Silent
from tokui.sync.stop import RunStop


def channels(hub: Hub, *, quiet: bool = False) -> Channels:
    """Those of tokui.toml; one that cannot be made is named on stderr, and left out."""
    found = {}
    for failure in hub.failures:
        if not quiet:
            note(f"warning: {failure}")
    for name, ready in hub.connections.items():
        if not issubclass(ready.connector, Channel):
            continue
        try:
            made = connector(hub, name, RunStop(name, Silent()))
        except PluginError as error:
            note(f"warning: {error}")
        else:
            assert isinstance(made, Channel)  # noqa: S101 - its class is one
            found[name] = made
    return found


def templates(config: Config) -> Path:
    """The folder of message templates."""
    return config.path.resolve().parent / config.outreach.templates


def text_of(found: Channels, message: Message) -> str:
    """What the person will read; the content as it is stored, where the channel is not set up here."""
    channel = found.get(message.connection)
    if channel is None:
        return message.content
    try:
        content = channel.Content.model_validate_json(message.content)
    except ValidationError:  # refused before it had words, or kept by another version
        return message.content
    return channel.preview(content, message.purpose, message.language)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
