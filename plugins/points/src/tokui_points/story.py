"""What a programme makes of one person's facts: what each line earns, and the tiers over time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from tokui.model import OrderLine
from tokui.model.order import SETTLED

from tokui_points.calendar import YEARS
from tokui_points.climb import Climb
from tokui_points.facts import Earned, Person, Purchase, Spot, Step, TakenBack, sales_of
from tokui_points.rates import NOTHING, Standing, rate_for, shares
from tokui_points.returning import Shelf
from tokui_points.settings import Programme
from tokui_points.sold import Sold, sold_lines


@dataclass(frozen=True, slots=True)
class Story:
    """
    A person in a programme, until a moment.

    Attributes:
        today: The shop's day at that moment.
        earned: By each line that can earn, in the order of time; 0 points too.
        uncounted: Of all other lines, nothing: by other rules they may have earned.
        taken_back: By each return.
        unmatched: Lines that came back, and whose sale nobody knows: nothing is taken back.
        climb: The tier; its `steps` are how it came to that.
    """

    programme: Programme
    person: Person
    today: date
    earned: Sequence[Earned]
    taken_back: Sequence[TakenBack]
    unmatched: Sequence[tuple[Purchase, OrderLine]]
    climb: Climb
    uncounted: Sequence[Earned] = ()

    @property
    def points(self) -> int:
        """All that was earned and not taken back."""
        return sum(e.points for e in self.earned) - sum(t.points for t in self.taken_back)

    @property
    def steps(self) -> Sequence[Step]:
        """Changes of tier."""
        return self.climb.steps

    @property
    def tier(self) -> str:
        """Name of the tier now."""
        return self.programme.tiers[self.climb.level].name

    def tier_on(self, day: date) -> str:
        """Name of the tier on a day; before anything happened it is the first one."""
        held = [step.tier for step in self.steps if step.day <= day]
        return held[-1] if held else self.programme.tiers[0].name


def play(programme: Programme, person: Person, until: datetime) -> Story:
    """
    What the programme makes of the person's facts until a moment (UTC).

    An order earns at the tier that its buyer had before it. A return takes back at the rate at which
    the line had earned, and an exchange earns as the order did whose goods come back by it.
    """
    purchases = _in_order(programme, person, until)
    today = until.astimezone(programme.zone).date()
    days = [day_of(programme, purchase) for purchase in purchases]
    joined = min([*days[:1], person.joined or (days[0] if days else today)])
    passing = _Pass(programme, person, Climb(programme, joined), Shelf(programme, purchases))
    for purchase, day in zip(purchases, days, strict=True):
        passing.take(purchase, day)
    passing.climb.go_on(today)
    shelf = passing.shelf
    back = (shelf.taken, shelf.unmatched)
    return Story(programme, person, today, passing.earned, *back, passing.climb, passing.uncounted)


def day_of(programme: Programme, purchase: Purchase) -> date:
    """The shop's own day of an order."""
    order = purchase.order
    return order.business_date or order.placed_at.astimezone(programme.zone).date()


def _in_order(programme: Programme, person: Person, until: datetime) -> list[Purchase]:
    """What counts, once each; a sale before what comes back of it, whatever two clocks say."""
    known = {each.key: each for each in person.purchases}
    times = {key: each.order.placed_at for key, each in known.items()}

    def moment(purchase: Purchase) -> tuple[datetime, bool, str, str]:
        sales = sales_of(purchase) - {purchase.key}
        order = purchase.order
        latest = max([order.placed_at, *(times[sale] for sale in sales if sale in times)])
        return latest, order.kind in ("return", "exchange"), *purchase.key

    return sorted((each for each in known.values() if _counts(programme, each, until)), key=moment)


def _counts(programme: Programme, purchase: Purchase, until: datetime) -> bool:
    order = purchase.order
    settled = order.state in SETTLED and order.placed_at <= until
    days = (order.placed_at, order.business_date or order.placed_at)
    dated = all(day.year in YEARS for day in days)
    return settled and dated and order.currency == programme.currency


@dataclass(slots=True)
class _Pass:
    programme: Programme
    person: Person
    climb: Climb
    shelf: Shelf
    earned: list[Earned] = field(default_factory=list)
    uncounted: list[Earned] = field(default_factory=list)

    def take(self, purchase: Purchase, today: date) -> None:
        """The next order."""
        self.climb.go_on(today)
        standing = Standing(self.climb.level, today)
        if purchase.order.kind == "exchange":
            standing = self.shelf.bring_back(purchase, today, self.climb) or standing
            self._sell(purchase, standing, today)
        else:
            self._sell(purchase, standing, today)
            self.shelf.bring_back(purchase, today, self.climb)

    def _sell(self, purchase: Purchase, standing: Standing, today: date) -> None:
        sold = sorted(sold_lines(self.programme, purchase), key=lambda each: not each.counts)
        self._earn(purchase, sold, standing)
        for each in sold:
            into = self.earned if each.counts else self.uncounted
            into += [each.earned] if each.earned else []
        if sold:
            self.shelf.put(purchase, sold, standing)
        if counting := [each.base for each in sold if each.counts]:
            self.climb.count(today, standing.day, sum(counting))

    def _earn(self, purchase: Purchase, sold: Sequence[Sold], standing: Standing) -> None:
        of = self.programme
        begun = of.since is None or of.since <= standing.day
        rates = [rate_for(of, standing, purchase, each.line, self.person) for each in sold]
        bases = [
            (each.base, rate if begun and each.counts else NOTHING)
            for each, (rate, _) in zip(sold, rates, strict=True)
        ]
        points = shares(bases, of)
        for number, (each, (_, rule)) in enumerate(zip(sold, rates, strict=True)):
            each.points, each.counted = points[number], each.base
            each.earned = Earned(
                purchase=purchase,
                line=each.line,
                day=standing.day,
                at=purchase.order.placed_at,
                base=each.base,
                points=each.points,
                rate=bases[number][1],
                rule=rule.name if rule else None,
                tier=of.tiers[standing.level].name,
            )


class Line(NamedTuple):
    """
    What is left of a line that earned.

    Attributes:
        points: For what was kept.
        base: Of what was kept, in minor units.
    """

    earned: Earned
    points: int
    base: int


def by_spot(story: Story) -> dict[Spot, Line]:
    """What each line still has, by where it stands."""
    every = (*story.earned, *story.uncounted)
    kept = {each.spot: Line(each, each.points, each.base) for each in every}
    for back in story.taken_back:
        earned, points, base = kept[back.of.spot]
        kept[back.of.spot] = Line(earned, points - back.points, base - back.base)
    return kept
