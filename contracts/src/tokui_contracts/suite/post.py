"""What the author of a channel supplies, and what its checks work with."""

import random
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, cast
from uuid import UUID

from pydantic import JsonValue
from tokui.connector import Channel, Outcome, Parcel
from tokui.errors import TokuiError
from tokui.model import Purpose

from tokui_contracts.faults import Fault
from tokui_contracts.suite.rigged import Rigged, sealed
from tokui_contracts.suite.vendor import HttpServed, Vendor

Weather = Literal["limited", "broken", "refused", "reset", "midway", "silent"]


class ChannelSandbox(Vendor):
    """
    A vendor's system in small, to be sent to.

    `inject` understands the faults `limited`, `broken`, `refused`, `reset` (the call breaks off before
    the vendor took the message), `midway` (it took the message, and its answer breaks off) and
    `silent` (no answer, and nothing taken). `HttpChannelSandbox` does all of them in a proxy.

    Attributes:
        purpose: What the messages of the checks are for.
    """

    purpose: ClassVar[Purpose] = "service"

    @abstractmethod
    def addresses(self, count: int) -> Sequence[str]:
        """So many addresses of persons who can be reached; `personal` quotes them."""

    @abstractmethod
    def content(self) -> Mapping[str, JsonValue]:
        """A message that may go out; `personal` quotes its words."""

    @abstractmethod
    def illegal(self) -> Mapping[str, Mapping[str, JsonValue]]:
        """Contents that must not go out, by what is wrong with them: too long, of a wrong form, …."""

    @abstractmethod
    def delivered(self) -> Sequence[str]:
        """The addresses of all messages that the vendor took, one for each message."""

    def exhaust(self) -> None:
        """Use up the account's allowance."""
        self.cannot("the vendor counts no messages")


class HttpChannelSandbox(HttpServed, ChannelSandbox):
    """A channel behind HTTP."""


class PostRig(Rigged[ChannelSandbox]):
    """A channel on its vendor in small."""

    @property
    def channel(self) -> type[Channel]:
        """The class under test."""
        return cast("type[Channel]", self._class)

    def parcel(self, number: int = 1, count: int = 1) -> Parcel:
        """Parcel `number`, to the first `count` persons."""
        content = self.channel.Content.model_validate(dict(self.sandbox.content()))
        key = str(UUID(int=random.Random(number).getrandbits(128), version=4))
        purpose = self.sandbox.purpose
        return Parcel(key, content, tuple(self.sandbox.addresses(count)), purpose)

    def send(self, parcel: Parcel, **how: Any) -> Sequence[Outcome] | TokuiError:
        """Send by a new connector: the outcomes, or the error."""
        try:
            return list(cast("Channel", self.connect(**how)).send(parcel))
        except TokuiError as error:
            return error

    def states(self, result: Sequence[Outcome] | TokuiError) -> set[str]:
        """What became of a parcel; of an error its class."""
        if isinstance(result, TokuiError):
            return {type(result).__name__}
        return {outcome.state for outcome in result}

    def calls(self) -> int:
        """Calls so far; the check is skipped where nobody counts them."""
        counted = self.sandbox.requests()
        return self.sandbox.cannot("calls are not counted") if counted is None else counted

    def idle(self) -> Channel:
        """The channel where nothing but the input counts."""
        return cast("Channel", self.connect(lent=sealed()))

    @contextmanager
    def broken(self, kind: Weather, **how: Any) -> Iterator[None]:
        """Break all answers inside."""
        self.sandbox.inject(Fault(kind, **how), times=None)
        try:
            yield
        finally:
            self.sandbox.heal()
