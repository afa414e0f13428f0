"""
Under which keys candidates for matching are found, beside equal identifiers. Pure.

Two customers are only ever compared if they share an identifier or one of these keys, and a key that
many share is not followed: so the cost of a match does not grow with the number of customers.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from tokui.identity.features import Features
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
    return {(_half(about) << 32 | _half(more)) - 2**63 for about, more in _keys(features)}


@lru_cache(maxsize=8192)
def _half(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=4).digest(), "big")


def _keys(features: Features) -> Iterator[tuple[str, str]]:
    given = features.names.given.sound[:MAX_READINGS]
    family = features.names.family.sound[:MAX_FAMILY_READINGS]
    for each in given:  # in no order: some sources take one for the other
        for other in family:
            first, second = (each, other) if each < other else (other, each)
            yield f"name\0{first}", second
    called = {*given, *family} or {sound(features.names.nick)} - {""}
    anchors = sorted(set(_anchors(features)))
    for anchor in anchors:
        day = anchor.startswith("birthday")
        for each in called:
            yield anchor, each[0] if day else each
    yield from combinations(anchors, 2)
    yield from _tails(features)


def _anchors(features: Features) -> Iterator[str]:
    """What many strangers share, and few of one name."""
    for each in features.places:
        yield f"postal\0{each.postal}" if each.postal else f"town\0{each.town}"
    if len(features.birthday) == len("1985-04-12"):
        yield f"birthday\0{features.birthday}"


def _tails(features: Features) -> Iterator[tuple[str, str]]:
    """The end of a member number, which some tills print alone."""
    for series, keys in features.numbers.items():
        if not series.startswith(("email:", "phone:")):
            yield from ((f"tail\0{key[-TAIL:]}", series) for key in keys if len(key) >= TAIL)
