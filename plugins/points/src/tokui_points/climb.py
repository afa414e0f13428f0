"""How a person's tier goes over time: up at once, down at the end of a period."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from tokui_points.calendar import DAY, add_months, year_of
from tokui_points.facts import Step
from tokui_points.settings import Programme


class Figures(NamedTuple):
    """What was spent within a window, in minor units, and on how many days."""

    spend: int
    visits: int


class Climb:
    """
    One person's way through the tiers; told of purchases and returns in the order of time.

    Attributes:
        level: The tier now, as a number from 0.
        until: Last day before it is looked at again; None where it never is.
        steps: How it came to that.
    """

    def __init__(self, programme: Programme, joined: date) -> None:
        self._programme = programme
        self._spent: defaultdict[date, int] = defaultdict(int)
        self.level = 0
        self.until = self.ends(joined)
        self.steps = [Step(joined, programme.tiers[0].name, None, "joined")]

    def count(self, today: date, bought_on: date, amount: int) -> None:
        """
        Add what was spent, or take it off; it belongs to the day of the purchase.

        Args:
            today: When it became so.
            bought_on: The day of the purchase, of a return too.
            amount: In minor units; negative for a return.
        """
        self.go_on(today)
        self._spent[bought_on] += amount
        reached = self.reached(self.figures(*self.window(today)))
        if reached > self.level:
            self._step(today, reached, "reached")
            self.until = self.ends(today)
        elif reached < self.level and self._programme.window.kind == "lifetime":
            self._step(today, reached, "returned")

    def go_on(self, today: date) -> None:
        """Let time pass: what ended before today is looked at, one end after the other."""
        while self.until and self.until < today:
            if not self.level and not self._spent:
                self.until = self.ends(today)
                return
            ended = self.until
            reached = self.reached(self.figures(*self.window(ended)))
            if reached != self.level:
                self._step(ended + DAY, reached, "period_end")
            self.until = self.ends(ended + DAY)

    def window(self, day: date) -> tuple[date, date]:
        """First and last day of what counts on a day."""
        kind = self._programme.window
        if kind.kind == "lifetime":
            return date.min, date.max
        if kind.kind == "rolling":
            return add_months(day + DAY, -kind.months), day
        return year_of(day, kind.starts)

    def figures(self, first: date, last: date) -> Figures:
        """What was spent between two days, both included."""
        spent = [amount for day, amount in self._spent.items() if first <= day <= last]
        return Figures(sum(spent), sum(amount > 0 for amount in spent))

    def reached(self, figures: Figures) -> int:
        """The highest tier that this reaches."""
        tiers = self._programme.tiers
        return max(
            number
            for number, tier in enumerate(tiers)
            if not number or (figures.spend >= tier.spend and figures.visits >= tier.visits)
        )

    def _step(self, day: date, level: int, why: str) -> None:
        tiers = self._programme.tiers
        self.steps.append(Step(day, tiers[level].name, tiers[self.level].name, why))
        self.level = level

    def ends(self, day: date) -> date | None:
        """The last day of the period that begins with, or contains, a day."""
        window = self._programme.window
        if window.kind == "lifetime":
            return None
        if window.kind == "rolling":
            return add_months(day, window.months) - DAY
        return year_of(day, window.starts)[1]
