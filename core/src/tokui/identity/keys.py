"""
Under which keys candidates for matching are found, beside equal identifiers. Pure.

Two customers are only ever compared if they share an identifier or one of these keys, and a key that
many share is not followed: so the cost of a match does not grow with the number of customers.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

from tokui.identity.features import Features
from tokui.identity.normalise.names import Names
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
    named, called = _of_name(features.names)
    found = {*named}
    anchors = sorted(set(_anchors(features)))
    for anchor in anchors:
        day = anchor.startswith("birthday")
        found.update(_key(anchor, each[0] if day else each) for each in called)
    found.update(_key(*both) for both in combinations(anchors, 2))
    found.update(_key(*tail) for tail in _tails(features))
    return found


def _key(about: str, more: str) -> int:
    return (_half(about) << 32 | _half(more)) - 2**63


@lru_cache(maxsize=8192)
def _half(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=4).digest(), "big")


@lru_cache(maxsize=8192)
def _of_name(names: Names) -> tuple[frozenset[int], frozenset[str]]:
    """The keys of a name alone, and the sounds that go with what else is known of its bearer."""
    given, family = names.given.sound[:MAX_READINGS], names.family.sound[:MAX_FAMILY_READINGS]
    # In no order: some sources take one for the other.
    pairs = (sorted(pair) for pair in product(given, family))
    keys = frozenset(_key(f"name\0{first}", second) for first, second in pairs)
    return keys, frozenset({*given, *family} or {sound(names.nick)} - {""})


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
