"""`tokui draw open`, `play` and `close`: said by a named person."""

import secrets
from pathlib import Path
from uuid import uuid4

import click
from pydantic import JsonValue
from tokui.cli.meant import as_option, lang_option
from tokui.cli.output import emit, json_option
from tokui.cli.people import language

from tokui_points.cli.booth import booth, hashes
from tokui_points.gacha import law, playing
from tokui_points.gacha.secret import LENGTH
from tokui_points.gacha.words import said


@click.command("open")
@click.argument("name")
@as_option()
@lang_option
@json_option
@click.pass_obj
def begin(path: Path | None, name: str, staff: str, lang: str | None, as_json: bool) -> None:
    """
    Open a draw: its rules stand from now on.

    Makes the secret seed, puts the prizes in stock, and prints what to publish before the first draw.
    """
    chosen = language(lang)
    with booth(path, name) as at:
        opened = playing.begin(at.game, secrets.token_bytes(LENGTH), staff)
        draw = at.game.draw
    duty = law.duty(draw, chosen)
    data: dict[str, JsonValue] = {**opened.body, "hash": opened.hash, "duty": list(duty)}
    title = draw.title.called(name, chosen)
    shown = [said("opened", chosen, title=title), *hashes(opened, chosen), *duty]
    emit("draw.open", data, as_json, "\n".join(shown))


@click.command()
@click.argument("name")
@click.argument("person")
@click.option("--number", help="Which card pays, where a person has several.")
@click.option("--key", help="The same key is the same draw; else a new one is made.")
@as_option()
@lang_option
@json_option
@click.pass_obj
def play(
    path: Path | None,
    name: str,
    person: str,
    number: str | None,
    key: str | None,
    staff: str,
    lang: str | None,
    as_json: bool,
) -> None:
    """Draw for a person. All of it is paid, drawn and written down, or nothing."""
    key, chosen = key or f"hand-{uuid4().hex}", language(lang)
    with booth(path, name) as at:
        made = playing.play(at.game, at.player(person, number), key, staff)
        prizes = {each.name: each.title for each in at.game.draw.prizes}
    prize = str(made.body["prize"])
    data: dict[str, JsonValue] = {**made.body, "key": key, "hash": made.hash}
    shown = said("drawn", chosen, n=made.n, prize=prizes[prize].called(prize, chosen))
    emit("draw.play", data, as_json, f"{shown}\n{said('receipt', chosen)}: {made.hash}")


@click.command("close")
@click.argument("name")
@as_option()
@lang_option
@json_option
@click.pass_obj
def end(path: Path | None, name: str, staff: str, lang: str | None, as_json: bool) -> None:
    """Close a draw for good: its seed is public from now on."""
    chosen = language(lang)
    with booth(path, name) as at:
        closed = playing.end(at.game, staff)
        title = at.game.draw.title.called(name, chosen)
    data: dict[str, JsonValue] = {**closed.body, "hash": closed.hash}
    emit("draw.close", data, as_json, said("ended", chosen, title=title))
