"""Contents as a connection's channel sees them: read once, where many get the same."""

from functools import lru_cache

from pydantic import ValidationError

from tokui.connector import Channel, Parcel
from tokui.model import Purpose
from tokui.outreach.settle import Leased, reason_of
from tokui.store.messages import Denied, Message

KEPT = 256
"""Contents in memory; more than calls under way."""


class Contents:
    """Reads contents, and puts them to the channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._read = lru_cache(KEPT)(channel.Content.model_validate_json)
        self._objection = lru_cache(KEPT)(self._ask)

    def objection(self, message: Message) -> Denied | None:
        """What the channel has against a message; an error of its own holds it."""
        return self._objection(message.content, message.purpose, message.language)

    def parcel(self, leased: Leased) -> Parcel:
        """For `Channel.send`."""
        first = leased.members[0]
        return Parcel(
            leased.box.key,
            self._read(first.content),
            tuple(each.address for each in leased.members),
            first.purpose,
            first.topic,
            first.language,
        )

    def _ask(self, content: str, purpose: Purpose, language: str) -> Denied | None:
        try:
            said = self._channel.objection(self._read(content), purpose, language)
        except ValidationError:
            return Denied("channel", "content")
        except Exception as error:
            return Denied("channel", reason_of(error), held=True)
        return Denied("channel", said) if said else None
