"""What an outbox run is told: by which connections, and which messages."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tokui.connector import Channel, Connector, Stop


class ChannelConnector(Connector[Any], Channel):
    """A connector that can send. For type annotations; `isinstance(connector, Channel)` decides."""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One connection to send by.

    Attributes:
        connection: Its name.
        open: Constructs the connector; called in the connection's thread.
        rate_per_s: So many calls a second, as its http settings say; None means no limit.
    """

    connection: str
    open: Callable[[Stop], ChannelConnector]
    rate_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """
    How a run goes.

    Attributes:
        once: Send what is due when it begins, and end; else until it is stopped.
        only: Ids of the messages to send; None means all that are due.
    """

    once: bool = False
    only: Collection[int] | None = None
