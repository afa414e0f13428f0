"""How alike two parts of two customers are. Pure."""

import re
from collections.abc import Sequence
from itertools import product

from rapidfuzz.distance import OSA

from tokui.identity.normalise.names import Part
from tokui.identity.normalise.place import Place
from tokui.identity.normalise.readings import given_readings, sounds_family, sounds_given
from tokui.identity.normalise.sounds import sound

MIN_NEAR = 4
"""Letters of a name or number below which a slip of one letter makes another one."""

MIN_NEAR_KANA = 5
"""The same of Japanese names, of which many differ in one sound: ゆき and ゆか."""

MIN_TWICE = 7

MIN_NICK = 3

_NUMBER = re.compile(r"\d+")
_ENDS_CITY = tuple("市区町村郡 ")
_CITY = re.compile(r"[^市区町村]{1,6}市?[市区町村](?:[^市区町村]{1,4}区)?")
_FONDLY = re.compile(r"(?<=\w\w)(?:ちゃん|くん|さん)$")

ALIKE = 0.75
"""Share of an address's letters that stay, however it is mistyped."""


def parts(one: Part, other: Part) -> str | None:
    """
    Compare a part of two names.

    Returns `same` (as written, or the stated reading), `reading` (one is written, the other's reading
    fits it), `sound` (romanised), `near` (a slip), `rhyme` (it may be one, but both are names in use),
    `part` (a possible reading in common, one way of writing with two readings, or a first name and
    the same with a middle name), `character` (in common, as siblings often have),
    `unlike` (readings that the table does not bring together), `differ`; None when nothing can be said.
    """
    if one.written and other.written:
        return _both_written(one, other)
    if _meet(one.kana, other.kana):
        return "same" if one.stated and other.stated else "reading"
    if not (one.sound and other.sound):
        return None
    if _meet(one.sound, other.sound):
        return "sound"
    if likeness := _slip(one, other):
        return likeness
    if not (one.stated and other.stated):
        return "unlike"
    return "part" if _goes_on(one, other) else "differ"


def _both_written(one: Part, other: Part) -> str:
    sounds_meet = _meet(one.sound, other.sound)
    if one.written == other.written:
        apart = one.stated and other.stated and not sounds_meet
        return "part" if apart and not _slip(one, other) else "same"
    if one.stated and other.stated and _meet(one.kana, other.kana):
        return "reading"  # a homophone: the same reading in other characters
    if sounds_meet:
        return "part"
    if _meet(one.written, other.written):
        return "character"
    return "near" if _slip(one, other) == "near" else "differ"


# Asked of millions of pairs, of which nearly all have one or two readings: plain loops are the fastest.


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    for each in one:  # noqa: SIM110
        if each in other:
            return True
    return False


def _slip(one: Part, other: Part) -> str | None:
    """`near`, or `rhyme` where each sound is a name in use: siblings' names are as alike as slips."""
    least = MIN_NEAR_KANA if one.kana or other.kana else MIN_NEAR
    likeness = None
    for mine in one.sound:
        if len(mine) >= least:
            for theirs in other.sound:
                if len(theirs) >= least and slipped(mine, theirs):
                    if not (sounds_given(mine) and sounds_given(theirs)):
                        return "near"
                    likeness = "rhyme"
    return likeness


def _goes_on(one: Part, other: Part) -> bool:
    """Is one the other with more words, as far as sounds show them: Maria, Maria Aparecida?"""
    for short, long in (sorted(both, key=len) for both in product(one.sound, other.sound)):
        more = len(short) >= MIN_NICK and len(long) >= len(short) + MIN_NICK
        if more and (long.startswith(short) or long.endswith(short)):
            return not (sounds_given(long) or sounds_family(long))
    return False


def slipped(one: str, other: str) -> bool:
    """Is one a mistyped other: one slip from four letters on, two from seven?"""
    shorter, longer = len(one), len(other)
    if shorter > longer:
        shorter, longer = longer, shorter
    allowed = 0 if shorter < MIN_NEAR else 1 if shorter < MIN_TWICE else 2
    if longer - shorter > allowed or not allowed:
        return False
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def nicknames(nick: str, given: Part) -> str | None:
    """Compare a nickname with a given name: `same`, `part`, `differ`, or None."""
    if not (given.written or given.sound):
        return None
    nick = _FONDLY.sub("", nick)
    if nick == given.written:
        return "same"
    heard = sound(nick)
    sounds = (heard,) if heard else tuple(map(sound, given_readings(nick)))
    if _meet(sounds, given.sound):
        return "same"
    if any(_begins(*both) for both in product(sounds, given.sound)):
        return "part"
    return "differ" if sounds and given.sound else None


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= MIN_NICK and (
        one.startswith(other) or other.startswith(one)
    )


def birthdays(one: str, other: str) -> str:
    """Compare two birthdays as written by `PartialDate`; both are known."""
    if one == other:
        return "birthday.same" if one.count("-") == 2 and one[0] != "-" else "birthday.day"
    left, right = one.split("-"), other.split("-")
    if one.startswith("--") or other.startswith("--"):
        return "birthday.day" if one[-5:] == other[-5:] else "birthday.differ"
    if len(left) != len(right):
        shorter = min(len(left), len(right))
        return "birthday.near" if left[:shorter] == right[:shorter] else "birthday.differ"
    turned = left[0] == right[0] and left[1:] == right[:0:-1]
    slip = OSA.distance("".join(left), "".join(right), score_cutoff=1) <= 1
    return "birthday.near" if turned or slip else "birthday.differ"


def towns(one: Place, other: Place) -> str | None:
    """
    Compare two addresses.

    None when one has but a postal code and the other but a town, or both no more than a city, or what
    is no town (不明).
    """
    if one.town and other.town:
        if _same_town(one.town, other.town):
            short = min(one.town, other.town, key=len)
            if short[-1].isdigit() or any(map(str.isdigit, short)):
                return "address.same"
            near = (one.postal and one.postal == other.postal) or _is_quarter(short)
            return "postal.same" if near else None
        if _near(one.town, other.town):
            return "address.near"
        return "postal.same" if one.postal and one.postal == other.postal else "address.differ"
    if one.postal and other.postal:
        return "postal.same" if one.postal == other.postal else "address.differ"
    return None


def _near(one: str, other: str) -> bool:
    """The same numbers in a street or town that is spelt a little differently: next door is not near."""
    numbers = _NUMBER.findall(one)
    if not numbers or numbers != _NUMBER.findall(other):
        return False
    return OSA.normalized_similarity(one, other, score_cutoff=ALIKE) >= ALIKE


def _same_town(one: str, other: str) -> bool:
    """Equal, or one of them leaves out the city."""
    if one == other:
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    before = long[: -len(short)]
    return long.endswith(short) and before[-1:] in _ENDS_CITY and not short[0].isdigit()


def _is_quarter(town: str) -> bool:
    """Is it a part of a city? Elsewhere than in Japan, nobody can say."""
    return town.isascii() or (any(map(town.__contains__, "市区町村")) and not _CITY.fullmatch(town))
