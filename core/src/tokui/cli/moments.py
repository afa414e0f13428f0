"""Times and spans as an operator types them."""

import re
from datetime import UTC, datetime, timedelta

import click

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class Span(click.ParamType[float]):
    """`90`, `90s`, `15m`, `2h`, `7d`: seconds."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read it."""
        seconds = _span(str(value))
        if not seconds:
            self.fail(f"{value!r} is no time span such as 90s, 15m, 2h or 7d", param, ctx)
        return seconds


class Moment(click.ParamType[datetime]):
    """
    `2026-11-01`, `2026-11-01T10:00+09:00`, `yesterday`, `7d` (ago): an aware moment.

    Args:
        past: It has happened: none that is to come is taken.
    """

    name = "when"

    def __init__(self, *, past: bool = False) -> None:
        self.past = past

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it; without an offset it is this machine's time."""
        if isinstance(value, datetime):
            return value
        text, now = str(value), datetime.now().astimezone()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if text in ("now", "today", "yesterday"):
            moment = {"now": now, "today": midnight}.get(text, midnight - timedelta(days=1))
        elif (seconds := _span(text)) is not None and not text.isdigit():
            moment = now - timedelta(seconds=seconds)
        else:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                self.fail(f"{text!r} is no moment such as 2026-11-01, yesterday or 7d", param, ctx)
        if self.past and moment.astimezone(UTC) > now:
            self.fail(f"{text!r} is still to come", param, ctx)
        return moment.astimezone(UTC)


def _span(text: str) -> float | None:
    found = _SPAN.fullmatch(text)
    return float(found[1]) * _SECONDS[found[2]] if found else None
