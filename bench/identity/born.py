"""Reading a birth date as counters write it, until the core does."""

import re
import unicodedata

from tokui.model import PartialDate

_ERA = {"昭": 1925, "S": 1925, "平": 1988, "H": 1988, "令": 2018, "R": 2018}
_JAPANESE = re.compile(r"(昭和|平成|令和|[SHR])(\d+|元)[年.](\d+)[月.](\d+)日?")
_COMMON = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?")


def birth_date(text: str) -> PartialDate | None:
    """The date, or None for what is none or a placeholder."""
    text = unicodedata.normalize("NFKC", text).strip()
    if found := _JAPANESE.fullmatch(text):
        year = _ERA[found[1][0]] + (1 if found[2] == "元" else int(found[2]))
    elif found := _COMMON.fullmatch(text):
        year = int(found[1])
    else:
        return None
    month, day = (int(part) for part in found.groups()[-2:])
    try:
        date = PartialDate(year=year, month=month, day=day)
    except ValueError:
        return None
    return None if (year, month, day) == (1900, 1, 1) else date
