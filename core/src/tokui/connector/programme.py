"""What a points programme is told, and what it says of a person. Provisional."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from tokui.connector.ledger import Member
from tokui.model import Instant, Money, Order, OrderLine, Value


@dataclass(frozen=True, slots=True)
class Purchase:
    """
    One order of a person, in any channel; a return is one too.

    Attributes:
        connection: Which states it.
        categories: Of its articles, by line id; those that are not known are left out.
    """

    connection: str
    order: Order
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.connection, self.order.external_id

    def category(self, line: OrderLine) -> str | None:
        """What sort of article a line is of."""
        return self.categories.get(line.line_id)


@dataclass(frozen=True, slots=True)
class Kept:
    """
    A transfer that stands in our books.

    Attributes:
        of: Key of the transfer that it takes back or resolves.
        points: So many were asked for; what it moved may be less, where points had expired or were
            spent.
        reason: Of it, as it was given.
    """

    key: str
    kind: str
    of: str | None
    points: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """
    All that a member had, moved to another by a transfer of that key.

    Attributes:
        back: It was taken back.
    """

    key: str
    member: Member
    to: Member
    back: bool = False


@dataclass(frozen=True, slots=True)
class Mirror:
    """
    A programme whose points another system keeps.

    Attributes:
        programme: Its name in tokui.toml.
        connection: Which can be asked for balances: a `Ledger`.
        number: Kind of the identifier that makes somebody a member.
        issuer: Of the numbers; None takes every identifier of that kind.
        every_hours: So often each member is asked for.
        most: So many members in one sync.
    """

    programme: str
    connection: str
    number: str = "member_no"
    issuer: str | None = None
    every_hours: int = 24
    most: int = 500


MARK = 20
"""Digits of an order's mark."""


@lru_cache(maxsize=2**14)
def order_mark(connection: str, external_id: str) -> str:
    """
    Stands for an order in keys, which have no room for ids of any length.

    A programme whose keys begin with `programme/mark` is told what it posted of an order, whoever's
    account it is on (`View.about`).
    """
    return sha256(json.dumps((connection, external_id)).encode()).hexdigest()[:MARK]


class Said(Value):
    """Something that staff and customers read, in both languages."""

    ja: str
    en: str

    def in_language(self, lang: Literal["ja", "en"]) -> str:
        """One of the two."""
        return self.ja if lang == "ja" else self.en


class Lost(Value):
    """Points that end at `at` (UTC), if they are not spent before."""

    points: int
    at: Instant


class Standing(Value):
    """
    How a person stands in one programme, with one account.

    Attributes:
        programme: Its name in tokui.toml.
        title: What customers call it.
        member_no: As written on the card; personal.
        shared_by: So many people bear the card.
        points: Can be spent now.
        pending: Earned, and not yet to be spent.
        held: Set aside.
        owed: Were taken back after they had been spent.
        expiring: What has an end, the next first.
        tier: What customers call it; None for a programme of another system.
        benefits: What that tier brings beside points.
        keeps_until: Last day that the tier is sure of; None where it has no end.
        drops_to: The tier after that day, as it stands; None where it does not drop.
        notice_on: The day from which that should be said.
        next_tier: The one above.
        spend_missing: What it still takes.
        visits_missing: Visits that it still takes.
        next_by: Last day on which it can be reached that way.
        earns: Points that `for_each` brings today, at the tier's rate.
        for_each: What has to be spent for them.
        kept_by: The connection whose system keeps the points; None for our books.
        as_of: When that system said so; None before it was asked. UTC.
    """

    programme: str
    title: Said
    member_no: str
    shared_by: int = 1
    points: int
    pending: int = 0
    held: int = 0
    owed: int = 0
    expiring: tuple[Lost, ...] = ()
    tier: Said | None = None
    benefits: tuple[Said, ...] = ()
    keeps_until: date | None = None
    drops_to: Said | None = None
    notice_on: date | None = None
    next_tier: Said | None = None
    spend_missing: Money | None = None
    visits_missing: int = 0
    next_by: date | None = None
    earns: Decimal | None = None
    for_each: Money | None = None
    kept_by: str | None = None
    as_of: Instant | None = None


class OpenOffer(Value):
    """
    Something that a person can use today.

    Attributes:
        name: Its name in tokui.toml.
        title: What customers call it.
        benefit: What it brings.
        reason: Why they have it.
        until: Last day; None where it has no end.
        left: How often they can use it, or how many pieces they may buy; None where nobody counts.
    """

    name: str
    title: Said
    benefit: Said
    reason: Said
    until: date | None = None
    left: int | None = None
