"""The customer card in a terminal."""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tokui.card import (
    Card,
    CardEvent,
    CardLine,
    CardMember,
    CardOrder,
    Golden,
    KnownAs,
    Sourced,
    Totals,
)
from tokui.cli.card_contacts import contacts
from tokui.cli.card_offers import offers
from tokui.cli.card_points import points
from tokui.cli.output import plain
from tokui.cli.parts import BIRTHDAY, MONEY, QUIET, amount, day, named, nothing, section
from tokui.cli.words import Lang, word
from tokui.model import Address, PersonName

T = TypeVar("T")

SOON_DAYS = 14
"""A birthday within so many days is in red, as shops prepare for it."""


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
    if card.standings:
        yield points(card.standings, lang, tz)
    if card.offers:
        yield offers(card.offers, lang)
    yield _identifiers(card.profile.identifiers, lang)
    if card.household:
        yield _household(card.household, lang, tz)
    yield _purchases(card.orders, lang, tz, limit)
    if card.events:
        yield _events(card.events, lang, tz, limit)
    if card.contacts:
        yield contacts(card.contacts, lang, tz, limit)
    if card.notes:
        yield _notes(card.notes, lang)
    yield _golden(card.profile, lang, tz)


def _head(card: Card, lang: Lang, tz: ZoneInfo) -> Panel:
    name = card.profile.name.value if card.profile.name else PersonName()
    title = Text(
        f"{plain(str(name)) or word('nameless', lang)} {word('san', lang)}".rstrip(), "bold"
    )
    lines = [Text(plain(name.kana), QUIET)] if name.kana else []
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
    return Text(text, BIRTHDAY if days <= SOON_DAYS else QUIET)


def _numbers(card: Card, lang: Lang, tz: ZoneInfo) -> Iterator[list[Text]]:
    yield [Text(word(key, lang), QUIET) for key in ("lifetime", "purchases", "average", "visit")]
    visit = day(card.last_visit, tz)
    for total in card.totals:
        yield [*_totals(total), Text(visit)]
        visit = ""
    if not card.totals:
        yield [Text("–"), Text("0"), Text("–"), Text(visit)]


def _totals(total: Totals) -> list[Text]:
    average = amount(total.average_basket) if total.average_basket else "–"
    return [Text(amount(total.lifetime_value), MONEY), Text(str(total.orders)), Text(average)]


def _insight(card: Card, lang: Lang) -> RenderableType:
    table = section("insight", lang, "", "", "")
    for suggestion in card.suggestions:
        table.add_row("→", Text(plain(suggestion.text), "bold"), Text(plain(suggestion.reason)))
    for trait in card.traits:
        table.add_row(
            "", Text(plain(f"{trait.name}: {trait.value}")), Text(plain(trait.source), QUIET)
        )
    if card.segments:
        table.add_row(
            "", Text(plain(", ".join(card.segments))), Text(word("segments", lang), QUIET)
        )
    return table


def _identifiers(identifiers: Iterable[KnownAs], lang: Lang) -> RenderableType:
    table = section("known_as", lang, "kind", "value", "", "source")
    for known in identifiers:
        mark = Text(word("verified", lang), "green") if known.verified else Text()
        sources = ", ".join(dict.fromkeys(source.connection for source in known.sources))
        kind = word(f"id.{known.kind}", lang)
        table.add_row(kind, Text(plain(known.raw)), mark, Text(plain(sources), QUIET))
    return table if table.row_count else nothing("known_as", lang)


def _household(members: Iterable[CardMember], lang: Lang, tz: ZoneInfo) -> RenderableType:
    table = section("household", lang, "profile", "field.name", "role", "began", "ended")
    for member in members:
        name = plain(named(member.name)) if member.name else word("nameless", lang)
        role = plain(word(f"role.{member.role}", lang))
        dates = (Text(day(each, tz), QUIET) for each in (member.since, member.until))
        table.add_row(str(member.profile_id), Text(name), Text(role), *dates)
    return table


def _purchases(
    orders: tuple[CardOrder, ...], lang: Lang, tz: ZoneInfo, limit: int
) -> RenderableType:
    table = section("orders", lang)
    table.expand = True
    table.add_column(no_wrap=True, style=QUIET)
    table.add_column(ratio=2)
    table.add_column(ratio=4)
    table.add_column(justify="right", no_wrap=True)
    for order in orders[:limit]:
        when = str(order.business_date) if order.business_date else day(order.placed_at, tz)
        table.add_row(when, _where(order, lang), _what(order, lang), _price(order))
    if len(orders) > limit:
        table.add_row("", "", Text(word("more", lang).format(count=len(orders) - limit), QUIET))
    return table if table.row_count else nothing("orders", lang)


def _where(order: CardOrder, lang: Lang) -> Text:
    place = Text(plain(order.location or word(f"channel.{order.channel}", lang)))
    return place.append(f"\n{plain(order.connection)}", QUIET)


def _what(order: CardOrder, lang: Lang) -> Text:
    marks = [f"order.{order.kind}"] if order.kind != "sale" else []
    marks += [f"state.{order.state}"] if order.state in ("open", "cancelled", "voided") else []
    head = [Text(" · ".join(word(mark, lang) for mark in marks), "yellow")] if marks else []
    lines = [Text(_line(line, lang)) for line in order.lines]
    number = [Text(f"#{plain(order.number.lstrip('#'))}", QUIET)] if order.number else []
    return Text("\n").join([*head, *lines, *number])


def _line(line: CardLine, lang: Lang) -> str:
    title = plain(line.title or word(f"line.{line.kind}", lang))
    return title if line.quantity == 1 else f"{title} × {line.quantity}"


def _price(order: CardOrder) -> Text:
    """Quiet where the amount is not all money spent."""
    counts = order.spent.amount_minor == order.total.amount_minor
    return Text(amount(order.total), MONEY if counts else QUIET)


def _events(events: tuple[CardEvent, ...], lang: Lang, tz: ZoneInfo, limit: int) -> RenderableType:
    table = section("events", lang, "", "", "", "")
    for event in events[:limit]:
        who = " · ".join(
            plain(part) for part in (event.location, event.staff, event.connection) if part
        )
        kind = word(f"event.{event.type}", lang)
        text = Text(plain(event.text or ""))
        table.add_row(Text(day(event.occurred_at, tz), QUIET), kind, text, Text(who, QUIET))
    return table


def _notes(notes: Iterable[Sourced[str]], lang: Lang) -> RenderableType:
    table = section("notes", lang, "", "")
    for note in notes:
        table.add_row(Text(plain(note.value)), Text(plain(note.source.connection), QUIET))
    return table


def _golden(golden: Golden, lang: Lang, tz: ZoneInfo) -> RenderableType:
    table = section("golden", lang, "kind", "value", "source", "why", "at")
    if name := golden.name:
        _say(table, lang, tz, "name", name, named(name.value))
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
    return table if table.row_count else nothing("golden", lang)


def _say(table: Table, lang: Lang, tz: ZoneInfo, field: str, said: Sourced[T], value: str) -> None:
    table.add_row(
        word(f"field.{field}", lang),
        Text(plain(value)),
        Text(plain(said.source.connection)),
        Text(word(f"rule.{said.rule}", lang), QUIET),
        Text(day(said.at, tz), QUIET),
    )


def _address(address: Address) -> str:
    """Large to small, as Japanese addresses are written; what the source lacks is left out."""
    mark = "〒" if address.country in (None, "JP") else ""
    code = f"{mark}{address.postal_code.removeprefix('〒')}" if address.postal_code else None
    parts = [part for part in (address.region, address.city, address.line1) if part]
    place = "".join(parts) if mark else " ".join(parts)
    return " ".join(part for part in (code, place, address.line2) if part)
