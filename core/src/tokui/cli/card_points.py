"""The card's section of points programmes: side by side, never summed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.text import Text

from tokui.cli.output import plain
from tokui.cli.parts import BIRTHDAY, MONEY, QUIET, amount, day, section
from tokui.cli.words import Lang, word
from tokui.connector.programme import Said, Standing

ENDS = 3
"""Ends of points that are shown."""

SECOND = timedelta(seconds=1)
"""Before the end: the last day on which points can be spent."""


def points(standings: Sequence[Standing], lang: Lang, tz: ZoneInfo) -> RenderableType:
    """One column for each programme and number."""
    table = section("points", lang, "")
    table.show_header = True
    for each in standings:
        title = plain(_in(each.title, lang))
        table.add_column(Text(f"{title}\n{plain(each.member_no)}"), overflow="fold")
    rows = [list(_rows(each, lang, tz)) for each in standings]
    for cells in zip(*rows, strict=True):
        if any(cell.plain for _, cell in cells):
            table.add_row(Text(word(f"points.{cells[0][0]}", lang), QUIET), *(c for _, c in cells))
    return table


def _rows(each: Standing, lang: Lang, tz: ZoneInfo) -> Iterator[tuple[str, Text]]:
    yield "shared", Text(_shared(each.shared_by, lang))
    yield "tier", Text(_in(each.tier, lang), MONEY)
    yield "benefits", Text("\n".join(plain(_in(said, lang)) for said in each.benefits))
    unread = each.kept_by is not None and each.as_of is None
    yield "balance", Text("–" if unread else f"{each.points:,}", MONEY)
    yield "as_of", Text(_read(each, lang, tz))
    yield "pending", _number(each.pending)
    yield "held", _number(each.held)
    yield "owed", _number(each.owed)
    ends = (f"{lost.points:,}: {day(lost.at - SECOND, tz)}" for lost in each.expiring[:ENDS])
    yield "expiring", Text("\n".join(ends))
    yield "earns", Text(_earns(each))
    yield "next_tier", Text(_next(each, lang))
    yield "keeps", Text(str(each.keeps_until or ""))
    dropping = f"{_in(each.drops_to, lang)} ← {each.notice_on}" if each.drops_to else ""
    yield "drops", Text(dropping, BIRTHDAY)


def _shared(people: int, lang: Lang) -> str:
    if people < 2:
        return ""
    return f"{people}{' ' if lang == 'en' else ''}{word('points.people', lang)}"


def _read(each: Standing, lang: Lang, tz: ZoneInfo) -> str:
    """When the system that keeps the points was last asked, and how long ago that is."""
    if each.kept_by is None:
        return ""
    if each.as_of is None:
        return f"{plain(each.kept_by)}: {word('points.unread', lang)}"
    age = datetime.now(UTC) - each.as_of
    hours, minutes = divmod(max(0, int(age.total_seconds())) // 60, 60)
    number, unit = (hours // 24, "days") if hours >= 48 else (hours, "hours")
    number, unit = (number, unit) if hours else (minutes, "minutes")
    at = each.as_of.astimezone(tz).strftime("%Y-%m-%d %H:%M")
    return f"{at} ({number} {word(f'points.{unit}', lang)}, {plain(each.kept_by)})"


def _earns(each: Standing) -> str:
    return f"{each.earns} / {amount(each.for_each)}" if each.earns and each.for_each else ""


def _next(each: Standing, lang: Lang) -> str:
    if each.next_tier is None:
        return ""
    money = each.spend_missing
    parts = [amount(money)] if money and money.amount_minor else []
    if each.visits_missing:
        parts.append(f"{each.visits_missing} {word('points.visits', lang)}")
    by = f" ({each.next_by})" if each.next_by else ""
    return f"{_in(each.next_tier, lang)}: {', '.join(parts)}{by}"


def _number(number: int) -> Text:
    return Text(f"{number:,}" if number else "")


def _in(said: Said | None, lang: Lang) -> str:
    return said.in_language(lang) if said else ""
