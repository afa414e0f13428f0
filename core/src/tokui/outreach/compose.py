"""What a message says: a template's words or staff's own, improved by plugins, fit for the channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, JsonValue, ValidationError

from tokui.card import Profile
from tokui.connector import Channel
from tokui.errors import PluginError
from tokui.hooks import Draft, View, tokui_compose
from tokui.hub import Failure, Hub
from tokui.model import Purpose, Sender
from tokui.outreach.reach import Way
from tokui.outreach.render import render
from tokui.outreach.template import Template, Unwritten
from tokui.outreach.words import words

DEFAULT_LANGUAGE = "ja"


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What staff want to say.

    Attributes:
        template: Whose words; None takes `own`.
        own: Staff's own words: `text`, perhaps `subject`. Nothing is put into them.
        purpose: What it is for; a template's is its own.
        topic: The narrower subject; a template's is its own.
        language: None takes the person's.
        tone: Variant of the template; None is the plain one.
    """

    template: Template | None = None
    own: Mapping[str, JsonValue] | None = None
    purpose: Purpose = "marketing"
    topic: str | None = None
    language: str | None = None
    tone: str | None = None


class Written(NamedTuple):
    """
    A draft, ready to be kept.

    Attributes:
        draft: With the words that the channel's `Content` was made of.
        content: Validated.
        failures: Plugins that could not improve it.
    """

    draft: Draft
    content: BaseModel
    failures: tuple[Failure, ...]


def first_draft(
    wish: Wish, profile: Profile, way: Way, senders: Mapping[str, Sender], today: date
) -> Draft:
    """
    The wish in words for one person and one channel.

    Raises:
        Unwritten: A word of the template is not known of this person, or it has no such language or
            tone for this channel.
    """
    bare = without_words(wish, profile, way)
    language, content = bare.language, dict(wish.own or {})
    if template := wish.template:
        reaches, exact = way.channel.reaches, wish.language is not None
        chosen = template.variant(way.channel.Content, reaches, language, wish.tone, exact=exact)
        language = chosen.language
        sender = senders.get(language.partition("-")[0])
        known = words(profile, language, sender, today)
        content = render(template, chosen, known, way.channel.Content)
    elif "subject" not in way.channel.Content.model_fields:
        content.pop("subject", None)
    return bare.model_copy(update={"language": language, "content": content})


def without_words(wish: Wish, profile: Profile, way: Way) -> Draft:
    """What is known of a draft before its words are."""
    spoken = profile.language.value if profile.language else DEFAULT_LANGUAGE
    said = wish.template or wish
    return Draft(
        profile_id=profile.profile_id,
        connection=way.connection,
        reaches=way.channel.reaches,
        purpose=said.purpose,
        topic=said.topic,
        language=wish.language or spoken,
        tone=wish.tone,
        template=wish.template.name if wish.template else None,
        content={},
    )


def written(hub: Hub, view: View, draft: Draft, channel: Channel) -> Written:
    """
    Let plugins improve a draft; what they make of it counts only if the channel can send it.

    Raises:
        Unwritten: The channel cannot send the draft's own words.
    """
    content, failures = fit(draft, channel), list[Failure]()
    for plugin in hub.implementations(tokui_compose):
        try:
            if (answer := plugin(draft, view)) is None:
                continue
            said = {"content": answer.content, "tone": answer.tone}
            better = draft.model_copy(update=said)
            content = fit(better, channel)
        except PluginError as error:
            failures.append(plugin.failure(error))
        except Unwritten as error:
            failures.append(plugin.failure(PluginError(error.what)))
        else:
            draft = better
    return Written(draft, content, tuple(failures))


def fit(draft: Draft, channel: Channel) -> BaseModel:
    """
    The channel's `Content` of a draft's words.

    Raises:
        Unwritten: It is none; says which field, never what is in it.
    """
    try:
        return channel.Content.model_validate(dict(draft.content))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
    said = {".".join(map(str, each["loc"])) or "content": _plain(each["msg"]) for each in found}
    raise Unwritten(
        "; ".join(f"`{field}`: {why}" for field, why in said.items()),
        who=f"template {draft.template}" if draft.template else f"words for {draft.connection}",
        todo=f"change them, or send by another connection than {draft.connection}",
    )


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def preview(channel: Channel, content: BaseModel, purpose: Purpose, language: str) -> str:
    """What the person will read; the content as it is, where the channel cannot show it."""
    try:
        return channel.preview(content, purpose, language)
    except Exception:
        return content.model_dump_json(indent=2, exclude_none=True)
