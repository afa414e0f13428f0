"""`tokui points show` and `history`."""

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
from tokui.store.books import Books

from tokui_points.cli.counter import counter
from tokui_points.standing import standing


@click.command()
@click.argument("person")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, person: str, lang: str | None, as_json: bool) -> None:
    """Show how a person stands in each programme, and what they can use."""
    with counter(path) as desk:
        found = [
            standing(each.name, each.account, each.story, each.balance)
            for each in desk.memberships(person)
        ]
        open_ = desk.offers(person)
    data: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in found]
    usable: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in open_]
    shown: list[RenderableType] = [points(found, language(lang), ZoneInfo(SHOP_ZONE))]
    shown += ["", offers(open_, language(lang))] if open_ else []
    data_ = {"standings": data, "offers": usable}
    emit("points.show", data_, as_json, Group(*shown), widest=CARD_WIDTH)


@click.command()
@click.argument("person")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@click.pass_obj
def history(path: Path | None, person: str, limit: int, as_json: bool) -> None:
    """List the movements of a person's points, the newest first."""
    rows = table("programme", "number", "when", "what", "points", "why", right=("points",))
    data: list[JsonValue] = []
    with counter(path) as desk:
        for each in desk.memberships(person):
            for move in Books(desk.store).history(each.account.member, limit):
                said = (each.name, each.account.raw, move.kind, move.points, move.reason)
                names = ("programme", "number", "kind", "points", "reason")
                at = move.at.isoformat()
                data.append({**dict(zip(names, said, strict=True)), "at": at, "key": move.key})
                number, why = plain(each.account.raw), plain(move.reason)
                rows.add_row(each.name, number, local(move.at), move.kind, f"{move.points:+,}", why)
    emit("points.history", {"movements": data}, as_json, or_none(rows, "no movement yet"))
