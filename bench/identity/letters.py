"""Kana and Latin letters: the many ways to write one sound."""

import re
import unicodedata
from random import Random

_HALF = str.maketrans(
    "ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロワヲンー",
    "ｧｱｨｲｩｳｪｴｫｵｶｷｸｹｺｻｼｽｾｿﾀﾁｯﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓｬﾔｭﾕｮﾖﾗﾘﾙﾚﾛﾜｦﾝｰ",
)
_MARKS = str.maketrans({"\u3099": "ﾞ", "\u309a": "ﾟ"})
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_KUNREI = (("sh", "sy"), ("ch", "ty"), ("j", "zy"), ("tsu", "tu"), ("fu", "hu"), ("yi", "i"))
_OLD = str.maketrans("高崎辺斎沢浜広桜島竜国関浅塚館冨吉柳", "髙﨑邊齋澤濱廣櫻嶋龍國關淺塚舘富𠮷栁")


def katakana(hiragana: str) -> str:
    """The same sounds in katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in hiragana)


def half(text: str) -> str:
    """The same in half-width katakana, as tills print it."""
    return unicodedata.normalize("NFD", text).translate(_HALF).translate(_MARKS)


def wide(text: str) -> str:
    """The same with full-width digits, letters and signs."""
    return text.translate(_WIDE)


def old(text: str) -> str:
    """The same in old characters, where it has any."""
    return text.translate(_OLD)


def spelled(rng: Random, hepburn: str) -> str:
    """One of the ways to spell it: as it is, short vowels, `oh`, or the school's way."""
    way = rng.random()
    if way < 0.5:
        return hepburn
    if way < 0.75:
        return re.sub(r"(?<!^)([aiueo])\1", r"\1", hepburn.replace("ou", "o"))
    return hepburn.replace("ou", "oh") if way < 0.85 else kunrei(hepburn)


def kunrei(hepburn: str) -> str:
    """The school's way: si, ti, tu, hu, zi, sya."""
    for one, other in _KUNREI:
        hepburn = hepburn.replace(one, other)
    return hepburn


def cased(rng: Random, text: str) -> str:
    """Capitalised or in capitals."""
    return text.upper() if rng.random() < 0.42 else text.capitalize()


def slip(rng: Random, text: str, letters: str) -> str:
    """A letter wrong, two turned round, or one left out."""
    if len(text) < 2:
        return text
    at, kind = rng.randrange(len(text) - 1), rng.random()
    if kind < 0.4:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.75:
        return text[:at] + rng.choice(letters) + text[at + 1 :]
    return text[:at] + text[at + 1 :]
