"""Which rate a line earns at, and how many points an amount is at a rate."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple, TypeAlias

from tokui.model import OrderLine

from tokui_points.facts import Person, Purchase
from tokui_points.rules import Rule
from tokui_points.settings import Programme

Rate: TypeAlias = tuple[int, int]
"""Points for each unit of money, as a fraction."""


NOTHING: Rate = (0, 1)


class Standing(NamedTuple):
    """Under which tier, as a number from 0, and as if on which day a purchase earns."""

    level: int
    day: date


def points_for(base: int, rate: Rate, programme: Programme, unit: int | None = None) -> int:
    """Points for an amount, rounded as the programme does."""
    above, below = base * rate[0], rate[1] * (unit or programme.unit)
    if programme.rounding == "down":
        return above // below
    return -(-above // below) if programme.rounding == "up" else (2 * above + below) // (2 * below)


def shares(bases: Sequence[tuple[int, Rate]], programme: Programme) -> list[int]:
    """
    Points of each line of a receipt.

    Where receipts are rounded, and not lines, the points of the whole are shared out: each line has
    the whole points that it is worth, and what is left goes to the largest remainders, the first lines
    first.
    """
    if programme.rounding_per == "line":
        return [points_for(base, rate, programme) for base, rate in bases]
    worth = [Fraction(base * rate[0], rate[1] * programme.unit) for base, rate in bases]
    whole = sum(worth, Fraction(0))
    points = [floor(each) for each in worth]
    left = points_for(whole.numerator, (1, whole.denominator), programme, unit=1) - sum(points)
    for place in sorted(range(len(worth)), key=lambda n: points[n] - worth[n])[:left]:
        points[place] += 1
    return points


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
