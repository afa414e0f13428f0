"""
What can be seen of two customers, and what it is worth.

Weights are integers, thousandths of a natural logarithm, so that a sum is the same in any order. They
were set by hand for Japanese shops, and hold on sets with other rates of error than those that were
looked at (bench/RESULTS.md).
"""

from collections.abc import Mapping
from typing import NamedTuple


class Term(NamedTuple):
    """
    One reason.

    Attributes:
        code: What was seen; `explain` has a sentence for each.
        family: Weight against a member of the family.
        stranger: Weight against a stranger.
    """

    code: str
    family: int
    stranger: int


TERMS: Mapping[str, Term] = {
    code: Term(code, family, stranger)
    for code, family, stranger in (
        ("given.same", 4800, 5300),
        ("given.reading", 4000, 4800),
        ("given.sound", 4200, 5000),
        ("given.near", 1200, 3200),
        ("given.rhyme", -2800, 1200),
        ("given.part", -300, 1500),
        ("given.character", -4000, -2000),
        ("given.differ", -4200, -4200),
        ("given.unlike", -2900, -2000),
        ("nick.same", 3200, 4500),
        ("nick.part", 1300, 2000),
        ("nick.differ", -400, -400),
        ("mailbox.given", 2200, 3000),
        ("names.turned", 4000, 9000),
        ("family.near", 0, 2500),
        ("family.differ", 0, -3200),
        ("birthday.same", 5500, 9500),
        ("birthday.twins", 1500, 9500),
        ("birthday.day", 4500, 5500),
        ("birthday.near", 1400, 3500),
        ("birthday.differ", -4500, -4500),
        ("unique.same", 14000, 18000),
        ("unique.near", 2000, 5000),
        ("unique.differ", -2600, -2600),
        ("email.verified", 4000, 16000),
        ("email.same", 2600, 16000),
        ("email.differ", -800, -800),
        ("mobile.same", 800, 15000),
        ("mobile.differ", -900, -900),
        ("phone.verified", 2000, 15000),
        ("landline.same", 100, 12000),
        ("number.same", 2600, 16000),
        ("number.weak", 1000, 9000),
        ("number.tail", 2200, 12000),
        ("number.differ", -1800, -1800),
        ("shared.same", 0, 5000),
        ("sole.differ", -30000, -30000),
        ("address.same", 0, 9000),
        ("address.near", 0, 7500),
        ("postal.same", 0, 5500),
        ("address.differ", 0, -1900),
    )
}

CONTACT, HOME, GIVEN, BIRTHDAY = 1, 2, 4, 8
"""What two customers agree on. A unique number says as much as a number and a name."""

AGREES: Mapping[str, int] = {
    "unique.same": CONTACT | GIVEN,
    **dict.fromkeys(("email.verified", "email.same", "mobile.same", "phone.verified"), CONTACT),
    **dict.fromkeys(("landline.same", "number.same", "number.tail", "number.weak"), CONTACT),
    **dict.fromkeys(("given.same", "given.reading", "given.sound", "names.turned"), GIVEN),
    **dict.fromkeys(("birthday.same", "birthday.twins"), BIRTHDAY),
    **dict.fromkeys(("address.same", "address.near"), HOME),
}
