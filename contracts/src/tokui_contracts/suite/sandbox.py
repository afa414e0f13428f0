"""What an author of a source supplies: a vendor's system that the suite can fill, change and break."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import ClassVar

from tokui_contracts.suite.vendor import HttpServed, Vendor


class Sandbox(Vendor):
    """
    A vendor's system in small, to be read: a server on loopback, or a folder of files.

    What `fill` makes was last changed a day or more before `now`.

    Attributes:
        count: Objects of each stream to serve; enough for three pages at the page size of `settings`.
        may_lack: Fields that the vendor may leave out, as `stream.field.field`; a list's elements
            have the field's name. Any other field that `parse` reads is missed when it is missing.
        free: Fields that may hold anything, as above.
        nobody: An id in the vendor's form that no object has.
    """

    count: ClassVar[int] = 7
    may_lack: ClassVar[Collection[str]] = ()
    free: ClassVar[Collection[str]] = ()
    nobody: ClassVar[str] = "999999999999"

    def prepare(self) -> None:
        """Fill it."""
        self.fill(self.count)

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


class HttpSandbox(HttpServed, Sandbox):
    """A source behind HTTP."""
