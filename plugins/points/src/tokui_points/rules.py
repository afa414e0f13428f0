"""Rules of earning: exactly one of them, or the tier's rate, applies to a line."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Literal, TypeAlias, get_args

from pydantic import Field, field_validator, model_validator
from tokui.connector import Settings
from tokui.model import PartialDate

from tokui_points.terms import Rate, Words

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)


class Rule(Settings):
    """
    A rate for some lines. All that is said of the lines must hold; what is left out holds for any.

    Attributes:
        name: Stands beside what it gives.
        title: What customers call it.
        rate: Points for each unit of money, in the place of the tier's; 0 earns nothing.
        times: So many times the tier's rate.
        priority: Where several rules fit, the highest earns, alone.
        categories: Of articles.
        connections: Where it was bought.
        tiers: Whose buyers.
        since: First day.
        until: Last day.
        days: Single days.
        weekdays: Days of the week.
        days_of_month: Days of the month.
        birthday: In the buyer's month of birth, or on the day.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Short and lasting.")
    title: Words = Field(Words(), description="What customers call it.")
    rate: Rate | None = Field(None, description="Points for each `unit`; 0 earns nothing.")
    times: Rate | None = Field(None, description="So many times the tier's rate.")
    priority: int = Field(0, description="Where several fit, the highest earns, alone.")
    categories: tuple[str, ...] = Field((), description="Categories of articles.")
    connections: tuple[str, ...] = Field((), description="Where it was bought.")
    tiers: tuple[str, ...] = Field((), description="Tiers of buyers.")
    since: date | None = Field(None, description="First day.")
    until: date | None = Field(None, description="Last day.")
    days: tuple[date, ...] = Field((), description="Single days.")
    weekdays: tuple[Weekday, ...] = Field((), description="Days of the week: mon, tue, ….")
    days_of_month: tuple[int, ...] = Field((), description="Days of the month.")
    birthday: Literal["month", "day"] | None = Field(None, description="Of the buyer.")

    @field_validator("days_of_month")
    @classmethod
    def _exist(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not all(1 <= day <= 31 for day in days):
            raise ValueError("days of a month are 1 to 31")
        return days

    @model_validator(mode="after")
    def _says_one_rate(self) -> "Rule":
        if (self.rate is None) == (self.times is None):
            raise ValueError(f"rule {self.name} needs one of `rate` and `times`")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"rule {self.name} ends before it begins")
        return self

    def falls_on(self, day: date) -> bool:
        """Whether it holds on that day for anybody."""
        return (
            (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and (not self.days or day in self.days)
            and (not self.weekdays or WEEKDAYS[day.weekday()] in self.weekdays)
            and (not self.days_of_month or day.day in self.days_of_month)
        )

    def fits(self, tier: str, connection: str, category: str | None) -> bool:
        """Whether it is about such a line."""
        return (
            (not self.categories or category in self.categories)
            and (not self.tiers or tier in self.tiers)
            and (not self.connections or connection in self.connections)
        )

    def is_birthday(self, birthday: PartialDate | None, day: date) -> bool:
        """Whether the buyer's birthday is as it asks."""
        if self.birthday is None:
            return True
        if birthday is None:
            return False
        if self.birthday == "month":
            return birthday.month == day.month
        return birthday.days_until(day) == 0


def ties(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """Pairs of rules of one priority of which both may fit one line."""
    for one, other in combinations(rules, 2):
        if one.priority == other.priority and _overlap(one, other):
            yield one.name, other.name


def _overlap(one: Rule, other: Rule) -> bool:
    for names in ("categories", "connections", "tiers", "weekdays", "days_of_month"):
        mine, theirs = {*getattr(one, names)}, {*getattr(other, names)}
        if mine and theirs and not mine & theirs:
            return False
    if one.days or other.days:
        return any(one.falls_on(day) and other.falls_on(day) for day in (*one.days, *other.days))
    return _begins(one) <= _ends(other) and _begins(other) <= _ends(one)


def _begins(rule: Rule) -> date:
    return rule.since or date.min


def _ends(rule: Rule) -> date:
    return rule.until or date.max
