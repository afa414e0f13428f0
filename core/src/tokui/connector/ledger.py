"""Keeping points. Provisional until its first user lands."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime

from tokui.connector.connection import Capability


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
