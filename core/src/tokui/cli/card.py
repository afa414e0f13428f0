"""The customer card in a terminal."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tokui.card import Card, CardEvent, CardLine, CardOrder, Golden, KnownAs, Sourced, Totals
from tokui.cli.words import Lang, word
from tokui.model import Address, Money, PersonName

T = TypeVar("T")

SOON_DAYS = 14
"""A birthday within so many days is in red, as shops prepare for it."""

_BIRTHDAY, _QUIET, _HEAD, _MONEY = "bold red", "dim", "bold blue", "bold"


def render(
    card: Card, lang: Lang = "en", *, tz: str = "Asia/Tokyo", limit: int = 20
) -> RenderableType:
    """
    Lay out a card for a terminal of 80 columns or more.

    Args:
        card: What to show.
        lang: Of the labels; values stay as they are.
        tz: IANA name of the shop's time zone, for times.
        limit: Show at most so many purchases, and so many visits and notes.
    """
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in _parts(card, lang, ZoneInfo(tz), limit)))


def _parts(card: Card, lang: Lang, tz: ZoneInfo, limit: int) -> Iterator[RenderableType]:
    yield _head(card, lang, tz)
    if card.segments or card.traits or card.suggestions:
        yield _insight(card, lang)
    yield _identifiers(card.profile.identifiers, lang)
    yield _purchases(card.orders, lang, tz, limit)
    if card.events:
        yield _events(card.events, lang, tz, limit)
    if card.notes:
        yield _notes(card.notes, lang)
    yield _golden(card.profile, lang, tz)


def _head(card: Card, lang: Lang, tz: ZoneInfo) -> Panel:
    name = card.profile.name.value if card.profile.name else PersonName()
    title = Text(
        f"{_plain(str(name)) or word('nameless', lang)} {word('san', lang)}".rstrip(), "bold"
    )
    lines = [Text(_plain(name.kana), _QUIET)] if name.kana else []
    lines.append(title)
    if birthday := _birthday(card, lang):
        lines.append(birthday)
    numbers = Table.grid(padding=(0, 3))
    for cells in _numbers(card, lang, tz):
        numbers.add_row(*cells)
    return Panel(Group(*lines, Text(), numbers), box=box.ROUNDED, border_style="blue")


def _birthday(card: Card, lang: Lang) -> Text | None:
    days, birthday = card.birthday_in_days, card.profile.birthday
    if days is None or birthday is None:
        return None
    key = {0: "birthday.today", 1: "birthday.tomorrow"}.get(days, "birthday.soon")
    when = f"{birthday.value.month}/{birthday.value.day}"
    text = word(key, lang).format(days=days, date=when)
    return Text(text, _BIRTHDAY if days <= SOON_DAYS else _QUIET)


def _numbers(card: Card, lang: Lang, tz: ZoneInfo) -> Iterator[list[Text]]:
    yield [Text(word(key, lang), _QUIET) for key in ("lifetime", "purchases", "average", "visit")]
    visit = _day(card.last_visit, tz)
    for total in card.totals:
        yield [*_totals(total), Text(visit)]
        visit = ""
    if not card.totals:
        yield [Text("–"), Text("0"), Text("–"), Text(visit)]


def _totals(total: Totals) -> list[Text]:
    average = _amount(total.average_basket) if total.average_basket else "–"
    return [Text(_amount(total.lifetime_value), _MONEY), Text(str(total.orders)), Text(average)]


def _insight(card: Card, lang: Lang) -> RenderableType:
    table = _table("insight", lang, "", "", "")
    for suggestion in card.suggestions:
        table.add_row("→", Text(_plain(suggestion.text), "bold"), Text(_plain(suggestion.reason)))
    for trait in card.traits:
        table.add_row(
            "", Text(_plain(f"{trait.name}: {trait.value}")), Text(_plain(trait.source), _QUIET)
        )
    if card.segments:
        table.add_row(
            "", Text(_plain(", ".join(card.segments))), Text(word("segments", lang), _QUIET)
        )
    return table


def _identifiers(identifiers: Iterable[KnownAs], lang: Lang) -> RenderableType:
    table = _table("known_as", lang, "kind", "value", "", "source")
    for known in identifiers:
        mark = Text(word("verified", lang), "green") if known.verified else Text()
        sources = ", ".join(dict.fromkeys(source.connection for source in known.sources))
        kind = word(f"id.{known.kind}", lang)
        table.add_row(kind, Text(_plain(known.raw)), mark, Text(_plain(sources), _QUIET))
    return table if table.row_count else _empty("known_as", lang)


def _purchases(
    orders: tuple[CardOrder, ...], lang: Lang, tz: ZoneInfo, limit: int
) -> RenderableType:
    table = _table("orders", lang)
    table.expand = True
    table.add_column(no_wrap=True, style=_QUIET)
    table.add_column(ratio=2)
    table.add_column(ratio=4)
    table.add_column(justify="right", no_wrap=True)
    for order in orders[:limit]:
        day = str(order.business_date) if order.business_date else _day(order.placed_at, tz)
        table.add_row(day, _where(order, lang), _what(order, lang), _price(order))
    if len(orders) > limit:
        table.add_row("", "", Text(word("more", lang).format(count=len(orders) - limit), _QUIET))
    return table if table.row_count else _empty("orders", lang)


def _where(order: CardOrder, lang: Lang) -> Text:
    place = Text(_plain(order.location or word(f"channel.{order.channel}", lang)))
    return place.append(f"\n{_plain(order.connection)}", _QUIET)


def _what(order: CardOrder, lang: Lang) -> Text:
    marks = [f"order.{order.kind}"] if order.kind != "sale" else []
    marks += [f"state.{order.state}"] if order.state in ("open", "cancelled", "voided") else []
    head = [Text(" · ".join(word(mark, lang) for mark in marks), "yellow")] if marks else []
    lines = [Text(_line(line, lang)) for line in order.lines]
    number = [Text(f"#{_plain(order.number.lstrip('#'))}", _QUIET)] if order.number else []
    return Text("\n").join([*head, *lines, *number])


def _line(line: CardLine, lang: Lang) -> str:
    title = _plain(line.title or word(f"line.{line.kind}", lang))
    return title if line.quantity == 1 else f"{title} × {line.quantity}"


def _price(order: CardOrder) -> Text:
    """Quiet where the amount is not all money spent."""
    counts = order.spent.amount_minor == order.total.amount_minor
    return Text(_amount(order.total), _MONEY if counts else _QUIET)


def _events(events: tuple[CardEvent, ...], lang: Lang, tz: ZoneInfo, limit: int) -> RenderableType:
    table = _table("events", lang, "", "", "", "")
    for event in events[:limit]:
        who = " · ".join(
            _plain(part) for part in (event.location, event.staff, event.connection) if part
        )
        kind = word(f"event.{event.type}", lang)
        text = Text(_plain(event.text or ""))
        table.add_row(Text(_day(event.occurred_at, tz), _QUIET), kind, text, Text(who, _QUIET))
    return table


def _notes(notes: Iterable[Sourced[str]], lang: Lang) -> RenderableType:
    table = _table("notes", lang, "", "")
    for note in notes:
        table.add_row(Text(_plain(note.value)), Text(_plain(note.source.connection), _QUIET))
    return table


def _golden(golden: Golden, lang: Lang, tz: ZoneInfo) -> RenderableType:
    table = _table("golden", lang, "kind", "value", "source", "why", "at")
    if name := golden.name:
        _say(table, lang, tz, "name", name, _name(name.value))
    if birthday := golden.birthday:
        _say(table, lang, tz, "birthday", birthday, str(birthday.value))
    if gender := golden.gender:
        _say(table, lang, tz, "gender", gender, word(f"gender.{gender.value}", lang))
    if language := golden.language:
        _say(table, lang, tz, "language", language, language.value)
    for address in golden.addresses:
        _say(table, lang, tz, "address", address, _address(address.value))
    for tag in golden.tags:
        _say(table, lang, tz, "tag", tag, tag.value)
    return table if table.row_count else _empty("golden", lang)


def _say(table: Table, lang: Lang, tz: ZoneInfo, field: str, said: Sourced[T], value: str) -> None:
    table.add_row(
        word(f"field.{field}", lang),
        Text(_plain(value)),
        Text(_plain(said.source.connection)),
        Text(word(f"rule.{said.rule}", lang), _QUIET),
        Text(_day(said.at, tz), _QUIET),
    )


def _name(name: PersonName) -> str:
    return f"{name} ({name.kana})" if str(name) and name.kana else str(name) or name.kana


def _address(address: Address) -> str:
    """Large to small, as Japanese addresses are written; what the source lacks is left out."""
    mark = "〒" if address.country in (None, "JP") else ""
    code = f"{mark}{address.postal_code.removeprefix('〒')}" if address.postal_code else None
    parts = [part for part in (address.region, address.city, address.line1) if part]
    place = "".join(parts) if mark else " ".join(parts)
    return " ".join(part for part in (code, place, address.line2) if part)


def _table(title: str, lang: Lang, *columns: str) -> Table:
    """Start a section; a column is named by a word's key, or has no head."""
    table = Table(
        title=Text(word(title, lang), _HEAD),
        title_justify="left",
        box=None,
        show_header=any(columns),
        header_style=_QUIET,
        padding=(0, 2, 0, 0),
        pad_edge=False,
    )
    for column in columns:
        table.add_column(word(column, lang) if column else "", overflow="fold")
    return table


def _empty(title: str, lang: Lang) -> Text:
    return Text.assemble((word(title, lang), _HEAD), "\n", (word("none", lang), _QUIET))


def _amount(money: Money) -> str:
    return f"¥{money.amount_minor:,}" if money.currency == "JPY" else str(money)


def _day(moment: datetime | None, tz: ZoneInfo) -> str:
    return moment.astimezone(tz).date().isoformat() if moment else "–"


def _plain(text: str) -> str:
    """Take no order from a source: control characters go, a lost character (外字) shows as 〓."""
    shown = ("〓" if unicodedata.category(sign) == "Co" else sign for sign in text)
    return "".join(sign for sign in shown if unicodedata.category(sign) not in ("Cc", "Cf"))
