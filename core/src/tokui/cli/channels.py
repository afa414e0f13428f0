"""The connections that can send, as the command line uses them."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from tokui.cli.output import note
from tokui.config import Config
from tokui.hub import Hub
from tokui.outreach.compose import preview
from tokui.outreach.reach import Channels
from tokui.store.messages import Message
from tokui.sync import outgoing


def channels(hub: Hub, *, quiet: bool = False) -> Channels:
    """Those of tokui.toml; one that cannot be made is named on stderr, and left out."""
    made, failed = outgoing.channels(hub)
    for failure in () if quiet else (*hub.failures, *failed.values()):
        note(f"warning: {failure}")
    return made


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
    return preview(channel, content, message.purpose, message.language)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
