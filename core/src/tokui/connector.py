"""
What one connection can be asked to do.

A connector is a class that speaks to one kind of outside system. It names its settings and mixes in
the capabilities it has; each capability is an abstract class, so `isinstance` tells the truth and a
class with a missing method is refused when it is loaded.

    class Stamp(Connector[StampSettings], Source): ...
"""

import logging
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from tokui.model import Record

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
    """

    http: "Http"
    now: Callable[[], datetime]
    rng: random.Random
    log: logging.Logger
    stop: Stop


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


# --- Source ------------------------------------------------------------------------------------


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


# --- Receiver ----------------------------------------------------------------------------------


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


# --- Channel -----------------------------------------------------------------------------------


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


# --- Destination, Ledger, Custodian: provisional until their first users land -------------------


@dataclass(frozen=True, slots=True)
class Change:
    """
    One entry of the change feed.

    Attributes:
        seq: Ascending, gaps allowed.
        profile_id: Whose profile changed.
        what: `customer` (a record of theirs is new or changed), `order`, `event`, `consent`, or
            `merged` (the profile joined another; its id resolves to that one).
        at: When it was committed. UTC.
    """

    seq: int
    profile_id: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of one pushed change; `reason` is set when it was refused."""

    seq: int
    done: bool
    reason: str | None = None


class Destination(Capability):
    """Is told what changed."""

    @abstractmethod
    def push(self, changes: Sequence[Change]) -> Sequence[Ack]:
        """Write changes back. Idempotent; fed from the change feed by a cursor of its own."""


@dataclass(frozen=True, slots=True)
class Member:
    """A membership in a points programme."""

    programme: str
    member_no: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole points of a member, as the ledger's system states them at `as_of` (UTC)."""

    points: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """
    Points to move.

    Attributes:
        key: Idempotency key: the same key and body has one effect.
        member: Whose points.
        points: Whole points; negative takes them.
        reason: Shown to staff.
    """

    key: str
    member: Member
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer that stands, with the balance after it."""

    key: str
    balance: Balance


class Ledger(Capability):
    """Keeps points for others."""

    @abstractmethod
    def balance(self, member: Member) -> Balance:
        """What the member holds now."""

    @abstractmethod
    def post(self, transfer: Transfer) -> Posted:
        """Move points. Idempotent by key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure: how many objects of which kind, when (UTC)."""

    erased: Mapping[str, int]
    at: datetime


class Custodian(Capability):
    """Holds personal data of its own. A connector without it says why in `holds_nothing`."""

    @abstractmethod
    def export(self, external_ids: Sequence[str]) -> Mapping[str, JsonValue]:
        """All that the system holds about these customers."""

    @abstractmethod
    def erase(self, external_ids: Sequence[str]) -> Receipt:
        """Erase it there."""


# --- Checkable ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One result of a check.

    Attributes:
        level: `ok`, `warning` (works, but not fully) or `problem` (does not work).
        what: What was found, one sentence.
        todo: What to do about it; None when ok.
    """

    level: Literal["ok", "warning", "problem"]
    what: str
    todo: str | None = None


class Checkable(Capability):
    """Can say whether it is set up well."""

    @abstractmethod
    def check(self) -> Sequence[Finding]:
        """Look at credentials, permissions, quota and clock, for `tokui doctor`."""


CAPABILITIES: Mapping[str, type[Capability]] = {
    kind.__name__.lower(): kind
    for kind in (Source, Receiver, Channel, Destination, Ledger, Custodian, Checkable)
}
"""The capabilities there are, by the name under which they are shown."""
