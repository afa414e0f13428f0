"""What a programme would have made of any past window: a what-if over facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tokui_points.calendar import DAY, add_months, after, end_of
from tokui_points.facts import Person, Step
from tokui_points.settings import Programme
from tokui_points.story import Story, play


@dataclass(frozen=True, slots=True)
class Fate:
    """
    What became of one person within the window.

    Attributes:
        person: Their id.
        before: Tier on the day before the window.
        after: Tier on its last day.
        steps: Changes within it.
        earned: Points given.
        taken_back: Points that returns took back.
    """

    person: str
    before: str
    after: str
    steps: tuple[Step, ...]
    earned: int
    taken_back: int


@dataclass(slots=True)
class Month:
    """
    One month of the window, or the part of it that lies within.

    Attributes:
        first: Its first day.
        last: Its last day.
        earned: Points given.
        taken_back: Points that returns took back.
        members: How many people have each tier on its last day, the lowest tier first.
    """

    first: date
    last: date
    members: list[int]
    earned: int = 0
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    A window under a programme.

    Attributes:
        since: First day.
        until: Last day.
        fates: Of each person.
        months: In order.
    """

    programme: Programme
    since: date
    until: date
    fates: Sequence[Fate]
    months: Sequence[Month] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Points given, less those that returns took back."""
        return sum(month.earned - month.taken_back for month in self.months)

    @property
    def cost_minor(self) -> Decimal:
        """What these points cost the shop, in minor units, when all of them are spent."""
        return self.points * self.programme.value_minor

    def members(self) -> dict[str, int]:
        """How many people have each tier on the last day, the lowest first."""
        names = [tier.name for tier in self.programme.tiers]
        held = [fate.after for fate in self.fates]
        return {name: held.count(name) for name in names}

    def movers(self) -> list[Fate]:
        """Those whose tier changed within the window."""
        return [fate for fate in self.fates if fate.before != fate.after or fate.steps]


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody who would have another tier on the last day."""

    person: str
    now: str
    then: str


def simulate(programme: Programme, people: Iterable[Person], since: date, until: date) -> Outcome:
    """
    Run a window again, both days included.

    What was bought before it counts for the tiers as it always would have; what came after it is
    not known. Nothing is written.
    """
    moment = after(until, programme.zone) - timedelta(microseconds=1)
    months = _months(programme, since, until)
    fates = []
    for person in people:
        story = play(programme, person, moment)
        fates.append(_fate(story, since, until))
        _add(months, story)
    return Outcome(programme, since, until, fates, months)


def differences(now: Outcome, then: Outcome) -> list[Difference]:
    """Who would have another tier on the last day under another programme."""
    held = {fate.person: fate.after for fate in now.fates}
    pairs = ((fate.person, held.get(fate.person), fate.after) for fate in then.fates)
    return [Difference(who, was, would) for who, was, would in pairs if was and was != would]


def _fate(story: Story, since: date, until: date) -> Fate:
    return Fate(
        person=story.person.id,
        before=story.tier_on(since - DAY),
        after=story.tier_on(until),
        steps=tuple(step for step in story.steps if since <= step.day <= until and step.was),
        earned=sum(each.points for each in story.earned if since <= each.day <= until),
        taken_back=sum(each.points for each in story.taken_back if since <= each.day <= until),
    )


def _months(programme: Programme, since: date, until: date) -> list[Month]:
    months, first = [], since
    while first <= until:
        last = min(end_of(first, "month"), until)
        months.append(Month(first, last, [0] * len(programme.tiers)))
        first = last + DAY
    return months


def _add(months: Sequence[Month], story: Story) -> None:
    start = months[0].first
    for each in story.earned:
        if place := _place(months, start, each.day):
            place.earned += each.points
    for back in story.taken_back:
        if place := _place(months, start, back.day):
            place.taken_back += back.points
    joined = story.steps[0].day
    for month in months:
        if joined <= month.last:
            month.members[story.programme.level(story.tier_on(month.last))] += 1


def _place(months: Sequence[Month], start: date, day: date) -> Month | None:
    number = (day.year - start.year) * 12 + day.month - start.month
    inside = start <= day and 0 <= number < len(months)
    return months[number] if inside else None


def last_year(today: date) -> tuple[date, date]:
    """The twelve months that end with a day."""
    return add_months(today + DAY, -12), today
