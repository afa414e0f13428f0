"""
Which part of a name is the family name, when its source does not say or says it wrongly.

Both readings of the order are weighed: the share of people with such a family name, times whether
the rest is a given name of the tables.
"""

import re
import unicodedata
from functools import lru_cache

from tokui.identity.normalise import readings
from tokui.identity.normalise.sounds import sound

SOUNDED = re.compile(r"[ぁ-ゖー]+|[a-zß-öø-ÿ\u0100-\u024f\u1e00-\u1eff'’.-]+")
"""Folded text that says how it sounds: kana, or Latin letters."""

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_BESIDE = re.compile(r"[(\[【〔<《{].*?[)\]】〕>》}]")
_SEPARATORS = re.compile(r"[\s・･,、，=＝]+")
_REMARK = re.compile(r"(?<=\S)\s*[@|/].*")
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])")  # YamadaTaro, YAMADATaro
_DECORATION = re.compile(r"[^\w\s・,'’.-]+")
_TITLES = re.compile(r"(?:様|さま|さん|殿|氏|先生|ちゃん|くん|君)")
_TITLED = re.compile(r"(?<=\S)(?:様|さま|殿)$")
_NO_NAME = re.compile(r".*(?:家|屋|店|会|社|院|堂|園|様|殿|氏|業|館|課|部)")

_RARE_FAMILY = 2e-7  # share of a family name that no table holds
_STRANGE_GIVEN = 0.05  # chance that a given name is in no table
_WRONG_WAY = 100.0  # the odds at which a source's own order is not believed
_KNOWN_KANA = 2e-5  # share from which a family name is looked for in kana without a blank
_LEAST_WHOLE = 3  # a family name of two characters that no table holds is commoner than 森薫
_SPELLINGS = 20  # a given name that can be written in so many ways is a common one


@lru_cache(maxsize=8192)
def _as_family(text: str) -> float:
    if SOUNDED.fullmatch(text):
        return readings.sounds_family(sound(text)) or _RARE_FAMILY
    return readings.family_share(text) or _RARE_FAMILY


@lru_cache(maxsize=8192)
def _as_given(text: str) -> float:
    if SOUNDED.fullmatch(text):
        return min(1.0, max(_STRANGE_GIVEN, readings.sounds_given(sound(text)) / _SPELLINGS))
    return 1.0 if readings.given_readings(text) else _STRANGE_GIVEN


def odds_turned(family: str, given: str) -> float:
    """The odds that two folded parts are in the wrong order."""
    turned = _as_family(given) * _as_given(family)
    return turned / (_as_family(family) * _as_given(given))


@lru_cache(maxsize=8192)
def is_turned(family: str, given: str) -> bool:
    """Whether a source has the two parts in each other's field."""
    return odds_turned(family, given) > _WRONG_WAY


def readings_turned(family: str, given: str, family_kana: str, given_kana: str) -> bool:
    """Whether the readings stand in the other order than the kanji that they belong to."""
    left, right = sound(family_kana), sound(given_kana)
    of_family, of_given = _sounds(family), _sounds(given)
    straight = left in of_family or right in of_given
    return not straight and (right in of_family or left in of_given)


@lru_cache(maxsize=8192)
def _sounds(written: str) -> frozenset[str]:
    every = readings.family_readings(written) + readings.given_readings(written)
    return frozenset(map(sound, every))


def without_remarks(text: str) -> str:
    """A display name without what stands beside it: 太郎@仕事, 太郎 (営業)."""
    return _REMARK.sub("", _BESIDE.sub(" ", text)).strip()


def divide(text: str, *, part: bool = False) -> tuple[str, str] | None:
    """
    A whole name → folded family and given name; None when it is not one, as far as is known.

    Args:
        text: A display name, or a field.
        part: A family name or a given name alone is expected there, so that only what can be
            neither is cut where there is no blank.
    """
    plain = _TITLED.sub("", without_remarks(unicodedata.normalize("NFKC", text)))
    apart = _CAPITALS.sub(" ", _DECORATION.sub(" ", plain))
    words = [word for word in _SEPARATORS.split(apart) if word]
    parts = [readings.fold(word) for word in words if not _TITLES.fullmatch(word)]
    if len(parts) == 2:
        return _order(parts[0], parts[1], sure="," in plain)
    if len(parts) > 2:
        return _of_many(parts)
    return _cut(parts[0]) if parts and not (part and _is_part(parts[0])) else None


def _is_part(text: str) -> bool:
    """Whether it may be a family name or a given name by itself, however rare."""
    known = _as_family(text) > _RARE_FAMILY or _as_given(text) > _STRANGE_GIVEN
    return known or len(text) < _LEAST_WHOLE


def _order(first: str, second: str, *, sure: bool) -> tuple[str, str] | None:
    if sure:
        return first, second
    odds = odds_turned(first, second)
    family, given = (second, first) if odds > _limit(first, second) else (first, second)
    known = _as_family(family) > _RARE_FAMILY or _as_given(given) > _STRANGE_GIVEN
    return (family, given) if known else None


def _limit(first: str, second: str) -> float:
    """Japanese script puts the family name first; Latin letters do as they like."""
    return 1.0 if first.isascii() and second.isascii() else _WRONG_WAY


def _of_many(parts: list[str]) -> tuple[str, str] | None:
    """Middle names go with the given name; 山 田 太 郎 is one name spaced out."""
    if not all(SOUNDED.fullmatch(part) for part in parts):
        return _cut("".join(parts))
    first = _order(parts[0], "".join(parts[1:]), sure=False)
    last = _order(parts[-1], "".join(parts[:-1]), sure=False)
    return max(filter(None, (first, last)), key=lambda pair: _as_family(pair[0]), default=None)


@lru_cache(maxsize=8192)
def _cut(text: str) -> tuple[str, str] | None:
    """A whole name without a blank."""
    if text.isascii() or _as_family(text) > _KNOWN_KANA or _as_given(text) > _STRANGE_GIVEN:
        return None
    pairs = ((text[:end], text[end:]) for end in range(1, len(text)))
    likely = [(_as_family(one) * _as_given(two), one, two) for one, two in pairs if _fit(one, two)]
    return max(likely)[1:] if likely else _cut_turned(text)


def _cut_turned(text: str) -> tuple[str, str] | None:
    """太郎山田: only where the tables know both parts."""
    if len(text) < 4 or SOUNDED.fullmatch(text):
        return None
    pairs = ((text[end:], text[:end]) for end in range(1, len(text) - 1))
    known = [
        (_as_family(one), one, two)
        for one, two in pairs
        if _as_family(one) > _KNOWN_KANA and _as_given(two) > _STRANGE_GIVEN
    ]
    return max(known)[1:] if known else None


def _fit(family: str, given: str) -> bool:
    if SOUNDED.fullmatch(family + given):
        return (
            min(len(family), len(given)) > 1
            and _as_family(family) > _KNOWN_KANA
            and _as_given(given) > _STRANGE_GIVEN
        )
    if _as_family(family) <= _RARE_FAMILY or SOUNDED.fullmatch(family):
        return False
    if _as_given(given) > _STRANGE_GIVEN:
        return True
    whole = len(family) > 1 and 2 <= len(given) <= 3 and _HAN.fullmatch(given)
    return bool(whole) and not _NO_NAME.fullmatch(given)
