"""What lies ahead of a person: the next tier, the tier that may drop, when points end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tokui_points.calendar import DAY, add_months, after, begins, end_of
from tokui_points.climb import Figures
from tokui_points.settings import Programme
from tokui_points.story import Story


@dataclass(frozen=True, slots=True)
class Missing:
    """
    What a tier still takes.

    Attributes:
        tier: Its name.
        spend: Minor units.
        visits: Days with a purchase.
        by: Last day on which it can be done; None where there is no end.
    """

    tier: str
    spend: int
    visits: int
    by: date | None


@dataclass(frozen=True, slots=True)
class Drop:
    """
    A tier that will be lost, if nothing more is bought.

    Attributes:
        tier: What the person has.
        to: What they would have.
        day: From that day on.
        notice: The day from which it should be said.
        keep: What keeps the tier.
    """

    tier: str
    to: str
    day: date
    notice: date
    keep: Missing


def next_tier(story: Story) -> Missing | None:
    """What is missing to the tier above; None for the highest."""
    climb, programme = story.climb, story.programme
    if climb.level + 1 == len(programme.tiers):
        return None
    figures = climb.figures(*climb.window(story.today))
    by = climb.until if programme.window.kind.endswith("year") else None
    return _missing(programme, climb.level + 1, figures, by)


def drop(story: Story) -> Drop | None:
    """The tier that will be lost at the period's end; None where none will, as it stands."""
    climb, programme = story.climb, story.programme
    if climb.until is None or not climb.level:
        return None
    figures = climb.figures(*climb.window(climb.until))
    to = climb.reached(figures)
    if to >= climb.level:
        return None
    return Drop(
        tier=story.tier,
        to=programme.tiers[to].name,
        day=climb.until + DAY,
        notice=climb.until + DAY - timedelta(days=programme.notice_days),
        keep=_missing(programme, climb.level, figures, climb.until),
    )


def sure_until(story: Story) -> date | None:
    """Last day on which the person surely has the tier, as it stands; None: it has no end."""
    until = story.climb.until
    if until is None or not story.climb.level:
        return None
    return until if drop(story) else story.climb.ends(until + DAY)


def active_from(programme: Programme, day: date) -> datetime | None:
    """When what is earned can be spent; None at once. UTC."""
    if not programme.pending_days:
        return None
    return begins(day + timedelta(days=programme.pending_days), programme.zone)


def ends(programme: Programme, day: date) -> datetime | None:
    """
    When what is earned on a day ends: the first moment at which it is lost (UTC); None: not by itself.

    Points that slide with the last purchase end by `slid`, not by themselves.
    """
    expiry = programme.expiry
    if expiry.kind != "fixed":
        return None
    last = end_of(add_months(day, expiry.months), expiry.round_to, programme.window.starts)
    return after(last, programme.zone)


def slid(story: Story) -> datetime | None:
    """When all points of the person end, as it slides with their last purchase (UTC)."""
    expiry = story.programme.expiry
    if expiry.kind != "sliding" or not story.earned:
        return None
    last = max(each.day for each in story.earned)
    return after(add_months(last, expiry.months), story.programme.zone)


def _missing(programme: Programme, level: int, figures: Figures, by: date | None) -> Missing:
    tier = programme.tiers[level]
    spend, visits = tier.spend - figures.spend, tier.visits - figures.visits
    return Missing(tier.name, max(0, spend), max(0, visits), by)
