"""Days and periods of a programme. A period begins and ends with whole days of the shop."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
YEARS = range(1900, 2200)
"""Within these there is room for all that is counted from a day; beyond them a date is no date."""
DAYS = 4_096
"""Whose periods are remembered: everybody's purchases fall on the same ones."""


@lru_cache(maxsize=DAYS)
def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of its month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=DAYS)
def year_of(day: date, first_month: int = 1) -> tuple[date, date]:
    """First and last day of the year that a day is in; it begins with `first_month`."""
    start = date(day.year - (day.month < first_month), first_month, 1)
    return start, add_months(start, 12) - DAY


def end_of(day: date, unit: str, first_month: int = 1) -> date:
    """The last day of the day, month or year that a day is in."""
    if unit == "year":
        return year_of(day, first_month)[1]
    return day.replace(day=monthrange(day.year, day.month)[1]) if unit == "month" else day


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins. UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def after(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day, 23:59:59 inclusive, is over. UTC."""
    return begins(day + DAY, zone)
