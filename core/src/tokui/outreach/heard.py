"""What plugins and the channel say of a message: asked when it is drafted, and again before it is sent."""

from datetime import datetime

from pydantic import BaseModel

from tokui.connector import Channel
from tokui.hooks import Draft, View, tokui_allow
from tokui.hub import Hub
from tokui.outreach.allow import Answer
from tokui.store.messages import Denied

HOOK = "hook:"


def channels_word(channel: Channel, content: BaseModel, draft: Draft) -> Answer:
    """What the channel's own rules say; one that cannot tell holds the message."""
    try:
        said = channel.objection(content, draft.purpose, draft.language)
    except Exception as error:
        return Answer("channel", Denied("channel", type(error).__name__, held=True))
    return Answer("channel", Denied("channel", said) if said else None)


def plugins_word(hub: Hub, draft: Draft, view: View, now: datetime) -> list[Answer]:
    """
    What each plugin says that has something to say.

    One that fails holds the message; so does one that could not be loaded, as nobody knows what it
    would say.
    """
    answered = hub.ask(tokui_allow, draft, view, now)
    absent = [each for each in hub.failures if each.connection is None]
    said = [
        Denied(f"{HOOK}{plugin}", denial.reason, denial.until)
        for plugin, denial in answered.given
        if denial.until is None or denial.until > now
    ]
    mute = [
        Denied(f"{HOOK}{each.plugin}", each.cause, held=True)
        for each in (*answered.failures, *absent)
    ]
    return [Answer(each.rule, each) for each in (*said, *mute)]
