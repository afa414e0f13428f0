"""What is to be posted so that our books say what the facts say; nothing, where they do already."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from tokui.connector import Balance, Earn, Kept, Redeem, Reverse, Transfer
from tokui.model.order import SETTLED

from tokui_points import outlook
from tokui_points.accounts import Account
from tokui_points.facts import Purchase, Spot
from tokui_points.settings import Programme
from tokui_points.story import Line, Story, by_spot

JOINED = "joined"
LINES = 4_096
"""Whose tags are remembered, for as long as one person is looked at."""


@dataclass(slots=True)
class Posted:
    """
    What was posted for one line on one account.

    Attributes:
        steps: How many transfers; the next one has the number after it.
        earned: Points of each earning, and what of it was not taken back, by key.
        version: Of the programme that earned last.
        called: What earned, as its reason says.
    """

    steps: int = 0
    earned: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    version: str = ""
    called: str = ""

    @property
    def points(self) -> int:
        """What stands."""
        return sum(self.left.values())


@lru_cache(maxsize=LINES)
def tag(spot: Spot | str) -> str:
    """Stands for a line in keys, which have no room for ids of any length."""
    return _short(json.dumps(spot), 24)


def due(
    programme: Programme, held: Sequence[tuple[Account, Sequence[Kept]]], stories: Sequence[Story]
) -> list[Transfer]:
    """
    What is to be posted on the accounts of one person.

    Each line is brought to what the facts say: a line that has no points yet earns, a return takes
    back, and what a line should not have any more is taken back. A line stays on the account on which
    it stands. What an earlier version of the programme gave stays as it was given; returns take
    their part of it. Each transfer has the number of its line's step as its key, so that a step is
    never made twice, whoever makes it.
    """
    books = [_read(kept) for _, kept in held]
    standing = [{each for each, posted in book.items() if posted.points} for book in books]
    found: list[Transfer] = []
    for number, ((account, _), story) in enumerate(zip(held, stories, strict=True)):
        others = set[str]().union(*(each for n, each in enumerate(standing) if n != number))
        lines = {
            name: line
            for spot, line in by_spot(story).items()
            if (name := tag(spot)) in standing[number]
            or (name not in others and spot[:2] in account.own)
        }
        found += _lines(programme, account, books[number], lines)
        found += _join_gift(programme, account, books[number])
    return sorted(found, key=lambda each: isinstance(each, Reverse))


def slid(account: Account, story: Story, balance: Balance) -> Iterator[Redeem]:
    """Take what slid with the last purchase, and has ended."""
    end = outlook.slid(story)
    if end and end <= balance.as_of and balance.points:
        key = f"{account.member.programme}/slid/{_whose(account)}/{end:%Y%m%d}"
        months = story.programme.expiry.months
        reason = f"expired {months} months after the last purchase"
        yield Redeem(key, account.member, balance.points, reason)


def _lines(
    programme: Programme, account: Account, book: Mapping[str, Posted], lines: Mapping[str, Line]
) -> Iterator[Transfer]:
    for name, line in lines.items():
        posted = book.get(name, Posted())
        yield from _bring(programme, account, name, posted, _target(programme, posted, line), line)
    for name, posted in book.items():
        if name not in lines and name != tag(JOINED):
            yield from _bring(programme, account, name, posted, 0, None)


def _target(programme: Programme, posted: Posted, line: Line) -> int:
    """What a line should have."""
    if not posted.steps or posted.version == programme.version:
        return line.points
    given = posted.points if not line.base else sum(posted.earned.values())
    return given * line.base // line.earned.base if line.earned.base else 0


def _bring(
    programme: Programme,
    account: Account,
    name: str,
    posted: Posted,
    target: int,
    line: Line | None,
) -> Iterator[Transfer]:
    """Bring what stands to what should stand."""
    missing, step = target - posted.points, posted.steps + 1
    if missing > 0 and line:
        yield _earn(programme, account, _key(programme, account, name, step), missing, line)
    for key, left in reversed(posted.left.items()):
        if missing >= 0:
            return
        points = min(left, -missing)
        if points:
            back = _key(programme, account, name, step)
            yield Reverse(back, account.member, key, _why(account, name, posted, line), points)
            missing, step = missing + points, step + 1


def _earn(programme: Programme, account: Account, key: str, points: int, line: Line) -> Earn:
    earned = line.earned
    number = (earned.purchase.order.number or earned.purchase.order.external_id)[:60]
    return Earn(
        key,
        account.member,
        points,
        f"order {number}: {earned.rule or earned.tier}",
        outlook.active_from(programme, earned.day),
        outlook.ends(programme, earned.day),
    )


def _join_gift(
    programme: Programme, account: Account, book: Mapping[str, Posted]
) -> Iterator[Earn]:
    """Once for each number that joined while the programme was on."""
    day, name = account.person.joined, tag(JOINED)
    began = programme.since is None or (day is not None and programme.since <= day)
    if programme.join_gift and day and began and name not in book:
        key = _key(programme, account, name, 1)
        end = outlook.ends(programme, day)
        yield Earn(key, account.member, programme.join_gift, "joined", None, end)


def _read(kept: Iterable[Kept]) -> dict[str, Posted]:
    """What our own keys say, by line; what people posted by hand stands beside it."""
    book: dict[str, Posted] = defaultdict(Posted)
    for each in kept:
        parts = each.key.split("/")
        if len(parts) != _PARTS:
            continue
        posted = book[parts[1]]
        posted.steps += 1
        if each.kind == "earn":
            posted.earned[each.key] = posted.left[each.key] = each.points
            posted.version = parts[3]
            posted.called = each.reason.partition(":")[0]
        elif each.of in posted.left:
            posted.left[each.of] -= each.points
    return dict(book)


_PARTS = 5


def _key(programme: Programme, account: Account, name: str, step: int) -> str:
    unit = account.member.programme
    return f"{unit}/{name}/{_whose(account)}/{programme.version}/{step}"


def _whose(account: Account) -> str:
    return _short(account.member.member_no, 12)


def _short(text: str, length: int) -> str:
    return sha256(text.encode()).hexdigest()[:length]


def _why(account: Account, name: str, posted: Posted, line: Line | None) -> str:
    if line is not None:
        order = line.earned.purchase.order
        return f"order {(order.number or order.external_id)[:60]}: came back, or counted anew"
    state = next((each.order.state for each in account.person.purchases if _has(each, name)), None)
    if state is None:
        return f"{posted.called}: no longer a purchase of this member"
    return f"{posted.called}: {'counts no more' if state in SETTLED else state}"


def _has(purchase: Purchase, name: str) -> bool:
    """Whether a line of that name is of this order."""
    return name in (tag((*purchase.key, line.line_id)) for line in purchase.order.lines)
