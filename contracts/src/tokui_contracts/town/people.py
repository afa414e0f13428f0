"""
Who lives in the town.

Addresses end in `example.com` and the like, but for the forms that DoCoMo gave out long ago and no
longer does; phone numbers have the shape of real ones and belong to nobody by intent.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tokui_contracts.town.dice import Dice
from tokui_contracts.town.names import FAMILY, MEN, WOMEN, Name
from tokui_contracts.town.places import BUILDINGS, QUARTERS, Address

BLOCK = 4
"""Neighbours who may be families: persons 0-3, 4-7, …"""

_FAMILIES = ((1, 1, 1, 1), (1, 1, 2), (1, 1, 1, 1), (2, 1, 1), (2, 2), (3, 1), (1, 3), (4,))
_MAIL = ("example.com", "mail.example.com", "example.jp", "example.net", "post.example.org")


@dataclass(frozen=True, slots=True)
class Household:
    """
    People under one roof.

    Attributes:
        first: Number of its head.
        members: How many, numbered from the head on.
        landline: National digits, shared.
        email: The family mailbox.
    """

    first: int
    members: int
    family: Name
    address: Address
    landline: str
    email: str


@dataclass(frozen=True, slots=True)
class Person:
    """
    A person, as only the town knows all of it.

    Attributes:
        number: From 0; the ground truth's name of the person.
        born_as: The family name before a marriage; None for most.
        mobile: National digits, of nobody else.
        email: Of nobody else.
        second_email: Of nobody else.
        line_user_id: None for those who are no friend of the shop on LINE.
        earlier: The address before the last move; None for most.
    """

    number: int
    household: Household
    family: Name
    given: Name
    born_as: Name | None
    birthday: date
    mobile: str
    email: str
    second_email: str
    line_user_id: str | None
    earlier: Address | None

    @property
    def is_woman(self) -> bool:
        """By the given name."""
        return self.given in WOMEN

    @property
    def display(self) -> str:
        """As written in Japan."""
        return f"{self.family.kanji} {self.given.kanji}"


def _address(dice: Dice) -> Address:
    block = f"{dice.between(1, 6)}-{dice.between(1, 28)}-{dice.between(1, 19)}"
    if dice.chance(0.45):
        return Address(dice.pick(QUARTERS), block, "")
    floor, room = dice.between(1, 12), dice.between(1, 8)
    return Address(dice.pick(QUARTERS), block, f"{dice.pick(BUILDINGS)}{floor}{room:02d}")


def mobile(number: int) -> str:
    """The mobile phone of a person, national digits; two persons never have the same."""
    return f"0{7 + number % 3}0{10_000_000 + number * 7_654_321 % 89_999_999:08d}"


def household(seed: int, size: int, number: int) -> Household:
    """The household that a person belongs to."""
    block = number // BLOCK * BLOCK
    first = block
    for members in Dice(seed, "block", block).pick(_FAMILIES):
        if number < first + members:
            break
        first += members
    dice = Dice(seed, "home", first)
    family, address = dice.common(FAMILY), _address(dice)
    landline = f"{address.quarter.exchange}{first * 7919 % 100_000:05d}"
    mailbox = f"{family.latin.lower()}-family.{first:x}@{dice.pick(_MAIL)}"
    members = min(members, size - first)
    return Household(first, members, family, address, landline, mailbox)


def _born(dice: Dice, rank: int, today: date) -> date:
    """Parents come first in a household, children after."""
    years = dice.between(22, 78) if rank < 2 else dice.between(15, 34)
    return today - timedelta(days=years * 365 + dice.between(0, 364))


def _email(dice: Dice, family: Name, given: Name, number: int, mark: str) -> str:
    names = (given.latin.lower(), family.latin.lower())
    if dice.chance(0.02):
        return f"{names[0]}..{mark}{number:x}.@docomo.ne.jp"
    joined = dice.pick((".", "_", "-")).join(names if dice.chance(0.7) else names[::-1])
    return f"{joined}.{mark}{number:x}@{dice.pick(_MAIL)}"


def person(seed: int, size: int, number: int, today: date) -> Person:
    """The person of this number, made from nothing else."""
    home = household(seed, size, number)
    dice = Dice(seed, "person", number)
    rank = number - home.first
    names = WOMEN if (dice.random() < 0.55) != (rank == 1) else MEN
    given = dice.common(names[rank % BLOCK :: BLOCK])  # no two of a household have the same
    married = home.members > 1 and rank < 2 and dice.chance(0.12)
    line = f"U{dice.getrandbits(128):032x}" if dice.chance(0.3) else None
    return Person(
        number=number,
        household=home,
        family=home.family,
        given=given,
        born_as=dice.common(FAMILY) if married else None,
        birthday=_born(dice, rank, today),
        mobile=mobile(number),
        email=_email(dice, home.family, given, number, "a"),
        second_email=_email(dice, home.family, given, number, "b"),
        line_user_id=line,
        earlier=_address(dice) if dice.chance(0.1) else None,
    )
