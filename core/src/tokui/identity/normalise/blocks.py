"""Towns, blocks and house numbers of Japanese addresses in one spelling."""

import re
import unicodedata
from collections.abc import Iterable

from tokui.identity.normalise.kanji import PLAIN, fold_kanji

_DIGITS = {**{char: str(value) for value, char in enumerate("〇一二三四五六七八九")}, "零": "0"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = "〇零一二三四五六七八九十百千"
_COUNTED = re.compile(
    rf"[{_NUMERALS}]+(?=(?:丁目|番|号(?!線)|条|地割))"
    rf"|(?<=[-\d目番地の])[{_NUMERALS}]+(?=[-\s]|$|号)"
    rf"|(?<![{_NUMERALS}])[{_NUMERALS}]+(?=-[\d{_NUMERALS}])"
)
_DASHED = re.compile(
    rf"(?<=[\d{_NUMERALS}])\s*[‐‑‒–—―−－─━ｰー~〜～ᅳㅡ⁃﹣﹘-]+\s*(?=[\d{_NUMERALS}a-z])"
)
_BETWEEN = re.compile(r"(?<=\d)\s*(?:の|ノ|之|-)\s*(?=\d)")
_BLOCK = re.compile(
    r"(?<=\d)\s*(?:丁目|番地の?|番(?![町丁])|号(?![室棟館線])|-)\s*(?!\d番[町丁])(?:の(?=\d))?"
)
_KANJI = "\u3400-\u9fff"
_PARTICLES = [
    (re.compile(rf"(?<=[{_KANJI}\d])[ヶケがヵ](?=[{_KANJI}])"), "ケ"),
    (re.compile(rf"(?<=[{_KANJI}])[ノ之](?=[{_KANJI}])"), "の"),
    (re.compile(rf"(?<=[{_KANJI}])ル"), "る"),
    (re.compile(rf"(?<=[{_KANJI}])[ッっつ](?=[{_KANJI}])"), "ツ"),
    (re.compile(r"大字|小字|(?<=[^文\s])字(?=[^町市区村\s])"), ""),
]
# A number after which a town's name goes on (北11条, 3区) is none of a house. Several are: what
# stands behind them is a building (1-2 市営住宅).
_CHAIN = re.compile(
    r"\d+(?:-\d+)+(?![\d-]|条|号?線|番[町丁]|地割)"
    r"|\d+(?![\d-]|\s*(?:条|区|号?線|町|丁|番[町丁]|地割|軒|本[木町松]|[つツ]|[都道府県市村]))"
)
# Whatever `folded` may write differently. Most lines have nothing of it.
_TO_FOLD = re.compile(rf"[^{PLAIN}]|[ヶケがヵノ之ルッっつ字ー~{_NUMERALS}]|-[ -]| -")
# A town and numbers, and nothing that could be anything else: 丸の内1丁目1番1号.
_NUMBER = re.compile(r"\d+")
_WHOLE = re.compile(r"([^\W\d]+)(\d+(?:(?:丁目|番地?|-)\d+)*)(?:番地|号)?")


def folded(text: str) -> str:
    """Width, case, kanji, dashes and numbers of one line in one spelling; blanks single."""
    plain = " ".join(fold_kanji(text).lower().split())
    if plain.isascii() or not _TO_FOLD.search(plain):
        return plain
    for pattern, new in _PARTICLES:
        plain = pattern.sub(new, plain)
    plain = _DASHED.sub("-", plain)
    counted = _COUNTED.sub(lambda found: number(found[0]), plain)
    return " ".join(unicodedata.normalize("NFC", counted).split())


def number(numeral: str) -> str:
    """三十三 → 33, 二〇 → 20."""
    if not any(char in _UNITS for char in numeral):
        return "".join(_DIGITS[char] for char in numeral)
    total, digit = 0, 0
    for char in numeral:
        if unit := _UNITS.get(char):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = digit * 10 + int(_DIGITS[char])
    return str(total + digit)


def chain(line: str) -> tuple[str, str, str]:
    """A folded line as the words before the house numbers, the numbers, and what follows."""
    if whole := _WHOLE.fullmatch(line):
        return whole[1], _joined(_NUMBER.findall(whole[2])), ""
    joined = _BLOCK.sub("-", _BETWEEN.sub("-", line))
    joined = re.sub(r"-+", "-", joined)
    tidy = re.sub(r"(?<=\d)-(?=\D|$)", " ", joined)
    found = _CHAIN.search(tidy)
    if not found:
        return tidy.strip(), "", ""
    numbers = _joined(found[0].split("-"))
    return tidy[: found.start()].strip(" -"), numbers, tidy[found.end() :].strip()


def _joined(numbers: Iterable[str]) -> str:
    return "-".join([str(int(each)) for each in numbers])
