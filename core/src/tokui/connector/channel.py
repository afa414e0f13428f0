"""Sending messages to persons."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel

from tokui.connector.connection import Capability


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    The messages of one provider call, frozen before the first try.

    Attributes:
        key: The provider's idempotency key, where it has one.
        content: Of the channel's `Content` class.
        addresses: One or more, up to the provider's limit.
    """

    key: str
    content: BaseModel
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one address of a parcel.

    Attributes:
        address: As in the parcel.
        state: `accepted` by the provider, `refused` by it for good, or `deferred`.
        reason: The provider's word for it; None when accepted.
    """

    address: str
    state: Literal["accepted", "refused", "deferred"]
    reason: str | None = None


class Channel(Capability):
    """
    Can send messages to persons.

    Attributes:
        Content: Validated when a message is enqueued.
        proves: What a success of `send` proves.
    """

    Content: ClassVar[type[BaseModel]]
    proves: ClassVar[Literal["accepted", "delivered"]]

    @abstractmethod
    def send(self, parcel: Parcel) -> Sequence[Outcome]:
        """One outcome for each address. Sending the same key again has no second effect, or raises."""
