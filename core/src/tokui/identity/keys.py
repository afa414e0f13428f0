"""
Under which keys candidates for matching are found, beside equal identifiers. Pure.

Two customers are only ever compared if they share an identifier or one of these keys, and a key that
many share is not followed: so the cost of a match does not grow with the number of customers.
"""

from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from tokui.identity.features import NONE, Features
from tokui.identity.normalise.sounds import sound
from tokui.identity.numbers import TAIL

MAX_READINGS = 3
"""Possible readings of a given name that get keys."""

MAX_FAMILY_READINGS = 2


def match_keys(features: Features) -> set[int]:
    """
    64-bit hashes; nothing can be read from them.

    The upper half is of the place, day or name that a key is about, the lower half of what goes with
    it: a customer's keys stand together in the index, and few of its pages are written for each.
    """
    if features is NONE:
        return set()
    names = features.names
    given, family = names.given.sound[:MAX_READINGS], names.family.sound[:MAX_FAMILY_READINGS]
    found = set()
    for each in given:
        for other in family:  # in no order: some sources take one for the other
            first, second = (each, other) if each < other else (other, each)
            found.add((_half(f"name\0{first}") << 32 | _half(second)) - 2**63)
    called = {*given, *family} or {sound(names.nick)} - {""}
    anchors = _anchors(features)
    for anchor in anchors:
        upper, day = (_half(anchor) << 32) - 2**63, anchor.startswith("birthday")
        found.update([upper | _half(each[0] if day else each) for each in called])
    if len(anchors) > 1:
        found.update(_key(*both) for both in combinations(anchors, 2))
    for series, numbers in features.numbers.items():
        if not series.startswith(("email:", "phone:")):  # the end is what some tills print alone
            found.update(
                _key(f"tail\0{each[-TAIL:]}", series) for each in numbers if len(each) >= TAIL
            )
    return found


def _key(about: str, more: str) -> int:
    return (_half(about) << 32 | _half(more)) - 2**63


@lru_cache(maxsize=8192)
def _half(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=4).digest(), "big")


def _anchors(features: Features) -> list[str]:
    """What many strangers share, and few of one name; in order."""
    found = {f"postal\0{each[0]}" if each[0] else f"town\0{each[1]}" for each in features.places}
    if len(features.birthday) == len("1985-04-12"):
        found.add(f"birthday\0{features.birthday}")
    return sorted(found)
