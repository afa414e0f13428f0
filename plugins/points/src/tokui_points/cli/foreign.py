"""`tokui points unanswered` and `retry`: what another system was asked for, and has not answered."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
from pydantic import JsonValue
from tokui.cli.exits import Unknown
from tokui.cli.output import count, emit, json_option, local, or_none, plain, table
from tokui.errors import TokuiError
from tokui.store import foreign, mirrored
from tokui.store.foreign import Errand

from tokui_points.cli.counter import Counter, counter
from tokui_points.cli.keeper import Theirs, authority


@click.command()
@json_option
@click.pass_obj
def unanswered(path: Path | None, as_json: bool) -> None:
    """List transfers that nobody knows of. Another system may have carried them out, and has not answered."""
    with counter(path) as desk:
        found = _open(desk)
    heads = ("key", "connection", "programme", "number", "what", "points", "asked", "tries", "why")
    rows = table(*heads, right=("points", "tries"))
    data: list[JsonValue] = []
    for each in found:
        said = (each.key, each.connection, each.unit, each.holder, each.kind)
        points = getattr(each.transfer, "points", None)
        rest = (each.tries, each.why or "interrupted")
        asked = each.first_asked
        data.append(dict(zip(heads, (*said, points, asked.isoformat(), *rest), strict=True)))
        shown = (*map(plain, said), "all" if points is None else f"{points:,}", local(asked))
        rows.add_row(*shown, str(rest[0]), plain(rest[1]))
    emit("points.unanswered", {"transfers": data}, as_json, or_none(rows, "all are answered"))


@click.command()
@click.argument("key", required=False)
@json_option
@click.pass_obj
def retry(path: Path | None, key: str | None, as_json: bool) -> int:
    """
    Ask again, with the same keys, for what has no answer. With KEY, for that alone.

    Exit code 6 where there is still none, 7 where something was never done and is refused now.
    """
    with counter(path) as desk:
        chosen = [each for each in _open(desk) if key in (None, each.key)]
        if key and not chosen:
            raise Unknown("no transfer without an answer has that key")
        results = list(_again(desk, chosen))
    rows = table("key", "connection", "points", "", right=("points",))
    data: list[JsonValue] = []
    for each, points, error in results:
        why = error.what if error else "done"
        said: dict[str, JsonValue] = {"key": each.key, "connection": each.connection}
        data.append({**said, "points": points, "error": why if error else None})
        shown = "" if points is None else f"{points:+,}"
        rows.add_row(plain(each.key), plain(each.connection), shown, plain(why))
    emit("points.retried", {"transfers": data}, as_json, or_none(rows, "all are answered"))
    return max((error.exit_code for _, _, error in results if error), default=0)


def doubts(desk: Counter) -> list[str]:
    """What does not add up between what was asked for and what the other systems list."""
    waiting = len(_open(desk))
    lines = [f"{count(waiting, 'transfer')} without an answer: `tokui points unanswered`"]
    return [*(lines if waiting else []), *_twice(desk)]


def _twice(desk: Counter) -> Iterator[str]:
    """A call without an answer may be carried out late, after it was asked for again."""
    with desk.store.read() as tx:
        for each in foreign.repeated(tx):
            kinds = [
                move.kind for move in mirrored.history(tx, each.member) if move.key == each.key
            ]
            times = kinds.count(each.kind) - kinds.count("undo")
            if times > 1:
                todo = "take one back with `tokui points reverse`"
                yield f"{each.connection}: {each.key} stands {times} times there; {todo}"


def _open(desk: Counter) -> list[Errand]:
    with desk.store.read() as tx:
        return list(foreign.unanswered(tx))


def _again(
    desk: Counter, chosen: list[Errand]
) -> Iterator[tuple[Errand, int | None, TokuiError | None]]:
    """What each came to: its points, or why not."""
    known: dict[str, Theirs] = {}
    with ExitStack() as stack:
        for each in chosen:
            name = each.connection
            try:
                if name not in known:
                    known[name] = Theirs(desk, stack.enter_context(authority(desk, name)))
                points = known[name].post(each.transfer).points
                known[name].balance(each.member)
            except TokuiError as error:
                yield each, None, error
            else:
                yield each, points, None
