"""Hours at which nobody is disturbed by marketing. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tokui.config import QuietSettings


def over_at(now: datetime, quiet: QuietSettings) -> datetime | None:
    """
    When the quiet hours of `now` are over, UTC; None outside of them.

    Where clocks are turned, a local time that comes twice is over with the second, and one that does
    not come is taken as if the clock had not been turned.
    """
    zone = ZoneInfo(quiet.timezone)
    local = now.astimezone(zone)
    if not _is_quiet(local.time(), quiet.start, quiet.end):
        return None
    ends = local.date() + timedelta(days=local.time() >= quiet.end)
    at = _moment(ends, quiet.end, zone)
    return over_at(at, quiet) or at


def _is_quiet(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    first = datetime.combine(day, at, zone)
    return max(each.astimezone(UTC) for each in (first, first.replace(fold=1)))
