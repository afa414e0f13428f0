"""
How often an offer was used, as units in the books. Pure: what stands there is an argument.

Each record of a person has an account of the unit `offer.NAME`. A use takes from one of them, in the
same transaction in which it has been given what the person has left, and in which all that the others
had left was taken from them. So uses belong to the record that made them, and are counted together for
as long as the records are one person's; and whoever planned on what is no longer so is refused.

What is left in all is an account of the shop's own, of the unit `offer.NAME.total`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

from tokui.connector import Balance, Earn, Kept, Member, Redeem, Reverse, Transfer
from tokui.errors import NotEnough

from tokui_points.offers.audience import Left

WHO = "offers"


class Record(NamedTuple):
    """A record of a person: connection, and id there."""

    connection: str
    external_id: str


class Shop(NamedTuple):
    """The shop's own accounts of an offer: what was ever allotted in all, and what is left of it."""

    allotted: Member
    left: Member


@dataclass(slots=True)
class Tally:
    """
    What stands on one account.

    Attributes:
        steps: How often something was allotted or taken away; the next time has the number after it.
        allotted: By key, what of it was not taken away.
        uses: By key, what of it was not given back.
    """

    member: Member
    steps: int = 0
    allotted: dict[str, int] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    @property
    def granted(self) -> int:
        """All that was allotted, used or not."""
        return sum(self.allotted.values())

    @property
    def used(self) -> int:
        """All that was used."""
        return sum(self.uses.values())


def unit(name: str, year: int | None = None) -> str:
    """What is counted; a birthday's benefit by the year of the birthday."""
    return f"offer.{name}.{year}" if year else f"offer.{name}"


def account(of: str, record: Record) -> Member:
    """The account of a record; its holder says nothing of whose it is."""
    return Member(of, tag(record))


def shop(of: str) -> Shop:
    """The shop's own accounts."""
    return Shop(Member(f"{of}.total", "allotted"), Member(f"{of}.total", "left"))


def tag(value: Sequence[str] | str) -> str:
    """Stands for ids of any length in keys and accounts."""
    return sha256(json.dumps(value, ensure_ascii=True).encode()).hexdigest()[:32]


def use_key(of: str, key: str) -> str:
    """The key of a use in the books."""
    return f"{of}/use/{tag(key)}"


def tally(member: Member, kept: Iterable[Kept]) -> Tally:
    """Read an account."""
    found = Tally(member)
    for each in kept:
        if each.kind == "earn":
            found.allotted[each.key] = each.points
            found.steps += 1
        elif each.kind == "redeem":
            found.uses[each.key] = each.points
        elif each.of in found.allotted:
            found.allotted[each.of] -= each.points
            found.steps += 1
        elif each.of in found.uses:
            found.uses[each.of] -= each.points
    return found


def left(per_person: int, total: int | None, own: Iterable[Tally], in_all: int) -> Left:
    """
    How often it can still be used.

    Args:
        per_person: The quota of a person; 0 is none.
        total: That in all.
        own: The accounts of all records of the person.
        in_all: How often it was used, whoever did.
    """
    mine = max(0, per_person - sum(each.used for each in own)) if per_person else None
    return Left(mine, None if total is None else max(0, total - in_all))


def use(key: str, member: Member, pieces: int, why: str) -> Redeem:
    """A use itself."""
    return Redeem(key, member, pieces, why)


def using(
    key: str, pieces: int, per_person: int, own: Sequence[Tally], at: int, why: str
) -> Iterator[Transfer]:
    """
    Use an offer.

    Args:
        key: Of the use, in the books.
        pieces: So many.
        per_person: The quota of a person; 0 is none.
        own: The accounts of all records of the person.
        at: Which of them uses it.
        why: Shown to staff.

    Raises:
        NotEnough: So many are not left for them.
    """
    mine, others = own[at], [each for number, each in enumerate(own) if number != at]
    elsewhere = sum(each.used for each in others)
    if per_person and elsewhere + mine.used + pieces > per_person:
        raise NotEnough("they used it as often as they may", who=WHO)
    for each in others:
        yield from _shut(each)
    yield from bring(mine, per_person - elsewhere if per_person else mine.used + pieces)
    yield use(key, mine.member, pieces, why)


def using_in_all(
    key: str, pieces: int, total: int, of: Shop, allotted: Tally, there: Balance, why: str
) -> Iterator[Transfer]:
    """
    Take a use from what is left in all.

    Args:
        key: Of the use, in the books.
        pieces: So many.
        total: The quota in all.
        of: The shop's accounts.
        allotted: What stands on the first of them.
        there: What stands on the other: it has a line for each use, which nobody needs to read.
        why: Shown to staff.

    Raises:
        NotEnough: So many are not left in all.
    """
    used = allotted.granted - there.points
    if used + pieces > total:
        raise NotEnough("all that there were are used", who=WHO)
    for step in bring(allotted, total):
        yield step
        yield _twin(step, of.left)
    yield Redeem(f"{key}:total", of.left, pieces, why)


def giving_back(uses: Mapping[str, Member], why: str) -> Iterator[Reverse]:
    """Give back all that was moved for a use: by key, on whose account."""
    for each, member in uses.items():
        yield Reverse(f"{each}:back", member, each, why)


def bring(there: Tally, goal: int) -> Iterator[Earn | Reverse]:
    """Bring what is allotted to what should be; each step has its own key, and is never made twice."""
    missing, step = goal - there.granted, there.steps + 1
    if missing > 0:
        yield Earn(_step(there, step), there.member, missing, "allotted")
    for key, points in reversed(there.allotted.items()):
        if missing < 0 < points:
            less = min(points, -missing)
            back = _step(there, step)
            yield Reverse(back, there.member, key, "taken away", less, "refuse")
            missing, step = missing + less, step + 1


def _shut(there: Tally) -> Iterator[Transfer]:
    """
    Leave nothing to be used on an account.

    One that was never opened is opened first: whoever is about to use it alone must find that out.
    """
    if there.steps:
        yield from bring(there, there.used)
        return
    first, second = _step(there, 1), _step(there, 2)
    yield Earn(first, there.member, 1, "allotted")
    yield Reverse(second, there.member, first, "taken away", 1, "refuse")


def _step(there: Tally, number: int) -> str:
    return f"{there.member.programme}/{there.member.member_no}/{number}"


def _twin(step: Earn | Reverse, member: Member) -> Transfer:
    key = f"{step.key}:left"
    if isinstance(step, Reverse):
        return replace(step, key=key, member=member, of=f"{step.of}:left")
    return replace(step, key=key, member=member)
