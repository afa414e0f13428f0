"""What an author supplies: a stand-in for the vendor's system that the suite can fill, change and break."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NoReturn

import pytest
from pydantic import JsonValue

from tokui_contracts.faults import Fault, FaultProxy


class Sandbox(ABC):
    """
    A vendor's system in small: a server on loopback, or a folder of files.

    A method that makes no sense for a system ends with `self.cannot(reason)`: the checks that need
    it are skipped, and the reason is shown.

    Attributes:
        count: Objects of each stream to serve; enough for three pages at the page size of `settings`.
        now: The vendor's present moment. What `fill` makes was last changed a day or more before.
        may_lack: Fields that the vendor may leave out, as `stream.field.field`; a list's elements
            have the field's name. Any other field that `parse` reads is missed when it is missing.
        free: Fields that may hold anything, as above.
        nobody: An id in the vendor's form that no object has.
        folder: An empty folder for the sandbox's own use.
    """

    count: ClassVar[int] = 7
    now: ClassVar[datetime] = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
    may_lack: ClassVar[Collection[str]] = ()
    free: ClassVar[Collection[str]] = ()
    nobody: ClassVar[str] = "999999999999"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:  # noqa: B027 - not every sandbox serves
        """Serve. A folder has nothing to do here."""

    def stop(self) -> None:  # noqa: B027
        """Serve no more."""

    @abstractmethod
    def settings(self) -> Mapping[str, JsonValue]:
        """The connection's table in tokui.toml, secrets in plain text; asked after `start`."""

    @abstractmethod
    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """The same with credentials that the vendor refuses."""

    @abstractmethod
    def fill(self, count: int) -> None:
        """Make so many objects of every stream, one of them about a person whom `personal` quotes."""

    @abstractmethod
    def truth(self) -> Mapping[str, Collection[str]]:
        """What there is now: by stream, the external ids of its main kind (`Stream.kinds[0]`)."""

    @abstractmethod
    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        """Change something in these objects that a record shows, and say that it changed then."""

    @abstractmethod
    def remove(self, stream: str, external_id: str) -> None:
        """Delete an object."""

    @abstractmethod
    def spoil(self, stream: str, external_id: str) -> bool:
        """Serve this object so that it cannot be mapped; False where none of the stream can be so."""

    @abstractmethod
    def personal(self) -> Sequence[str]:
        """Names, addresses and numbers in the objects, each peculiar enough to search output for."""

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break the answers to `times` requests (None: to all), once `after` more were answered well."""
        del fault, after, times
        self.cannot("nothing between the connector and its source can be broken")

    def heal(self) -> None:  # noqa: B027
        """End the faults."""

    def requests(self) -> int | None:
        """Requests received so far; None where there is no such thing."""
        return None

    def cannot(self, reason: str) -> NoReturn:
        """Skip the check: this system has no such thing."""
        pytest.skip(f"{type(self).__name__}: {reason}")


class HttpSandbox(Sandbox):
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
