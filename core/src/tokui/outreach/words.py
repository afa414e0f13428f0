"""
What a template can say of a person and of the shop.

    name        the whole name; .family .given .family_kana .given_kana .kana .display
    birthday    as 1985-04-12 or --04-12; .year .month .day
    language    BCP 47
    tags        all sources' labels
    today       the shop's day, as 2026-11-26; .year .month .day
    shop        its name; .postal_address .complaints, as [sender.LANGUAGE] of tokui.toml says

What is not known of a person is undefined: a template that says it all the same is refused, unless it
asks first (`{% if birthday is defined %}`) or has other words (`{{ name.given | default(name) }}`).
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from tokui.card import Profile
from tokui.identity.normalise.kanji import is_damaged
from tokui.model import PersonName, Sender

KNOWN = ("name", "birthday", "language", "tags", "today", "shop")
Words: TypeAlias = Mapping[str, object]


class Whole:
    """Something that has a text and parts; a part that is not known is not there."""

    def __init__(self, text: str, **parts: str | int | None) -> None:
        self._text = text
        for name, part in parts.items():
            known = _clean(part) if isinstance(part, str) else part
            if known is not None:
                setattr(self, name, known)

    def __str__(self) -> str:
        return self._text


def words(profile: Profile, language: str, sender: Sender | None, today: date) -> Words:
    """Everything that is known, under its name."""
    said = {
        "name": _name(profile.name.value) if profile.name else None,
        "birthday": _day(profile.birthday.value) if profile.birthday else None,
        "language": language,
        "tags": [tag for each in profile.tags if (tag := _clean(each.value))],
        "today": _day(today),
        "shop": Whole(sender.name, **dict(sender)) if sender else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _name(name: PersonName) -> Whole | None:
    """A name that lost a character on its way is not known: nobody is addressed by it."""
    whole = _clean(str(name) or name.kana)
    return Whole(whole, **dict(name), kana=name.kana) if whole else None


def _day(day: object) -> Whole:
    parts = {part: getattr(day, part) for part in ("year", "month", "day")}
    return Whole(str(day), **parts)


def _clean(text: str) -> str | None:
    """One line without control characters; None where nothing is left, or a character was lost."""
    plain = "".join(sign for sign in text if unicodedata.category(sign) != "Cc" or sign in "\t\n\r")
    return None if is_damaged(plain) else " ".join(plain.split()) or None
