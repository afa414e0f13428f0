"""What stands in for a vendor's system: served on loopback or out of a folder, and broken on demand."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NoReturn

import pytest
from pydantic import JsonValue
from tokui.model import Sender

from tokui_contracts.faults import Fault, FaultProxy


class Vendor(ABC):
    """
    A vendor's system in small.

    A method that makes no sense for a system ends with `self.cannot(reason)`: the checks that need
    it are skipped, and the reason is shown.

    Attributes:
        now: The vendor's present moment.
        sender: What the context says of who the shop is.
        folder: An empty folder for its own use.
    """

    now: ClassVar[datetime] = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
    sender: ClassVar[Mapping[str, Sender]] = {}

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:  # noqa: B027 - not every vendor serves
        """Serve. A folder has nothing to do here."""

    def stop(self) -> None:  # noqa: B027
        """Serve no more."""

    def prepare(self) -> None:  # noqa: B027
        """Make what the checks begin with; called once, after `start`."""

    @abstractmethod
    def settings(self) -> Mapping[str, JsonValue]:
        """The connection's table in tokui.toml, secrets in plain text; asked after `start`."""

    @abstractmethod
    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """The same with credentials that the vendor refuses."""

    @abstractmethod
    def personal(self) -> Sequence[str]:
        """Names, addresses and numbers in use, each peculiar enough to search output for."""

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break the answers to `times` requests (None: to all), once `after` more were answered well."""
        del fault, after, times
        self.cannot("nothing between the connector and its system can be broken")

    def heal(self) -> None:  # noqa: B027
        """End the faults."""

    def requests(self) -> int | None:
        """Requests received so far; None where there is no such thing."""
        return None

    def cannot(self, reason: str) -> NoReturn:
        """Skip the check: this system has no such thing."""
        pytest.skip(f"{type(self).__name__}: {reason}")


class HttpServed(Vendor):
    """
    A vendor behind HTTP: give a server, and the suite stands in between to break its answers.

    Attributes:
        url: Where the connector finds the vendor, without a slash at the end; set by `start`.
    """

    url: str

    @abstractmethod
    def serve(self) -> str:
        """Start the vendor's server on loopback and say its URL, without a slash at the end."""

    @abstractmethod
    def close(self) -> None:
        """Stop that server."""

    def start(self) -> None:
        """Start the server, and a proxy before it."""
        self._proxy = FaultProxy(self.serve())
        self.url = self._proxy.url

    def stop(self) -> None:
        """Stop both."""
        self._proxy.close()
        self.close()

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break answers in the proxy."""
        self._proxy.inject(fault, after=after, times=times)

    def heal(self) -> None:
        """Let the answers pass again."""
        self._proxy.heal()

    def requests(self) -> int | None:
        """Requests that reached the proxy."""
        return self._proxy.requests
