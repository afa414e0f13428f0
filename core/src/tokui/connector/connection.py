"""One configured connection: its settings, and what the core lends it."""

import logging
import random
from abc import ABC
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from tokui.model import Sender

if TYPE_CHECKING:
    from tokui.http import Http


Item: TypeAlias = Mapping[str, Any]
"""One vendor object as it came, before mapping. JSON values only."""

Cursor: TypeAlias = Mapping[str, JsonValue]
"""Where a stream's incremental pull stands. Owned by the connector, stored by the core."""


class Settings(BaseModel):
    """
    What a connection (or a hooks plugin) is configured with: its table in tokui.toml.

    Unknown keys are errors. Secrets are `SecretStr`; every field has a description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


S = TypeVar("S", bound=Settings)


class Stop(Protocol):
    """Tells a connector that its run should end. Every `ctx.http` call looks at it by itself."""

    def check(self) -> None:
        """
        Go on, or end.

        Raises:
            Stopped: The run was asked to stop, or its time is up.
        """

    def wait(self, seconds: float, why: str) -> None:
        """
        Sleep that ends early when the run stops; `why` is shown to the operator.

        Raises:
            Stopped: The run was asked to stop, or its time would be up before the wait ends.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """
    What the core lends to a connector: time, randomness, the network and the log.

    Attributes:
        http: The only way out; retries, limits, redacts and reports waits.
        now: The present moment, aware, UTC. Never call the system clock.
        rng: Seeded in tests.
        log: Constant messages; never a name, address, number or secret.
        stop: Ends the run; long loops without `http` call `stop.check()`.
        sender: Language → who the shop is (`[sender.ja]`), for what goes out in its name.
    """

    http: "Http"
    now: Callable[[], datetime]
    rng: random.Random
    log: logging.Logger
    stop: Stop
    sender: "Mapping[str, Sender]" = field(default_factory=dict)


class Connector(Generic[S]):
    """
    One configured connection. `__init__` does no I/O.

    Attributes:
        Settings: The class of its settings.
        holds_nothing: Why this system keeps no personal data, for a connector without `Custodian`.
        name: The connection's name, of the user's choice.
        settings: Validated.
        ctx: What the core lends.
    """

    Settings: type[S]
    holds_nothing: ClassVar[str | None] = None

    def __init__(self, name: str, settings: S, ctx: Context) -> None:
        self.name = name
        self.settings = settings
        self.ctx = ctx


class Capability(ABC):  # noqa: B024 - its children are abstract
    """Something a connector can do. Mixed into a `Connector`."""
