"""Receiving webhooks."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tokui.connector.connection import Capability, Item
from tokui.model import Record


@dataclass(frozen=True, slots=True)
class Request:
    """
    A webhook as it arrived.

    Attributes:
        method: Upper case.
        path: With the query, as requested.
        headers: Names in lower case.
        body: Raw bytes, unchanged.
        received_at: UTC.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """
    One event out of a webhook, verified.

    Attributes:
        event_id: The vendor's id of it; deliveries with the same id are one event.
        topic: The vendor's name for what happened.
        payload: The event, JSON.
    """

    event_id: str
    topic: str
    payload: Item


@dataclass(frozen=True, slots=True)
class Refetch:
    """The webhook is only a hint: read these objects again."""

    stream: str
    ids: tuple[str, ...]


class Receiver(Capability):
    """Receives webhooks."""

    @abstractmethod
    def verify(self, request: Request) -> Sequence[Note]:
        """
        Check the signature over the raw bytes; one note for each event. Runs before storing.

        Raises:
            AuthError: The signature is missing or wrong.
        """

    @abstractmethod
    def unpack(self, note: Note) -> Iterable[Record | Refetch]:
        """Map one stored note. Pure, no signature; runs again at replay."""
