"""
Under which keys candidates for matching are found, beside equal identifiers. Pure.

Two customers are only ever compared if they share an identifier or one of these keys, and a key that
many share is not followed: so the cost of a match does not grow with the number of customers.
"""

from collections.abc import Iterator
from itertools import combinations

from tokui.identity.features import Features
from tokui.identity.match import TAIL
from tokui.identity.normalise.sounds import sound
from tokui.store.entry import hash64

MAX_READINGS = 3
"""Possible readings of a given name that get keys."""

MAX_FAMILY_READINGS = 2


def match_keys(features: Features) -> set[int]:
    """64-bit hashes; nothing can be read from them."""
    return {hash64("\0".join(key).encode(errors="replace")) for key in _keys(features)}


def _keys(features: Features) -> Iterator[tuple[str, ...]]:
    given = features.names.given.sound[:MAX_READINGS]
    family = features.names.family.sound[:MAX_FAMILY_READINGS]
    for each in given:  # in no order: some sources take one for the other
        yield from (("name", *sorted((other, each))) for other in family)
    called = {*given, *family} or {sound(features.names.nick)} - {""}
    anchors = list(_anchors(features))
    for what, value in anchors:
        yield from ((what, value, each if what != "birthday" else each[0]) for each in called)
    yield from ((*one, *other) for one, other in combinations(anchors, 2))
    yield from _tails(features)


def _anchors(features: Features) -> Iterator[tuple[str, str]]:
    """What many strangers share, and few of one name."""
    if len(features.birthday) == len("1985-04-12"):
        yield "birthday", features.birthday
    for each in features.places:
        yield ("postal", each.postal) if each.postal else ("town", each.town)


def _tails(features: Features) -> Iterator[tuple[str, str, str]]:
    """The end of a member number, which some tills print alone."""
    for series, keys in features.numbers.items():
        if not series.startswith(("email:", "phone:")):
            yield from (("tail", series, key[-TAIL:]) for key in keys if len(key) >= TAIL)
