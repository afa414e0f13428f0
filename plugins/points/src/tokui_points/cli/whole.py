"""`tokui points earn`, `reconcile` and `expire`: everybody's books."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from pydantic import JsonValue
from tokui.cli.exits import PROBLEMS
from tokui.cli.output import count, emit, json_option, or_none, table
from tokui.connector import Earn, Redeem, Transfer
from tokui.store.books import Books
from tokui.sync.earn import earn as earned

from tokui_points.cli.counter import counter
from tokui_points.cli.foreign import doubts


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be posted, and post nothing.")
@json_option
@click.pass_obj
def earn(path: Path | None, dry_run: bool, as_json: bool) -> None:
    """
    Post what facts earn, for everybody.

    A sync does that for those of whom it brings news. Run this when a programme begins.
    """
    with counter(path) as desk:
        sums = _sums(earned(desk.store, desk.hub, desk.trust, dry_run=dry_run))
    _say("points.earn", sums, as_json, "nothing is owed to anybody")


@click.command()
@json_option
@click.pass_obj
def reconcile(path: Path | None, as_json: bool) -> int:
    """
    Hold the books to the facts and to themselves; change nothing.

    Exit code 8 where something differs: `points earn` brings the books to the facts.
    """
    with counter(path) as desk:
        sums = _sums(earned(desk.store, desk.hub, desk.trust, dry_run=True))
        books = [f"the books: {fault}" for fault in Books(desk.store).check()]
        faults = [*books, *doubts(desk)]
    data: dict[str, JsonValue] = {"differences": _data(sums), "faults": list(faults)}
    lines = [*faults]
    lines += [
        f"{name}: {count(n, 'transfer')} to {what} are missing"
        for (name, what), (n, _) in sums.items()
    ]
    emit("points.reconcile", data, as_json, "\n".join(lines) or "the books say what the facts say")
    return PROBLEMS if lines else 0


@click.command()
@json_option
@click.pass_obj
def expire(path: Path | None, as_json: bool) -> None:
    """Book what has ended by itself: balances count it as ended already."""
    with counter(path) as desk:
        done = Books(desk.store).settle()
    emit("points.expire", {"transfers": done}, as_json, f"{count(done, 'transfer')} booked")


Sums = dict[tuple[str, str], tuple[int, int]]


def _sums(transfers: Iterable[Transfer]) -> Sums:
    """How many transfers, and of how many points, by programme and what they do."""
    many, points = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in transfers:
        what = (
            "earn"
            if isinstance(each, Earn)
            else "expire"
            if isinstance(each, Redeem)
            else "take back"
        )
        many[each.member.programme, what] += 1
        points[each.member.programme, what] += getattr(each, "points", 0) or 0
    return {key: (many[key], points[key]) for key in many}


def _data(sums: Sums) -> list[JsonValue]:
    return [
        {"programme": name, "what": what, "transfers": n, "points": points}
        for (name, what), (n, points) in sums.items()
    ]


def _say(name: str, sums: Sums, as_json: bool, nothing: str) -> None:
    rows = table("programme", "what", "transfers", "points", right=("transfers", "points"))
    for (programme, what), (n, points) in sums.items():
        rows.add_row(programme, what, f"{n:,}", f"{points:,}")
    emit(name, {"posted": _data(sums)}, as_json, or_none(rows, nothing))
