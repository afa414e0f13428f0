"""`tokui points show` and `history`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from tokui.cli.card_offers import offers
from tokui.cli.card_points import points
from tokui.cli.meant import lang_option
from tokui.cli.output import emit, json_option, local, or_none, plain, table
from tokui.cli.people import CARD_WIDTH, SHOP_ZONE, language
from tokui.connector import Balance, Movement
from tokui.store import mirrored
from tokui.store.books import Books

from tokui_points import elsewhere, reasons
from tokui_points.cli.counter import Counter, counter
from tokui_points.cli.keeper import keeper
from tokui_points.elsewhere import Elsewhere
from tokui_points.standing import standing
from tokui_points.terms import Lang

HEADS: Mapping[Lang, Sequence[str]] = {
    "ja": ("プログラム", "番号", "日時", "種類", "ポイント", "理由"),
    "en": ("programme", "number", "when", "what", "points", "why"),
}


@click.command()
@click.argument("person")
@click.option("--fresh", is_flag=True, help="Ask those who keep points elsewhere first.")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, person: str, fresh: bool, lang: str | None, as_json: bool) -> None:
    """Show how a person stands, and what they can use."""
    now = datetime.now(UTC)
    with counter(path) as desk:
        ours, others = desk.everywhere(person)
        open_ = desk.offers(person)
        if fresh:
            others = [replace(each, balance=_read(desk, each)) for each in others]
    found = [standing(each.name, each.account, each.story, each.balance) for each in ours]
    found += [elsewhere.standing(each, now) for each in others]
    data: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in found]
    usable: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in open_]
    shown: list[RenderableType] = [points(found, language(lang), ZoneInfo(SHOP_ZONE))]
    shown += ["", offers(open_, language(lang))] if open_ else []
    data_ = {"standings": data, "offers": usable}
    emit("points.show", data_, as_json, Group(*shown), widest=CARD_WIDTH)


def _read(desk: Counter, each: Elsewhere) -> Balance | None:
    with keeper(desk, each.name) as there:
        return there.balance(each.member)


@click.command()
@click.argument("person")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@lang_option
@json_option
@click.pass_obj
def history(path: Path | None, person: str, limit: int, lang: str | None, as_json: bool) -> None:
    """
    List the movements of a person's points, the newest first.

    Of points that another system keeps: the last ones, as they were last read.
    """
    data, tongue = list[JsonValue](), language(lang)
    rows = table(*HEADS[tongue], right=HEADS[tongue][4:5])
    with counter(path) as desk:
        for name, number, move in _moves(desk, person, limit):
            said = (name, number, move.kind, move.points, move.reason)
            names = ("programme", "number", "kind", "points", "reason")
            at = move.at.isoformat()
            data.append({**dict(zip(names, said, strict=True)), "at": at, "key": move.key})
            shown, why = plain(number), plain(reasons.said(move.reason, tongue))
            kind = reasons.kind(move.kind, tongue)
            rows.add_row(name, shown, local(move.at), kind, f"{move.points:+,}", why)
    emit("points.history", {"movements": data}, as_json, or_none(rows, "no movement yet"))


def _moves(desk: Counter, person: str, limit: int) -> Iterator[tuple[str, str, Movement]]:
    """Programme and number of each movement."""
    ours, others = desk.everywhere(person)
    for one in ours:
        for move in Books(desk.store).history(one.account.member, limit):
            yield one.name, one.account.raw, move
    with desk.store.read() as tx:
        for other in others:
            for move in mirrored.history(tx, other.member)[:limit]:
                yield other.name, other.raw, move
