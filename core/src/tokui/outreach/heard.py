"""What plugins and the channel say of a message: asked when it is drafted, and again before it is sent."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel
from pydantic_core import from_json

from tokui.connector import Channel
from tokui.hooks import Draft, View, tokui_allow
from tokui.hub import Hub
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.outreach.allow import Answer, strictest
from tokui.outreach.reach import Channels
from tokui.store import profiles
from tokui.store.engine import Store
from tokui.store.messages import Denied, Message

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


def asking(
    hub: Hub, store: Store, trust: Trust, channels: Channels
) -> Callable[[Sequence[Message], datetime], Mapping[int, Denied]]:
    """What asks plugins again just before messages are sent: on a snapshot of its own, by message id."""

    def ask(messages: Sequence[Message], now: datetime) -> Mapping[int, Denied]:
        with snapshot(store, trust) as (view, tx):
            places = profiles.places_of(tx, {each.customer_id for each in messages})
            found = {}
            for each in messages:
                person = places[each.customer_id][2] if each.customer_id in places else 0
                draft = draft_of(each, person, channels[each.connection])
                said = plugins_word(hub, draft, view, now)
                if denied := strictest(answer.denied for answer in said):
                    found[each.id] = denied
            return found

    return ask


def draft_of(message: Message, profile_id: int, channel: Channel) -> Draft:
    """A message as plugins see it."""
    return Draft(
        profile_id=profile_id,
        connection=message.connection,
        reaches=channel.reaches,
        purpose=message.purpose,
        topic=message.topic,
        language=message.language,
        template=message.template,
        content=from_json(message.content),
    )
