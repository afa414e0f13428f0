"""Reading a system, page by page."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from tokui.connector.connection import Capability, Cursor, Item
from tokui.model import Record

Strength: TypeAlias = Literal["unique", "strong", "shareable", "blocked"]
CheckDigit: TypeAlias = Literal["luhn", "mod10w3", "mod11", "none"]


@dataclass(frozen=True, slots=True)
class IdentifierRule:
    """
    What the identifiers of one kind, as a stream brings them, are worth.

    tokui.toml may say otherwise for a connection.

    Attributes:
        kind: `email`, `phone`, `member_no`, `line_user_id`, ….
        strength: `unique`: one person for ever (a vendor's id). `strong`: one person at a time (a
            verified address, a card with a check digit). `shareable`: families share it. `blocked`: it
            says nothing of who somebody is. A verified e-mail or phone counts as strong in any case.
        issuer: Who gives it out; values of different issuers never meet. None: `*` for email and
            phone, else the connection.
        check: The scheme of the number's check digit. A number that fails it is worth no more than a
            shareable one, and so is every number of the scheme `none`: it needs an agreeing name.
        single: A person has but one at a time: two verified ones that differ are two persons.
    """

    kind: str
    strength: Strength
    issuer: str | None = None
    check: CheckDigit | None = None
    single: bool = False


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
        item into quarantine. Returning nothing is a valid answer. A record that the item gave before
        and gives no more stays as it was: an order that was called off is returned as `cancelled`.
        """

    @abstractmethod
    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Read objects again by external id. An id that is not returned is gone."""
