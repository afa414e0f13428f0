"""
Points that end with the last purchase: how many the facts say are lost, and how many were taken.

It is counted anew from all facts each time. So it does not matter when anybody looks, nor in which order
facts arrive: a purchase that is heard of late gives back what was taken, and goods that come back after
their points were lost are not taken a second time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from tokui.connector import Balance, Earn, Kept, Redeem, Reverse, Transfer

from tokui_points import keys, reasons
from tokui_points.accounts import Account
from tokui_points.calendar import DAY, add_months, after, begins
from tokui_points.story import Story, by_spot

_SPENDS = ("redeem", "capture", "expire", "hold")


class _Moment(NamedTuple):
    """Points that came (+) or went (-), or with None all that were there."""

    at: datetime
    points: int | None


def slid(
    account: Account,
    story: Story,
    kept: Sequence[Kept],
    due: Sequence[Transfer],
    balance: Balance,
) -> Iterator[Redeem | Reverse]:
    """
    Take what slid with the last purchase, and has ended; or give back what should not have been taken.

    Args:
        account: Whose.
        story: All that was bought.
        kept: What is posted.
        due: What is about to be.
        balance: Before that.
    """
    book = _Book(account, kept, due)
    taken = [each for each in kept if each.kind == "redeem" and book.is_slid(each.key)]
    ends = sorted({*lapses(story), *_kept_ends(story, taken)})
    ends = [end for end in ends if end <= balance.as_of]
    if account.former or story.programme.expiry.kind != "sliding" or not (ends or taken):
        return
    missing = _lost(book.moments(story), ends) - sum(book.net(each) for each in taken)
    if missing > 0:
        yield from book.take(ends[-1], min(missing, book.spendable(balance)), len(taken), story)
    nth = sum(book.is_slid(each.key) for each in kept if each.kind == "reverse")
    for each in reversed(taken):
        if points := min(book.net(each), max(0, -missing)):
            nth, missing = nth + 1, missing + points
            yield Reverse(
                f"{book.start}back-{nth}", account.member, each.key, "was no end after all", points
            )


def lapses(story: Story) -> list[datetime]:
    """The ends that no purchase put off, in order; the last may be still to come."""
    programme = story.programme
    if programme.expiry.kind != "sliding":
        return []
    days = sorted({each.day for each in story.earned})
    ends = [after(add_months(day, programme.expiry.months), programme.zone) for day in days]
    nexts = [begins(day, programme.zone) for day in days[1:]]
    return [end for end, following in zip(ends, nexts, strict=False) if following >= end] + ends[
        -1:
    ]


def _kept_ends(story: Story, taken: Sequence[Kept]) -> Iterator[datetime]:
    """Ends for which points were taken, and which no purchase has now: the rules were others then."""
    months, zone = story.programme.expiry.months, story.programme.zone
    known = {add_months(each.day, months) for each in story.earned}
    for each in taken:
        day = datetime.strptime(each.key.split("/")[3][:8], "%Y%m%d").replace(tzinfo=UTC).date()
        if day not in known:
            yield after(day, zone)


def _lost(moments: Sequence[_Moment], ends: Sequence[datetime]) -> int:
    """How many points ended; what was spent although it had ended is spent."""
    there = lost = 0
    for _, points in sorted([*moments, *(_Moment(end, None) for end in ends)], key=_in_order):
        if points is None:
            lost, there = lost + max(0, there), min(0, there)
            continue
        there += points
        late = min(max(0, -there), lost) if points < 0 else 0
        lost, there = lost - late, there + late
    return lost


def _in_order(each: _Moment) -> tuple[datetime, bool]:
    return each.at, each.points is not None


class _Book:
    """What is posted on an account, and what is about to be."""

    def __init__(self, account: Account, kept: Sequence[Kept], due: Sequence[Transfer]) -> None:
        self._account = account
        self._kept = kept
        self._due = due
        self._back = Counter[str]()
        self._over = {each.of for each in kept if each.kind in ("capture", "void")}
        for each in kept:
            if each.of and each.kind == "reverse":
                self._back[each.of] += each.points
        for transfer in due:
            if isinstance(transfer, Reverse):
                self._back[transfer.of] += transfer.points or 0
        self.start = f"{account.member.programme}/slid/{keys.whose(account.member)}/"

    def is_slid(self, key: str) -> bool:
        """Whether this module posted it."""
        return keys.deed_of(key) == "slid"

    def net(self, each: Kept) -> int:
        """What of it was not taken back, nor is about to be."""
        return each.points - self._back[each.key]

    def spendable(self, balance: Balance) -> int:
        """What can be spent once all is posted."""
        now = balance.as_of
        points = balance.points - balance.owed
        for each in self._due:
            if isinstance(each, Earn) and (each.active_at is None or each.active_at <= now):
                points += each.points
            elif isinstance(each, Reverse):
                points -= each.points or 0
        return max(0, points)

    def take(self, end: datetime, points: int, taken: int, story: Story) -> Iterator[Redeem]:
        """One more taking, because of an end."""
        if points:
            last = end.astimezone(story.programme.zone).date() - DAY
            key = f"{self.start}{last:%Y%m%d}-{taken + 1}"
            reason = reasons.slid(story.programme.expiry.months)
            yield Redeem(key, self._account.member, points, reason)

    def moments(self, story: Story) -> list[_Moment]:
        """What came and went: lines on the days of their purchase, all else when it was posted."""
        zone = story.programme.zone
        days = {
            keys.tag(spot): begins(line.earned.day, zone) for spot, line in by_spot(story).items()
        }
        found = [_Moment(at, points) for at, points in self._lines(days)]
        for each in self._kept:
            if each.kind == "earn" and keys.line_of(each.key) not in days:
                found.append(_Moment(each.at, self.net(each)))
            elif each.kind in _SPENDS and each.key not in self._over and not self.is_slid(each.key):
                found.append(_Moment(each.at, -self.net(each)))
        return found

    def _lines(self, days: Mapping[str, datetime]) -> Iterator[tuple[datetime, int]]:
        """What each line will have."""
        points = Counter[str]()
        for each in self._kept:
            if each.kind == "earn":
                points[keys.line_of(each.key)] += self.net(each)
        for transfer in self._due:
            if isinstance(transfer, Earn):
                points[keys.line_of(transfer.key)] += transfer.points
        return ((at, points[name]) for name, at in days.items() if points[name])
