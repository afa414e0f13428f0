"""
What a reading sounds like, whoever romanised it.

One key for kana, Hepburn, Kunrei, passport and ad-hoc romaji: おおえ, Ooe, Ohe and Oe are `oe`;
しょうた, Shouta, Shota and Syouta are `syota`. It loses the length of vowels, on purpose.
"""

import re
import unicodedata
from functools import lru_cache

from tokui.identity.normalise.kanji import fold_kana

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_KANA = {
    kana: row + vowel
    for row, line in _ROWS.items()
    for kana, vowel in zip(line, "aiueo", strict=True)
}
_KANA |= dict(
    zip("やゆよわゐゑをんゔぢづゕゖ", "ya yu yo wa i e o n bu zi zu ka ke".split(), strict=True)
)
_GLIDES = dict(zip("ゃゅょ", ("ya", "yu", "yo"), strict=True))
_SMALL = dict(zip("ぁぃぅぇぉゎ", "aiueoa", strict=True))

_VOWELS = "aiueo"
_UNMARKED = dict(zip("đðøłßæœþı", "d d o l ss ae oe th i".split(), strict=True))
"""Latin letters whose mark is a part of them."""

# In order: one spelling for each consonant (Kunrei), then the long vowels.
_SPELLINGS = [
    (re.compile(pattern), new)
    for pattern, new in [
        (r"[^a-z]+", ""),
        (r"l", "r"),
        (r"v", "b"),
        (r"tch|cch", "tty"),
        (r"ch", "ty"),
        (r"ssh", "ssy"),
        (r"sh", "sy"),
        (r"ts(?=u)", "t"),
        (r"dz", "z"),
        (r"d(?=u)", "z"),
        (r"d(?=y)|d(?=i)", "z"),
        (r"j", "zy"),
        (r"f", "h"),
        (r"c", "k"),
        (r"q", "k"),
        (r"y+(?=i)", ""),
        (r"yy+", "y"),
        (r"wo", "o"),
        (r"w(?=[ieu])", ""),
        (r"m(?=[bpm])", "n"),
        (r"ouye", "oue"),
        (r"^oh(?=[ei](?!.)|y|uty|uti|ura)", "o"),
        (r"oh(?![aiueoy])", "o"),
        (r"uh(?![aiueoy])", "u"),
        (r"o[ou]+", "o"),
        (r"uu+", "u"),
    ]
]


@lru_cache(maxsize=8192)
def sound(text: str) -> str:
    """The key of a reading in kana or romaji; empty when nothing of it can be sounded."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if not plain.isascii():
        plain = _spelt(fold_kana(plain))
    before = ""
    while before != plain:
        before = plain
        for pattern, new in _SPELLINGS:
            plain = pattern.sub(new, plain)
    return plain


def _spelt(text: str) -> str:
    """Kana in letters; Latin letters lose their marks, anything else is left out."""
    spelt = ""
    for char in unicodedata.normalize("NFC", text):
        if glide := _GLIDES.get(char):
            spelt = spelt[:-1] + glide if spelt[-1:] == "i" else spelt + glide
        elif small := _SMALL.get(char):
            glided = "y" if spelt[-1:] == "i" and small == "e" else ""
            spelt = spelt.removesuffix(spelt[-1:] if spelt[-1:] in _VOWELS else "") + glided + small
        elif char == "ー":
            spelt += "i" if spelt[-1:] == "e" else ""
        else:
            spelt += _KANA.get(char) or _letter(char)
    return re.sub("Q(.)", r"\1\1", spelt).replace("Q", "")


def _letter(char: str) -> str:
    if char == "っ":
        return "Q"
    plain = _UNMARKED.get(char) or unicodedata.normalize("NFKD", char)[0]
    return plain if "a" <= plain[0] <= "z" else ""
