"""`[plugins.points.offers.NAME]`: what is offered to whom, for which goods, how often."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator
from tokui.connector import Said, Settings
from tokui.model.record import CurrencyCode, ZoneName

from tokui_points.named import check_named
from tokui_points.terms import Words

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""Short enough that the books can name what is counted of it."""

MANY = 1_000_000_000
"""More uses than any shop counts."""

Percent = Annotated[Decimal, Field(gt=0, le=100, allow_inf_nan=False)]
Times = Annotated[int, Field(ge=0, le=MANY)]


class Benefit(Settings):
    """
    What an offer brings; one of these.

    Attributes:
        off_minor: So much less, in minor units, and never more than the goods cost.
        percent: So many hundredths less, rounded down.
        points: Points of the offer's programme, beside those that the purchase earns.
        gift: Something to hand over.
        access: The right to buy the items, which nobody else has; it is counted by pieces.
    """

    off_minor: PositiveInt | None = Field(None, description="So many minor units less.")
    percent: Percent | None = Field(None, description="So many hundredths less.")
    points: int | None = Field(None, ge=1, le=MANY, description="Points of the programme.")
    gift: Words | None = Field(None, description="Something to hand over.")
    access: Words | None = Field(None, description="The right to buy the items.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in dict(self).values()) != 1:
            raise ValueError("a benefit is one of off_minor, percent, points, gift, access")
        return self


class Birthday(Settings):
    """
    When a birthday benefit can be had; anew with each birthday.

    Attributes:
        within: The `month` of it, or some `days` around it.
        before: So many days before it.
        after: So many days after it.
    """

    within: Literal["month", "days"] = Field("month", description="The month of it, or days.")
    before: int = Field(0, ge=0, le=180, description="So many days before it.")
    after: int = Field(0, ge=0, le=180, description="So many days after it.")


class Offer(Settings):
    """
    `[plugins.points.offers.NAME]`. All that is said must hold; what is left out holds for anybody.

    Attributes:
        title: What customers call it.
        benefit: What it brings.
        programme: Whose members; None: anybody who is known.
        tiers: Of these tiers.
        tags: With any of these tags in a source.
        birthday: Around a birthday.
        join_days: Within so many days after joining, that day included.
        connections: Where it can be used; anywhere, if left out.
        since: First day.
        until: Last day.
        categories: It is about articles of these categories.
        items: It is about these articles: by sku, barcode or variant.
        min_spend: So much of them must be bought, in minor units, before anything is taken off.
        per_person: So often for one person, however many cards and records they have; 0: always.
        total: So often in all, whoever and wherever; with a birthday, for each year.
        stack: Goes together with the others that say so. One that does not stands alone.
        notice_days: So long before the end staff are told.
        currency: Of its amounts; baskets in another one are not its business.
        timezone: Of its days.
    """

    title: Words = Field(Words(), description="What customers call it.")
    benefit: Benefit = Field(description="What it brings.")
    programme: str | None = Field(None, description="Whose members; anybody, if left out.")
    tiers: tuple[str, ...] = Field((), description="Of these tiers.")
    tags: tuple[str, ...] = Field((), description="With any of these tags.")
    birthday: Birthday | None = Field(None, description="Around a birthday.")
    join_days: PositiveInt | None = Field(None, description="Within so many days after joining.")
    connections: tuple[str, ...] = Field((), description="Where it can be used.")
    since: date | None = Field(None, description="First day.")
    until: date | None = Field(None, description="Last day.")
    categories: tuple[str, ...] = Field((), description="About articles of these categories.")
    items: tuple[str, ...] = Field((), description="About these: sku, barcode or variant.")
    min_spend: NonNegativeInt = Field(0, description="So much of them must be bought.")
    per_person: Times = Field(1, description="So often for one person; 0 is always.")
    total: int | None = Field(None, ge=1, le=MANY, description="So often in all.")
    stack: bool = Field(False, description="Goes together with others that say so.")
    notice_days: NonNegativeInt = Field(7, description="So long before the end it is said.")
    currency: CurrencyCode = Field("JPY", description="Of its amounts.")
    timezone: ZoneName = Field("Asia/Tokyo", description="Zone of its days.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("it ends before it begins")
        of_members = self.tiers or self.join_days or self.benefit.points
        if of_members and self.programme is None:
            raise ValueError("tiers, join_days and points are a programme's: name it")
        if self.by_piece and not (self.items or self.categories):
            raise ValueError("`access` is to `items` or `categories`: name them")
        return self

    @property
    def by_piece(self) -> bool:
        """Whether pieces are counted, and not purchases."""
        return self.benefit.access is not None

    @cached_property
    def zone(self) -> ZoneInfo:
        """Of its days."""
        return ZoneInfo(self.timezone)

    def called(self, name: str) -> Said:
        """What customers call it."""
        return self.title.said(name)


def check(
    offers: Mapping[str, Offer],
    ladders: Mapping[str, Collection[str]],
    known: Collection[str] | None,
) -> None:
    """
    Hold offers to the rest of the file.

    Args:
        offers: By name.
        ladders: The tiers of each programme whose books are ours.
        known: Names of connections; None where nobody says them.

    Raises:
        ValueError: A name that means nothing.
    """
    for name, each in offers.items():
        if not NAME.fullmatch(name):
            raise ValueError(f"offer `{name}`: small letters, digits, - and _ only, 40 at most")
        if each.programme is not None and each.programme not in ladders:
            raise ValueError(f"offer {name}: our books keep no programme `{each.programme}`")
        if unknown := {*each.tiers}.difference(ladders.get(each.programme or "", ())):
            raise ValueError(f"offer {name}: there is no tier {min(unknown)}")
        check_named(f"offer {name}", each.connections, known)
