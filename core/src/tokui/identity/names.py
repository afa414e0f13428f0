"""
Under which keys people are found by name, and where a query looks for them. Pure.

A key is text as written (`佐藤彩`, kana in hiragana), a sound (`~sato aya`), which romaji and kana share,
or the end of a phone number (`#1234`). Each costs a row of every customer, so there are few: the whole
name as written; the whole name as sounded; the given name, sounded, with its characters (`~aya 彩`);
and the kana where the sound has lost a long vowel (さとう), as kana are looked up by their beginning.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from tokui.identity.features import NONE, Features
from tokui.identity.normalise.divide import SOUNDED
from tokui.identity.normalise.names import Names, Part, read
from tokui.identity.normalise.readings import (
    family_readings,
    fold,
    given_readings,
    sounds_family,
)
from tokui.identity.normalise.sounds import sound
from tokui.model import Customer, PersonName

MAX_KEY = 200
"""Characters of a name that are searched; an index takes no key of any length."""

MOST_GIVEN = 2
"""Possible readings of a given name that get keys, where the source states none."""

MOST_HEARD = 3
"""Possible readings of a part of a query that are looked for."""

_LONG = re.compile(
    "[おこそとのほもよろごぞどぼぽょをうくすつぬふむゆるぐずぶぷゅ]う"
    "|[おこそとのほもよろごぞどぼぽょを]お|ー"
)


def search_keys(customer: Customer, features: Features) -> set[str]:
    """
    What a customer is found by, besides identifiers.

    Args:
        customer: The record.
        features: What matching sees of it; `NONE` where it is not linked, but found by name.
    """
    found = {*_of_name(read(customer.name) if features is NONE else features.names)}
    for series, keys in features.numbers.items():
        if series.startswith("phone:"):
            found.update(f"#{key[-4:]}" for key in keys)
    return found


@lru_cache(maxsize=8192)
def _of_name(names: Names) -> frozenset[str]:
    return frozenset(key[:MAX_KEY] for key in _texts(names) + _sounds(names))


def looks(query: str) -> tuple[Sequence[str], Sequence[str]]:
    """Whole keys to look for, and beginnings of keys: the likeliest first."""
    query = query[:MAX_KEY]
    query = "".join(sign for sign in query if unicodedata.category(sign) != "So")  # めぐ♪
    text = fold(query)
    words = [fold(word) for word in query.split()]
    if not text:
        return (), ()
    if re.fullmatch("[0-9]{4}", text):
        return (text, f"#{text}"), (text,)
    if not all(map(SOUNDED.fullmatch, words)):
        whole = [*_heard(query), *_given_alone(text)]
        starts = [*whole, *(f"~{each} " for each in map(sound, family_readings(text)))]
    elif len(words) > 1:
        whole = starts = list(_two(sound(words[0]), sound("".join(words[1:]))))
    else:
        heard = sound(text)
        whole = [f"~{heard}", *_divided(text)]
        starts = [*_divided(text), f"~{heard} ", f"~{heard}"] if heard else []
    return _distinct(text, *whole), _distinct(text, *starts)


def _texts(names: Names) -> list[str]:
    family, given, nick = names
    found = [_text(family) + _text(given)] if family.written or given.written else []
    kana = (family.kana[0] if family.kana else "") + (given.kana[0] if given.kana else "")
    if _LONG.search(kana):
        found.append(kana)
    if nick and not SOUNDED.fullmatch(nick):
        found.append(nick)
    return found


def _text(part: Part) -> str:
    return part.written or (part.kana[0] if part.stated and part.kana else "")


def _sounds(names: Names) -> list[str]:
    family, given, nick = names
    found = []
    if given.sound:
        found.append(_sounded(given.sound[0], given.written))
        found += [f"~{family.sound[0]} {each}" for each in given.sound[:MOST_GIVEN] if family.sound]
    elif family.sound:
        found.append(f"~{family.sound[0]}")
    if nick and SOUNDED.fullmatch(nick) and (heard := sound(nick)):
        found.append(f"~{heard}")
    return found


def _sounded(one: str, other: str) -> str:
    return f"~{one} {other}" if other else f"~{one}"


def _heard(query: str) -> Iterator[str]:
    """A name in characters, as it may be read."""
    family, given, _ = read(PersonName(display=query))
    if family.sound and given.sound:
        pairs = product(family.sound[:MOST_HEARD], given.sound[:MOST_HEARD])
        yield from (f"~{one} {other}" for one, other in pairs)


def _given_alone(text: str) -> Iterator[str]:
    return (_sounded(sound(each), text) for each in given_readings(text))


def _two(one: str, other: str) -> Iterator[str]:
    """Family and given name, in either order."""
    if one and other:
        yield f"~{one} {other}"
        yield f"~{other} {one}"


def _divided(text: str) -> Iterator[str]:
    """A whole name without a blank: every family name that it may begin with."""
    for at in range(len(text) - 1, 0, -1):
        family, given = sound(text[:at]), sound(text[at:])
        if family and given and sounds_family(family):
            yield f"~{family} {given}"


def _distinct(*keys: str) -> list[str]:
    return [key[:MAX_KEY] for key in dict.fromkeys(keys) if key.strip("~ ")]
