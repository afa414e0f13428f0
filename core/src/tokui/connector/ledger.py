"""Keeping points: earned, spent, set aside, taken back; in our books or in another system's alike."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from tokui.connector.connection import Capability
from tokui.errors import PolicyRefusal


@dataclass(frozen=True, slots=True)
class Member:
    """A membership in a points programme. Its number is personal: it is in no log and no error."""

    programme: str
    member_no: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points that are lost at `at` (UTC), if they are not spent before."""

    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """
    Whole points of a member, as the ledger's system states them at `as_of` (UTC).

    Attributes:
        points: Can be spent now.
        pending: Earned, and not yet to be spent.
        held: Set aside by holds.
        owed: Were taken back after they had been spent; what is earned next pays them first.
        expiring: What of `points` and `pending` has an end, the next one first.
    """

    points: int
    as_of: datetime
    pending: int = 0
    held: int = 0
    owed: int = 0
    expiring: tuple[Expiring, ...] = ()


@dataclass(frozen=True, slots=True)
class Earn:
    """
    Points for a member.

    Attributes:
        key: Idempotency key: the same key and body has one effect, and one answer.
        points: More than none. What was earned by one order line is one transfer, so that its
            return can be exact.
        reason: Shown to staff; no personal data.
        active_at: They can be spent from then on; None means at once.
        expires_at: They are lost then; None means never, or as the other system's programme has it.
    """

    key: str
    member: Member
    points: int
    reason: str
    active_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Redeem:
    """Points that a member spends: all of them, or `NotEnough`. The next to expire go first."""

    key: str
    member: Member
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reverse:
    """
    Takes back a transfer of the same member, or a part of it; never more than it moved.

    Of points earned: those that have expired meanwhile are forgiven. Of points spent: they come back
    with the end that they had; those whose end has passed are lost.

    Attributes:
        of: Key of the earning, redemption or capture.
        points: How many of its points; None means all that were not taken back yet.
        shortfall: What to do where the points earned were spent since: `debt` lets the member owe
            them, `refuse` takes nothing back.
    """

    key: str
    member: Member
    of: str
    reason: str
    points: int | None = None
    shortfall: Literal["debt", "refuse"] = "debt"


@dataclass(frozen=True, slots=True)
class Hold:
    """Sets points aside until they are captured, released, or `until` has passed."""

    key: str
    member: Member
    points: int
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """Spends what a hold set aside, once; None means all of it. What is left of it is released."""

    key: str
    member: Member
    of: str
    reason: str
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Void:
    """Releases what a hold set aside."""

    key: str
    member: Member
    of: str
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """
    Gives all that a member has to another of the programme: points with their ends, and what is owed.

    What the member earned and spent before is taken back from the other then. `Reverse` of it brings
    back what is left of those points.

    Attributes:
        to: The other's number.
    """

    key: str
    member: Member
    to: str
    reason: str


Transfer: TypeAlias = Earn | Redeem | Reverse | Hold | Capture | Void | Move
"""What can be asked of a ledger; correcting a mistake is a new transfer."""


@dataclass(frozen=True, slots=True)
class Posted:
    """
    A transfer that stands.

    Attributes:
        points: What it gave the member (+) or took (-).
        after: The member's points after it, those pending included.
    """

    key: str
    points: int
    after: int


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One movement of a member's points.

    Attributes:
        key: The transfer's; None for what the ledger's system does by itself and names no key for.
        kind: `earn`, `redeem`, `reverse`, `hold`, `capture`, `void`, `move`, `expire`, or the system's word.
        points: Given (+) or taken (-).
        at: UTC.
    """

    key: str | None
    kind: str
    points: int
    reason: str
    at: datetime


class Ledger(Capability):
    """
    Keeps points.

    A refusal moves nothing and keeps nothing: the key stays free, and may be asked again.

    Attributes:
        holds: It knows `Hold`, `Capture` and `Void`.
        moves: It knows `Move`.
    """

    holds: ClassVar[bool] = False
    moves: ClassVar[bool] = False

    @abstractmethod
    def balance(self, member: Member) -> Balance:
        """What the member has now; nothing, for one who never earned."""

    @abstractmethod
    def post(self, transfer: Transfer) -> Posted:
        """
        Move points, once for each key, and whole or not at all.

        Raises:
            NotEnough: So many points are not there.
            PolicyRefusal: The key was used for something else, there is nothing (left) of what
                should be taken back, or points are not a whole number above 0.
            Unanswered: It may have been done; the same transfer again finds out.
            RetryableError: Nothing was done.
            AuthError: Nothing was done, nor will be before the credentials change.
        """

    @abstractmethod
    def history(self, member: Member, limit: int = 100) -> Sequence[Movement]:
        """
        The member's movements, the newest first.

        All of them add up to `Balance.points` + `pending`; where the system lists nothing that is
        pending, to `points`.
        """

    def post_many(self, transfers: Sequence[Transfer]) -> Sequence[Posted | PolicyRefusal]:
        """Post in this order. A refused one stops no other; whatever else is raised, ask again for all."""
        return [_tried(self, each) for each in transfers]


def _tried(ledger: Ledger, transfer: Transfer) -> Posted | PolicyRefusal:
    try:
        return ledger.post(transfer)
    except PolicyRefusal as refusal:
        return refusal
