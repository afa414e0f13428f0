"""Which rate a line earns at, and how many points an amount is at a rate."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from tokui.model import OrderLine

from tokui_points.facts import Person, Purchase
from tokui_points.rules import Rule
from tokui_points.settings import Programme

Rate: TypeAlias = tuple[int, int]
"""Points for each unit of money, as a fraction."""


class Standing(NamedTuple):
    """Under which tier, as a number from 0, and as if on which day a purchase earns."""

    level: int
    day: date


def points_for(base: int, rate: Rate, programme: Programme) -> int:
    """Points for an amount, rounded as the programme does."""
    above, below = base * rate[0], rate[1] * programme.unit
    if programme.rounding == "down":
        return above // below
    return -(-above // below) if programme.rounding == "up" else (2 * above + below) // (2 * below)


def rate_for(
    programme: Programme, standing: Standing, purchase: Purchase, line: OrderLine, person: Person
) -> tuple[Rate, Rule | None]:
    """The rate of a line, and the one rule that gives it; None is the tier's own rate."""
    tier = programme.tiers[standing.level]
    for rule in programme.ranked:
        if (
            rule.falls_on(standing.day)
            and rule.fits(tier.name, purchase.connection, purchase.category(line))
            and rule.is_birthday(person.birthday, standing.day)
        ):
            rate = rule.rate if rule.times is None else rule.times * tier.rate
            return (rate or Decimal(0)).as_integer_ratio(), rule
    return tier.rate.as_integer_ratio(), None
