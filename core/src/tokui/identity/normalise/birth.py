"""Birth dates in any written form: 昭和39年4月25日, S39.4.25, 19640425, 1964/4/25, 4月25日."""

import re
from functools import lru_cache

from pydantic import ValidationError

from tokui.identity.normalise.blocks import number
from tokui.identity.normalise.kanji import fold_kanji
from tokui.model import PartialDate

_ERAS = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "明": 1867, "大": 1911, "昭": 1925, "平": 1988, "令": 2018,
    "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018,
}  # fmt: skip
_ERA = re.compile(r"(明治?|大正?|昭和?|平成?|令和?|[mtshr])\.?\s*(元|(?!00?\D)\d{1,2})(?=\D|$)")
_PACKED_ERA = re.compile(r"(明治?|大正?|昭和?|平成?|令和?|[mtshr])(\d\d)(\d\d)(\d\d)")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千]+")
_BESIDE = re.compile(r"\(.*?\)|生まれ|生$|[日月火水木金土]曜日?")
_CLOCK = re.compile(r"(?<=\d)[t\s]\s*\d{1,2}:\d\d.*$")
_BREAK = r"\s*[-/.年‐-―−ー・]\s*"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?:{_BREAK}(?P<month>\d{{1,2}})(?:(?:{_BREAK}|\s*月\s*)(?P<day>\d{{1,2}}))?)?\s*[年月日]?"
)
_DAY_ONLY = re.compile(r"(?:--|-)?(?P<month>\d{1,2})(?:[-/]|\s*月\s*)(?P<day>\d{1,2})\s*日?")
_PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:0{6})?")
_PACKED_MONTH = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)(?P<month>\d\d)|--(?P<month2>\d\d)(?P<day>\d\d)"
)

_FIRST_YEAR = 1880  # nobody who was born before is a customer
_LAST_YEAR = 2100
_NOBODYS = {
    (1900, 1, 1),
    (1901, 1, 1),
    (1899, 12, 30),
    (1899, 12, 31),
    (1904, 1, 1),
    (1911, 11, 11),
    (1970, 1, 1),
}


@lru_cache(maxsize=8192)
def birth_date(text: str) -> PartialDate | None:
    """A birth date however it is written; None when it is none, or a placeholder (1900-01-01)."""
    plain = _with_digits(re.sub(r"\s+", " ", fold_kanji(text[:100])).lower().strip())
    plain = _ERA.sub(_western, _PACKED_ERA.sub(r"\1\2-\3-\4", plain), count=1)
    for pattern in (_PACKED, _PACKED_MONTH, _YEAR_FIRST, _DAY_ONLY):
        if found := pattern.fullmatch(plain):
            return _checked(
                {name.rstrip("2"): part for name, part in found.groupdict().items() if part}
            )
    return None


def is_placeholder_date(date: PartialDate) -> bool:
    """Whether a date was typed to pass a form: the first day of a calendar, no year that can be."""
    if date.year is None:
        return (date.month, date.day) == (1, 1)
    in_range = _FIRST_YEAR <= date.year <= _LAST_YEAR
    return not in_range or (date.year, date.month, date.day) in _NOBODYS


def _with_digits(plain: str) -> str:
    bare = _CLOCK.sub("", _BESIDE.sub("", plain)).strip()
    return _NUMERAL.sub(lambda found: number(found[0]), bare)


def _western(era: re.Match[str]) -> str:
    year = 1 if era[2] == "元" else int(era[2])
    return str(_ERAS[era[1]] + year)


def _checked(parts: dict[str, str]) -> PartialDate | None:
    try:
        date = PartialDate(**{name: int(part) for name, part in parts.items()})
    except ValidationError:
        return None
    return None if is_placeholder_date(date) else date
