"""Names in parts: how each is written, and how it is read."""

import re
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from tokui.identity.normalise import readings
from tokui.identity.normalise.divide import (
    SOUNDED,
    divide,
    is_turned,
    readings_turned,
    without_remarks,
)
from tokui.identity.normalise.kanji import is_damaged
from tokui.identity.normalise.sounds import sound
from tokui.model import PersonName

# What is typed, or left behind, where nobody has a name: ゲスト様, 退会済みユーザー, 匿名 希望, a bare J.
_NOBODY = re.compile(
    r"(?:お?客|[ご御]?本人|げすと|てすと|匿名(?:希望)?|名無し?|ななし|非?会員|一般|店頭|ふりー|不明|その他"
    r"|未(?:登録|設定|入力|記入)|(?:退会|削除)(?:済み?)?|済み|株式会社|(?:お?名前|氏名|姓|名)?(?:なし|無し?)"
    r"|お?名前|氏名|姓|名|あ+|guest|test|user|customer|anonymous|unknown|none|null|undefined|dummy|sample"
    r"|[b-df-hj-np-tv-z]|aa+|xx+|zz+)(?:ゆーざー|会員|客|者|様|さま|さん|殿|user|\d+)*|様|さま|さん|殿|御中"
)
_MARKS = re.compile(r"[\W_]+")
_WRITTEN = itemgetter("family", "given", "family_kana", "given_kana", "display")
_MOST = 200  # characters of one field that are read


FOREIGN_SHARE = 0.002
"""Of a family name that is in no table because it is not Japanese."""


class Part(NamedTuple):
    """
    A family name or a given name.

    Attributes:
        written: In common kanji and hiragana, without blanks; empty where the source has only a
            reading (kana or Latin letters), or nothing.
        kana: Readings in hiragana, the likeliest first, at most four: what the source states, or
            what the table knows.
        sound: The readings, or the Latin letters, as sounds (`sounds.sound`).
        stated: The source wrote the reading; False when it is derived from kanji.
    """

    written: str = ""
    kana: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    stated: bool = False


class Names(NamedTuple):
    """
    What a source says that someone is called.

    Attributes:
        family: The family name.
        given: The given name.
        nick: A display name that is not the full name (LINE), folded, without decoration; what stands
            where nobody has a name, too.
    """

    family: Part = Part()
    given: Part = Part()
    nick: str = ""


class _Fields(NamedTuple):
    """The four fields, folded."""

    family: str
    given: str
    family_kana: str
    given_kana: str


def read(name: PersonName | None) -> Names:
    """Read a name; parts in each other's field are put right, and a whole name is divided."""
    if name is None:
        return Names()
    return _read(*_WRITTEN(vars(name)))


def surname_share(part: Part) -> float:
    """
    Share of people with this family name: 佐藤 .015, one in no table 5e-6.

    The tables hold Japanese names: of a name in Latin letters that is none of them nobody can say that
    it is rare (Smith).
    """
    if part.written and (share := readings.family_share(part.written)) is not None:
        return share
    if part.written:
        return readings.UNKNOWN_SHARE
    shares = (readings.sounds_family(each) for each in part.sound)
    unknown = readings.UNKNOWN_SHARE if part.kana else FOREIGN_SHARE
    return max(shares, default=0.0) or unknown


@lru_cache(maxsize=8192)
def _read(
    family: str | None,
    given: str | None,
    family_kana: str | None,
    given_kana: str | None,
    display: str | None,
) -> Names:
    nick = _plain(display)
    if any(map(_is_nobodys, (family, given, family_kana, given_kana))):
        nick = nick or _plain(family) + _plain(given)
        family, given = _somebodys(family), _somebodys(given)
        family_kana, given_kana = _somebodys(family_kana), _somebodys(given_kana)
    named = _whole(family, given)
    sounded = _whole(family_kana, given_kana, of=named)
    if not any((*named, *sounded)) and display and (parts := divide(display[:_MOST])):
        named, nick = (_plain(parts[0]), _plain(parts[1])), ""
    fields = _placed(_Fields(*named, *sounded))
    if nick in ("".join(named), "".join(reversed(named)), "".join(sounded)):
        nick = ""
    return Names(
        _part(fields.family, fields.family_kana, True),
        _part(fields.given, fields.given_kana, False),
        nick,
    )


@lru_cache(maxsize=8192)
def _is_nobodys(text: str | None) -> bool:
    return _NOBODY.fullmatch(_plain(text)) is not None


def _somebodys(text: str | None) -> str | None:
    return None if _is_nobodys(text) else text


def _whole(
    family: str | None, given: str | None, of: tuple[str, str] = ("", "")
) -> tuple[str, str]:
    """Two folded fields; one that holds the whole name is divided, unless it reads a part alone."""
    left, right = _plain(family), _plain(given)
    if bool(left) == bool(right) or bool(of[0]) != bool(of[1]):
        return left, right
    parts = divide((family or given or "")[:_MOST], part=True)
    return (_plain(parts[0]), _plain(parts[1])) if parts else (left, right)


@lru_cache(maxsize=8192)
def _plain(text: str | None) -> str:
    """A folded part; empty when a character of it was lost."""
    if not text or is_damaged(text):
        return ""
    return readings.fold(_MARKS.sub("", without_remarks(readings.fold(text[:_MOST]))))


def _placed(fields: _Fields) -> _Fields:
    """Each part, and its reading, in its own field."""
    family, given, family_kana, given_kana = fields
    if all(fields) and readings_turned(*fields):
        family_kana, given_kana = given_kana, family_kana
    if family and given:
        turned = is_turned(family, given)
    else:
        turned = bool(family_kana and given_kana) and is_turned(family_kana, given_kana)
    if turned:
        return _Fields(given, family, given_kana, family_kana)
    return _Fields(family, given, family_kana, given_kana)


@lru_cache(maxsize=8192)
def _part(text: str, reading: str, is_family: bool) -> Part:
    stated = [each for each in (reading, text) if each and SOUNDED.fullmatch(each)]
    written = "" if text in stated else text
    if stated:
        kana = tuple(dict.fromkeys(each for each in stated if not each.isascii()))[:1]
    elif is_family:
        kana = readings.family_readings(written)
    else:
        kana = readings.given_readings(written)
    sounds = dict.fromkeys(filter(None, map(sound, stated or kana)))
    return Part(written, kana, tuple(sounds), bool(stated))
