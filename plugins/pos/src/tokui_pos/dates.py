"""Dates and times as Japanese shop systems write them: ISO, slashes, 和暦, 25:30."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from unicodedata import normalize
from zoneinfo import ZoneInfo

from tokui.model import PartialDate

DateOrder = Literal["ymd", "mdy", "dmy"]

ERAS: dict[str, date] = {
    "令和": date(2019, 5, 1),
    "平成": date(1989, 1, 8),
    "昭和": date(1926, 12, 25),
    "大正": date(1912, 7, 30),
    "明治": date(1873, 1, 1),
}
"""First day of each era; 明治 from 1873, when Japan took the Gregorian calendar (that is 明治6年)."""

_FIRST_YEAR = {era: first.year for era, first in ERAS.items()} | {"明治": 1868}
_ERA_OF = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治", "令": "令和"}
_ERA_OF |= {"平": "平成", "昭": "昭和", "大": "大正", "明": "明治", "㍻": "平成"}

_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTM令平昭大明])\.?\s*(元|\d{1,3})(?:年|[./-])"
    r"\s*(\d{1,2})(?:月|[./-])\s*(\d{1,2})日?",
    re.IGNORECASE,
)
_YMD = re.compile(r"(\d{4})(?:[-/.]|年\s*)(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})日?|(\d{4})(\d\d)(\d\d)")
_XXY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH_DAY = re.compile(
    r"(?:--|0000[-/.]?)?(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})日?|(?:--|0000)(\d\d)(\d\d)"
)
_YEAR_MONTH = re.compile(r"(\d{4})(?:[-/.]|年\s*)(\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_TIME = re.compile(
    r"(\d{1,2})(?::|時)(\d{1,2})(?:(?::|分)(\d{1,2})?(?:\.\d+)?秒?)?|(\d\d)(\d\d)(\d\d)?"
)
_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_WEEKDAY = re.compile(r"\s*\([日月火水木金土]\)")


def zone(name: str) -> tzinfo:
    """
    The time zone of that name. Japan has had no other offset since 1952, so it needs no tz database.

    Raises:
        ZoneInfoNotFoundError: No such zone on this machine.
    """
    return timezone(timedelta(hours=9), "JST") if name == "Asia/Tokyo" else ZoneInfo(name)


@lru_cache(maxsize=8192)
def to_date(text: str, order: DateOrder = "ymd") -> date:
    """
    Read a whole date. Two-digit years are refused: they could be 西暦 or 和暦.

    Raises:
        ValueError: Not a date in a known form, or no such day.
    """
    plain = _WEEKDAY.sub("", normalize("NFKC", text)).strip()
    if found := _YMD.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups() if part)
        return _day(year, month, day)
    if order != "ymd" and (found := _XXY.fullmatch(plain)):
        first, second, year = (int(part) for part in found.groups())
        return _day(year, first, second) if order == "mdy" else _day(year, second, first)
    if found := _ERA.fullmatch(plain):
        return _era_day(*found.groups())
    raise ValueError("is not a date that can be read")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is no day of the calendar") from None


def _era_day(name: str, year: str, month: str, day: str) -> date:
    era = _ERA_OF.get(name.upper(), name)
    number = 1 if year == "元" else int(year)
    found = _day(_FIRST_YEAR[era] + number - 1, int(month), int(day))
    if number == 0 or found < ERAS[era]:
        raise ValueError(f"is before the first day of {era}")
    return found


@lru_cache(maxsize=8192)
def to_birthday(text: str, order: DateOrder = "ymd") -> PartialDate:
    """
    Read a birthday that may lack the year (`04-12`, `4月12日`, `0000-04-12`) or the day (`1985年4月`).

    Raises:
        ValueError: Not in a known form, or no such day.
    """
    plain = normalize("NFKC", text).strip()
    if found := _MONTH_DAY.fullmatch(plain):
        month, day = (int(part) for part in found.groups() if part)
        _day(2000, month, day)
        return PartialDate(month=month, day=day)
    if found := _YEAR_MONTH.fullmatch(plain):
        _day(int(found[1]), int(found[2]), 1)
        return PartialDate(year=int(found[1]), month=int(found[2]))
    if (found := _YEAR.fullmatch(plain)) and int(found[1]):
        return PartialDate(year=int(found[1]))
    whole = to_date(text, order)
    return PartialDate(year=whole.year, month=whole.month, day=whole.day)


@lru_cache(maxsize=8192)
def to_time(text: str) -> timedelta:
    """
    Read a time of the business day, up to 47:59:59: `25:30` is half past one of the next day.

    Raises:
        ValueError: Not a time in a known form.
    """
    found = _TIME.fullmatch(normalize("NFKC", text).strip())
    if not found:
        raise ValueError("is not a time that can be read")
    hours, minutes, seconds = (int(part or 0) for part in _three(found))
    if hours > 47 or minutes > 59 or seconds > 59:
        raise ValueError("is no time of day")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _three(found: re.Match[str]) -> tuple[str | None, str | None, str | None]:
    groups = found.groups()
    return (groups[0], groups[1], groups[2]) if groups[0] else (groups[3], groups[4], groups[5])


def to_moment(text: str, order: DateOrder, local: tzinfo) -> tuple[datetime, date]:
    """
    Read date and time in one cell; returns the instant in UTC, and the day of it.

    Raises:
        ValueError: Not in a known form.
    """
    plain = text.strip()
    if offset := _OFFSET.search(plain):
        if "T" in plain or " " in plain:
            moment = _aware(plain)
            return moment.astimezone(UTC), moment.astimezone(local).date()
        raise ValueError(f"has an offset {offset[1]} without a time")
    day, _, clock = plain.replace("T", " ", 1).replace("日", "日 ", 1).partition(" ")
    return at(to_date(day, order), to_time(clock) if clock.strip() else timedelta(), local)


def _aware(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError("is not a time that can be read") from None


def at(day: date, clock: timedelta, local: tzinfo) -> tuple[datetime, date]:
    """The instant, in UTC, of a clock reading in the business day `day`; and that day."""
    shown = datetime(day.year, day.month, day.day) + clock  # noqa: DTZ001 - wall clock, zone follows
    return shown.replace(tzinfo=local).astimezone(UTC), day
