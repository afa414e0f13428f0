"""`tokui draw show`, `check` and `publish`: how a draw stands, and what anybody may know of it."""

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from tokui.cli.exits import PROBLEMS
from tokui.cli.meant import lang_option
from tokui.cli.output import emit, json_option, state, table
from tokui.cli.people import language
from tokui.connector import Finding
from tokui.errors import ConfigError
from tokui.store import chains

from tokui_points.cli.booth import booth, hashes
from tokui_points.gacha import law, publication
from tokui_points.gacha.game import Game, State
from tokui_points.gacha.words import said
from tokui_points.terms import Lang


@click.command()
@click.argument("name")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, name: str, lang: str | None, as_json: bool) -> None:
    """Show how a draw stands: odds, what is left, what was drawn."""
    with booth(path, name) as at:
        game, now = at.game, at.game.state()
    prizes: list[JsonValue] = [
        {
            "name": prize.name,
            "odds": str(prize.chance),
            "stock": prize.stock,
            "left": now.left.get(prize.name),
            "drawn": now.drawn[prize.name],
        }
        for prize in game.draw.prizes
    ]
    data: dict[str, JsonValue] = {
        "draw": name,
        "state": now.phase,
        "draws": now.drawn.total(),
        "prizes": prizes,
        "hash": now.opened.hash if now.opened else None,
        "opened": dict(now.opened.body) if now.opened else None,
    }
    emit("draw.show", data, as_json, Group(*_shown(game, now, language(lang))))


def _shown(game: Game, now: State, lang: Lang) -> Iterator[RenderableType]:
    draw = game.draw
    yield f"{draw.title.called(game.name, lang)}: {said(now.phase, lang)}"
    yield f"{said('days', lang)}: {draw.since} – {draw.until}"
    yield f"{said('draws', lang)}: {now.drawn.total():,}"
    yield from hashes(now.opened, lang) if now.opened else ()
    words = [said(word, lang) for word in ("prize", "odds", "stock", "left", "won")]
    rows = table(*words, right=words[1:])
    for prize in draw.prizes:
        there = "∞" if prize.stock is None else prize.stock
        left = now.left.get(prize.name, there)
        cells = (prize.odds, there, left, now.drawn[prize.name])
        rows.add_row(prize.title.called(prize.name, lang), *map(str, cells))
    yield rows


@click.command()
@click.argument("name")
@lang_option
@json_option
@click.pass_obj
def check(path: Path | None, name: str, lang: str | None, as_json: bool) -> int:
    """
    Hold a draw to its rules, its record, and the limits of 景品表示法.

    Exit code 8 where something is wrong.
    """
    with booth(path, name) as at:
        found = [*law.findings(at.game.draw, language(lang)), *_kept(at.game, language(lang))]
    data: list[JsonValue] = [
        {"level": each.level, "what": each.what, "todo": each.todo} for each in found
    ]
    rows = table("", "", "")
    rows.show_header = False
    for each in found:
        rows.add_row(state(each.level), each.what, each.todo or "")
    emit("draw.check", {"findings": data}, as_json, rows)
    return PROBLEMS if any(each.level == "problem" for each in found) else 0


def _kept(game: Game, lang: Lang) -> Iterator[Finding]:
    """Of a draw that is open: rules, secret and record."""
    with game.store.read() as tx:
        count, broken = chains.count(tx, game.chain), chains.broken(tx, game.chain)
    if not count:
        return
    try:
        game.secret()
    except ConfigError as error:
        yield Finding("problem", said("lost", lang), str(error))
    else:
        yield Finding("ok", said("kept", lang))
    if broken is None:
        yield Finding("ok", said("whole", lang, count=f"{count:,}"))
    else:
        yield Finding("problem", said("broken", lang, n=broken + 1), said("broken.todo", lang))


@click.command()
@click.argument("name")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@lang_option
@json_option
@click.pass_obj
def publish(path: Path | None, name: str, folder: Path, lang: str | None, as_json: bool) -> None:
    """
    Write what is public into FOLDER.

    The rules, the draws, the seed after the end, and how to verify them.
    """
    with booth(path, name) as at, at.game.store.read() as tx:
        count = chains.count(tx, at.game.chain)
        if not count:
            raise at.game.refused("it is not open yet", f"run `tokui draw open {name}`")
        file = publication.write(chains.lines(tx, at.game.chain), folder, name)
    data: dict[str, JsonValue] = {"file": str(file), "lines": count}
    shown = said("published", language(lang), count=f"{count:,}", file=file)
    emit("draw.publish", data, as_json, shown)
