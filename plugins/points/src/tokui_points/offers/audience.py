"""Whom an offer is for. Pure: who they are and what is left for them are arguments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tokui.connector import Said
from tokui.model import PartialDate

from tokui_points.calendar import end_of
from tokui_points.offers.settings import Birthday, Offer
from tokui_points.offers.words import say, tier_names


class Left(NamedTuple):
    """How many uses, or pieces, are left: for the person, and in all; None: no limit."""

    own: int | None = None
    all: int | None = None

    @property
    def least(self) -> int | None:
        """Whichever is less."""
        return min((each for each in self if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What offers are told of a person.

    Attributes:
        tiers: Name of their tier in each programme of which they are a member.
        joined: The day on which they joined, where somebody knows it.
        birthday: May lack parts.
        tags: Of all sources.
        called: What customers call the tiers of each programme, the lowest first.
        left: Of each offer; of one that is not there nothing was used yet.
    """

    tiers: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, date] = field(default_factory=dict)
    birthday: PartialDate | None = None
    tags: frozenset[str] = frozenset()
    called: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)
    left: Mapping[str, Left] = field(default_factory=dict)


class Missing(NamedTuple):
    """
    What an offer asks that does not hold.

    Attributes:
        can: It may yet: something more in the basket, another tier, another place.
    """

    reason: Said
    can: bool = False


def missing(name: str, offer: Offer, facts: Facts, day: date) -> Iterator[Missing]:
    """All that keeps a person from an offer, whatever they buy."""
    yield from _by_date(offer, day)
    yield from _by_member(offer, facts, day)
    if offer.birthday and occasion(offer.birthday, facts.birthday, day) is None:
        yield Missing(say("not_birthday" if facts.birthday else "no_birthday"))
    if offer.tags and not facts.tags & {*offer.tags}:
        yield Missing(say("no_tag", tags=", ".join(offer.tags)))
    yield from short(left(name, offer, facts), 1)


def short(there: Left, pieces: int) -> Iterator[Missing]:
    """Whether fewer are left than are wanted."""
    if there.own is not None and there.own < pieces:
        yield Missing(say("used", left=there.own))
    if there.all is not None and there.all < pieces:
        yield Missing(say("gone", left=there.all))


def left(name: str, offer: Offer, facts: Facts) -> Left:
    """How often they can still use it."""
    return facts.left.get(name, Left(offer.per_person or None, offer.total))


def last_day(offer: Offer, facts: Facts, day: date) -> date | None:
    """The last day on which a person who has it today can use it; None: it has no end."""
    ends = [offer.until] if offer.until else []
    if offer.birthday and (found := occasion(offer.birthday, facts.birthday, day)):
        ends.append(found.last)
    if offer.join_days and (joined := facts.joined.get(offer.programme or "")):
        ends.append(joined + timedelta(days=offer.join_days))
    return min(ends, default=None)


class Occasion(NamedTuple):
    """A birthday, by its year, and the last day on which its benefit can be had."""

    year: int
    last: date


def occasion(asked: Birthday, birthday: PartialDate | None, day: date) -> Occasion | None:
    """The birthday whose benefit can be had on a day."""
    if birthday is None:
        return None
    if asked.within == "month":
        return Occasion(day.year, end_of(day, "month")) if birthday.month == day.month else None
    for year in (day.year - 1, day.year, day.year + 1):
        ahead = birthday.days_until(date(year, 1, 1))
        if ahead is not None:
            on = date(year, 1, 1) + timedelta(days=ahead)
            first, last = on - timedelta(days=asked.before), on + timedelta(days=asked.after)
            if first <= day <= last:
                return Occasion(year, last)
    return None


def _by_date(offer: Offer, day: date) -> Iterator[Missing]:
    if offer.since and day < offer.since:
        yield Missing(say("early", day=offer.since))
    if offer.until and offer.until < day:
        yield Missing(say("late", day=offer.until))


def _by_member(offer: Offer, facts: Facts, day: date) -> Iterator[Missing]:
    programme = offer.programme
    if programme is None:
        return
    tier, joined = facts.tiers.get(programme), facts.joined.get(programme)
    if tier is None:
        yield Missing(say("no_member"), can=True)
        return
    if offer.tiers and tier not in offer.tiers:
        ladder = facts.called[programme]
        above = [*ladder][[*ladder].index(tier) + 1 :][:1]
        reason = say("other_tier", tiers=tier_names(offer, ladder))
        yield Missing(reason, can=bool({*above} & {*offer.tiers}))
    if offer.join_days and not _is_within(joined, day, offer.join_days):
        yield Missing(say("not_joined", days=offer.join_days))


def _is_within(joined: date | None, day: date, days: int) -> bool:
    return joined is not None and joined <= day <= joined + timedelta(days=days)
