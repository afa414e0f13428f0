"""`[plugins.points.draws.NAME]`: a draw as configuration."""

import re
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator, model_validator
from tokui.connector import Settings
from tokui.model.record import CurrencyCode, ZoneName

from tokui_points.terms import Words

NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"
FINEST = 10**12
"""The largest common denominator of a draw's odds."""

_ODDS = re.compile(r"\d{1,12}(/[1-9]\d{0,11}|(\.\d{1,9})?%)")


class Prize(Settings):
    """
    What can be drawn.

    Attributes:
        name: Short and lasting; what is published.
        title: What customers read.
        odds: Exact: `1/200` or `0.5%`. Those of all prizes add up to 1.
        stock: So many there are; None is no end of them.
        value_minor: What it is worth, in minor units; points and thanks are worth something, too.
    """

    name: str = Field(pattern=NAME, description="Short and lasting.")
    title: Words = Field(Words(), description="What customers read.")
    odds: str = Field(description='Exact, as "1/200" or "0.5%"; all add up to 1.')
    stock: NonNegativeInt | None = Field(
        None, description="So many there are; no end, if left out."
    )
    value_minor: NonNegativeInt = Field(0, description="What it is worth, in minor units.")

    @field_validator("odds")
    @classmethod
    def _is_exact(cls, odds: str) -> str:
        if not _ODDS.fullmatch(odds):
            raise ValueError('odds are written as "1/200" or "0.5%"')
        return odds

    @property
    def chance(self) -> Fraction:
        """The odds as a number."""
        part = self.odds.removesuffix("%")
        return Fraction(part) / (100 if part != self.odds else 1)


class Cost(Settings):
    """
    What a draw costs.

    Attributes:
        kind: `points` of a programme; `purchase`: one draw for each `for_each` of an order's total that
            was kept; `daily`: nothing, once a day.
        programme: Whose points.
        points: How many.
        connections: Whose orders.
        for_each: Minor units of an order that bring a draw.
        currency: Only orders in it count.
    """

    kind: Literal["points", "purchase", "daily"] = Field(description="points, purchase or daily.")
    programme: str | None = Field(None, description="Whose points.")
    points: PositiveInt | None = Field(None, description="How many points.")
    connections: tuple[str, ...] = Field((), description="Whose orders.")
    for_each: PositiveInt | None = Field(None, description="Minor units of an order for a draw.")
    currency: CurrencyCode = Field("JPY", description="Only orders in it count.")

    @model_validator(mode="after")
    def _is_whole(self) -> "Cost":
        needed = {"points": {"programme", "points"}, "purchase": {"connections", "for_each"}}
        fields = {"programme", "points", "connections", "for_each"}
        given = {name for name in fields if getattr(self, name)}
        if given != needed.get(self.kind, set()):
            wanted = " and ".join(sorted(needed.get(self.kind, ()))) or "nothing else"
            raise ValueError(f"a draw that costs `{self.kind}` takes {wanted}")
        return self


class Draw(Settings):
    """
    `[plugins.points.draws.NAME]`. Once it is open, what decides a draw stands.

    Attributes:
        title: What customers call it.
        since: Its first day.
        until: Its last day, inclusive.
        timezone: Of days.
        secret_file: Where the seed is kept until the draw is closed; `tokui draw open` makes it.
        cost: What a draw costs.
        per_person: Draws that one person may make; None is no end of them.
        prizes: In this order the odds are laid out.
        instead: Name of a prize without end that is given where the one drawn is gone. Left out, those
            that are gone are out of the draw, and the odds of the others grow in proportion.
        joint: Several businesses hold it together (共同懸賞).
        sales_minor: Sales that are expected of what it is linked to, for the legal limit.
    """

    title: Words = Field(Words(), description="What customers call it.")
    since: date = Field(description="First day.")
    until: date = Field(description="Last day, inclusive.")
    timezone: ZoneName = Field("Asia/Tokyo", description="Zone of days.")
    secret_file: Path = Field(description="Keeps the seed; `tokui draw open` makes it.")
    cost: Cost = Field(description="What a draw costs.")
    per_person: PositiveInt | None = Field(
        None, description="Draws of one person; no end, if none."
    )
    prizes: tuple[Prize, ...] = Field(min_length=1, description="What can be drawn.")
    instead: str | None = Field(None, description="Prize in the place of one that is gone.")
    joint: bool = Field(False, description="Held by several businesses together (共同懸賞).")
    sales_minor: PositiveInt | None = Field(
        None, description="Sales expected, for the legal limit."
    )

    @model_validator(mode="after")
    def _is_fair(self) -> "Draw":
        if self.until < self.since:
            raise ValueError("`until` is before `since`")
        names = [prize.name for prize in self.prizes]
        if len({*names}) < len(names):
            raise ValueError("two prizes have one name")
        if (whole := sum(prize.chance for prize in self.prizes)) != 1:
            raise ValueError(f"the odds of all prizes add up to {whole}, and must add up to 1")
        if self.tickets > FINEST:
            raise ValueError(f"the odds have no common denominator up to {FINEST:,}")
        endless = {prize.name for prize in self.prizes if prize.stock is None}
        if self.instead is not None and self.instead not in endless:
            raise ValueError("`instead` must name a prize that has no `stock`")
        return self

    @cached_property
    def tickets(self) -> int:
        """The common denominator of all odds."""
        return lcm(*(prize.chance.denominator for prize in self.prizes))

    def share(self, prize: Prize) -> int:
        """How many of all `tickets` are a prize's."""
        return int(prize.chance * self.tickets)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Of days."""
        return ZoneInfo(self.timezone)
