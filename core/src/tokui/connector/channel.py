"""Sending messages to persons."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel

from tokui.connector.connection import Capability
from tokui.model import Purpose, Reach


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    The messages of one provider call, frozen before the first try.

    Attributes:
        key: A UUID, made when the messages were enqueued; the provider's idempotency key, where it
            has one, else what answers and bounces are matched by.
        content: Of the channel's `Content` class.
        addresses: One or more, up to `Channel.most_addresses`.
        purpose: What the messages are for.
        topic: The narrower subject that the consent is about.
        language: BCP 47; of what the channel itself adds.
    """

    key: str
    content: BaseModel
    addresses: tuple[str, ...]
    purpose: Purpose = "service"
    topic: str | None = None
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one address of a parcel.

    Attributes:
        address: As in the parcel.
        state: `accepted` by the provider, `refused` by it for good, `deferred` (nothing was sent; the
            same parcel may be tried again), or `unknown` (it may have been sent).
        reason: The provider's word for it, without personal data; None when accepted.
        provider_id: The provider's own id of the message.
        suppress: The address is dead: nothing more is sent to it.
    """

    address: str
    state: Literal["accepted", "refused", "deferred", "unknown"]
    reason: str | None = None
    provider_id: str | None = None
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """
    How many messages the account may still send.

    Attributes:
        limit: Messages of the present period; None means no limit.
        used: So many of them are spent.
        until: When the period ends. UTC.
    """

    limit: int | None
    used: int
    until: datetime | None = None

    @property
    def left(self) -> int | None:
        """Messages that may still be sent; None without limit."""
        return None if self.limit is None else max(0, self.limit - self.used)


class Channel(Capability):
    """
    Can send messages to persons.

    Attributes:
        Content: Validated when a message is drafted; its fields are what a template's table has. A
            field with `json_schema_extra={"markup": True}` is markup: words are put into it escaped.
        reaches: Kind of identifier that it sends to.
        proves: What a success of `send` proves.
        key_lifetime: For how long after the first try the provider knows a key again, and does
            nothing twice; None when it has no keys: then what was interrupted is never sent again by
            itself.
        most_addresses: So many persons may get the same content by one call.
        at_once: So many calls of `send` may run at the same time, each in a thread of its own.
    """

    Content: ClassVar[type[BaseModel]]
    reaches: ClassVar[Reach]
    proves: ClassVar[Literal["accepted", "delivered"]] = "accepted"
    key_lifetime: ClassVar[timedelta | None] = None
    most_addresses: ClassVar[int] = 1
    at_once: ClassVar[int] = 1

    @property
    def issuer(self) -> str:
        """Who gives out the addresses that it can send to; `*` for e-mail and phone."""
        return "*"

    def ready(self) -> None:
        """
        Get what a call needs first, such as a token or a connection.

        Asked for before the permission to send: between this one and the call no other call comes, for
        who takes back their consent meanwhile must not be written to.

        Raises:
            TokuiError: As `send`, where nothing was sent.
        """

    def close(self) -> None:
        """Let go of what is held open; a run has ended."""

    @abstractmethod
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """
        One outcome for each address; exactly one call to the provider, never a retry of its own.

        Sending the same key again within `key_lifetime` has no second effect.

        Raises:
            RateLimited: Nothing was sent; not before `retry_after_s`.
            QuotaExceeded: Nothing was sent; the allowance is used up.
            Unanswered: It may have been sent.
            Unavailable: Nothing was sent.
            AuthError: Nothing was sent, nor will be before the credentials change.
            FatalError: The provider refuses this parcel for good, or it has more than `most_addresses`.
        """

    def objection(self, content: BaseModel, purpose: Purpose, language: str) -> str | None:
        """
        Why this content must not go out for this purpose, by the channel's own rules and laws.

        Pure; asked when a message is drafted, and again before it is sent.
        """
        return None

    def quota(self) -> Quota | None:
        """What may still be sent; None when the provider does not count. May call it."""
        return None

    def preview(self, content: BaseModel, purpose: Purpose, language: str) -> str:
        """What the person will read, as plain text."""
        return content.model_dump_json(indent=2, exclude_none=True)
