"""
Keys of what a programme posts: `unit/line/member/version/step`.

A line is named by its order's mark and then its own, so that what stands of an order is found by how
keys begin, on whoever's account. `own` behind the step: the buyer's record bore the number itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from tokui.connector import Kept, Member, order_mark

from tokui_points.facts import Spot

JOINED = "joined"
"""In the place of a line: the gift for joining."""

LINES = 4_096
"""Whose tags are remembered, for as long as one person is looked at."""

_ORDER, _LINE, _WHOSE = 20, 12, 12
_OWN = "own"
_OF_LINE = re.compile(
    rf"[^/]+/({JOINED}|[0-9a-f]{{{_ORDER + _LINE}}})/[0-9a-f]{{{_WHOSE}}}/[0-9a-f]{{8}}/\d+({_OWN})?"
)
_OF_DEED = re.compile(rf"[^/]+/(slid|moved|replaced)/[0-9a-f]{{{_WHOSE}}}/[0-9a-z-]+")


@dataclass(slots=True)
class Posted:
    """
    What was posted for one line on one account.

    Attributes:
        steps: How many transfers; the next one has the number after it.
        earned: Points of each earning, and what of it was not taken back, by key.
        full: The most that ever stood, with what somebody took back.
        version: Of the programme that earned first.
        called: What earned, as its reason says.
        rule: By which rule, or at which tier's rate, it earned last.
        own: The buyer's record bore the account's number when it earned.
        by_hand: Points that somebody took back; the line does not get them again.
    """

    steps: int = 0
    earned: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    full: int = 0
    version: str = ""
    called: str = ""
    rule: str = ""
    own: bool = False
    by_hand: int = 0

    @property
    def points(self) -> int:
        """What stands."""
        return sum(self.left.values())

    @property
    def most(self) -> int:
        """What the line may have, after what somebody took back."""
        return self.full - self.by_hand


def key(unit: str, line: str, member: Member, version: str, step: int, *, own: bool = False) -> str:
    """Of one step of a line."""
    return f"{unit}/{line}/{whose(member)}/{version}/{step}{_OWN if own else ''}"


def read(kept: Iterable[Kept]) -> dict[str, Posted]:
    """What such keys say, by line, and what people took back of it; what they gave stands beside it."""
    book: dict[str, Posted] = defaultdict(Posted)
    for each in kept:
        line = line_of(each.key)
        if line:
            book[line].steps += 1
        if line and each.kind == "earn":
            posted = book[line]
            posted.earned[each.key] = posted.left[each.key] = each.points
            posted.version = posted.version or each.key.split("/")[3]
            posted.own = each.key.endswith(_OWN)
            posted.full = max(posted.full, posted.points + posted.by_hand)
            posted.called, _, posted.rule = each.reason.rpartition(": ")
        elif each.kind == "reverse" and each.of and (of := line_of(each.of)):
            posted = book[of]
            posted.left[each.of] = posted.left.get(each.of, 0) - each.points
            posted.by_hand += 0 if line else each.points
    return dict(book)


def line_of(key: str) -> str:
    """The line that a key is of; empty where it is none of ours, as people name theirs as they like."""
    found = _OF_LINE.fullmatch(key)
    return found[1] if found else ""


def deed_of(key: str) -> str:
    """What a programme did by itself beside lines: `slid`, `moved` or `replaced`; empty for all else."""
    found = _OF_DEED.fullmatch(key)
    return found[1] if found else ""


def order_tag(order: tuple[str, str]) -> str:
    """Stands for an order."""
    return order_mark(*order)


@lru_cache(maxsize=LINES)
def tag(spot: Spot) -> str:
    """Stands for a line; it begins as its order does."""
    return order_tag(spot[:2]) + short(spot[2], _LINE)


def order_of(line: str) -> str:
    """The order's part of a line's tag."""
    return line[:_ORDER]


def whose(member: Member) -> str:
    """Stands for a member: numbers are personal, and keys are not."""
    return short(member.member_no, _WHOSE)


def short(text: str, length: int) -> str:
    """So many digits that stand for a text."""
    return sha256(text.encode()).hexdigest()[:length]
