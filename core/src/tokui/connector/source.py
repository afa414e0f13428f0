"""Reading a system, page by page."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tokui.connector.connection import Capability, Cursor, Item
from tokui.model import Record


@dataclass(frozen=True, slots=True)
class IdentifierRule:
    """
    What the identifiers of one kind, as a stream brings them, are worth.

    Attributes:
        kind: `email`, `phone`, `member_no`, `line_user_id`, ….
        strength: `unique`: one person for ever (a vendor's id). `strong`: one person at a time (a
            verified address, a card with a check digit). `shareable`: families share it.
        issuer: Who gives it out; values of different issuers never meet. None: `*` for email and
            phone, else the connection.
    """

    kind: str
    strength: Literal["unique", "strong", "shareable"]
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """
    One kind of thing a connection can be asked for.

    Attributes:
        name: `customers`, `orders`, `products`, ….
        kinds: Every record type that `parse` may return for it.
        incremental: False reads all each time, and what a complete read lacks is gone.
        identifiers: Worth and issuer of each kind of identifier that it brings.
    """

    name: str
    kinds: tuple[type[Record], ...]
    incremental: bool = True
    identifiers: tuple[IdentifierRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Pull:
    """
    One question to a stream.

    Attributes:
        stream: Its name.
        cursor: Where the last commit left it; None means from the beginning, or from `since`.
        until: The run's start on the vendor's clock. No cursor passes it.
        since: Leave out what did not change since then, where the cursor is None.
    """

    stream: str
    cursor: Cursor | None
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """
    The unit of commit, at most some hundred items.

    Attributes:
        items: As they came.
        cursor: True once these items are stored. It need not differ from the page before.
    """

    items: Sequence[Item]
    cursor: Cursor


class Source(Capability):
    """Can be read."""

    @abstractmethod
    def streams(self) -> Sequence[Stream]:
        """What can be asked for, in the order of reading. Looks at the settings only."""

    @abstractmethod
    def pull(self, ask: Pull) -> Iterator[Page]:
        """
        Read page by page. I/O, no mapping.

        A cursor read again must lose nothing: start closed, overlap, never past `ask.until`.

        Raises:
            AuthError: The credentials are refused, or a permission is missing.
            RetryableError: Given up after the retries of `ctx.http`.
            FatalError: The stream cannot go on.
        """

    @abstractmethod
    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """
        Map one item to records. Pure: same item, same records; no I/O, no clock.

        All of an item's records are stored, or none: whatever it raises but `FatalError` puts the
        item into quarantine. Returning nothing is a valid answer.
        """

    @abstractmethod
    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Read objects again by external id. An id that is not returned is gone."""
