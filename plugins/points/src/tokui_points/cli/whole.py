"""`tokui points earn`, `reconcile` and `expire`: everybody's books."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from pydantic import JsonValue
from tokui.cli.exits import PROBLEMS
from tokui.cli.output import count, emit, json_option, note, or_none, plain, table
from tokui.cli.sync import tune_gc
from tokui.connector import Earn, Move, Redeem, Transfer
from tokui.store.books import Books
from tokui.sync.earn import Owed
from tokui.sync.earn import earn as everybody_earns

from tokui_points.cli.counter import counter
from tokui_points.cli.foreign import doubts

PARTLY = 5
LISTED, SHOWN = 1_000, 20
"""Transfers that are named one by one, for programs and for people; all are counted."""

EARN = "`tokui points earn` posts it"
BY_HAND = "look at `tokui points history`, and correct it with `tokui points adjust`"


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be posted, and post nothing.")
@json_option
@click.pass_obj
def earn(path: Path | None, dry_run: bool, as_json: bool) -> int:
    """
    Post what facts earn, for everybody.

    A sync does that for those of whom it brings news. Run this when a programme begins. Exit code 5
    where the books refused something: `points reconcile` says what, and what to do.
    """
    found = _owed(path, dry_run=dry_run)
    data: dict[str, JsonValue] = {"posted": found.sums, "refused": found.refused}
    rows = table("programme", "what", "transfers", "points", right=("transfers", "points"))
    for (programme, what), (n, points) in found.posted.items():
        rows.add_row(programme, what, f"{n:,}", f"{points:,}")
    emit("points.earn", data, as_json, or_none(rows, "nothing is owed to anybody"))
    if found.refused:
        note(f"the books refuse {count(found.refused, 'transfer')}: `tokui points reconcile` lists")
    return PARTLY if found.refused else 0


@click.command()
@json_option
@click.pass_obj
def reconcile(path: Path | None, as_json: bool) -> int:
    """
    Hold the books to the facts and to themselves; change nothing.

    Exit code 8 where something differs: `points earn` brings the books to the facts. What the books
    refuse is listed with what to do about it.
    """
    found = _owed(path, dry_run=True)
    with counter(path) as desk:
        books = [f"the books: {fault}" for fault in Books(desk.store).check()]
        faults = [*books, *doubts(desk)]
    missing: list[JsonValue] = [_missing(each) for each in found.examples]
    data: dict[str, JsonValue] = {"differences": found.sums, "faults": list(faults)}
    data |= {"missing": missing, "refused": found.refused}
    lines = [*faults, *_said(found)]
    emit("points.reconcile", data, as_json, "\n".join(lines) or "the books say what the facts say")
    return PROBLEMS if lines else 0


@click.command()
@json_option
@click.pass_obj
def expire(path: Path | None, as_json: bool) -> None:
    """Book what has ended by itself. Balances count it as ended already."""
    with counter(path) as desk:
        done = Books(desk.store).settle()
    emit("points.expire", {"transfers": done}, as_json, f"{count(done, 'transfer')} booked")


@dataclass(slots=True)
class Found:
    """
    What is owed to everybody.

    Attributes:
        posted: How many transfers the books take, and of how many points, by programme and what they do.
        refused: How many they do not.
    """

    posted: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    refused: int = 0
    _taken: list[Owed] = field(default_factory=list)
    _refused: list[Owed] = field(default_factory=list)

    def take(self, each: Owed) -> None:
        """One more."""
        some = self._refused if each.refusal else self._taken
        if len(some) < LISTED:
            some.append(each)
        if each.refusal:
            self.refused += 1
            return
        key = each.transfer.member.programme, _what(each.transfer)
        n, points = self.posted.get(key, (0, 0))
        self.posted[key] = n + 1, points + _points(each.transfer)

    @property
    def examples(self) -> list[Owed]:
        """Some of all, those that are refused first."""
        return [*self._refused, *self._taken][:LISTED]

    @property
    def sums(self) -> list[JsonValue]:
        """`posted`, for programs."""
        return [
            {"programme": name, "what": what, "transfers": n, "points": points}
            for (name, what), (n, points) in self.posted.items()
        ]


def _owed(path: Path | None, *, dry_run: bool) -> Found:
    tune_gc()
    found = Found()
    with counter(path) as desk:
        for each in everybody_earns(desk.store, desk.hub, desk.trust, dry_run=dry_run):
            found.take(each)
    return found


def _what(transfer: Transfer) -> str:
    if isinstance(transfer, Earn):
        return "earn"
    if isinstance(transfer, Move):
        return "move"
    return "expire" if isinstance(transfer, Redeem) else "take back"


def _points(transfer: Transfer) -> int:
    return getattr(transfer, "points", 0) or 0


def _missing(each: Owed) -> JsonValue:
    transfer, refusal = each.transfer, each.refusal
    return {
        "programme": transfer.member.programme,
        "profile_id": each.profile_id,
        "what": _what(transfer),
        "points": _points(transfer),
        "reason": transfer.reason,
        "refused": refusal.what if refusal else None,
        "todo": (refusal.todo or BY_HAND) if refusal else EARN,
    }


def _said(found: Found) -> Iterator[str]:
    for (name, what), (n, _) in found.posted.items():
        yield f"{name}: {count(n, 'transfer')} to {what} are missing; `tokui points earn` posts them"
    if found.refused:
        yield f"the books refuse {count(found.refused, 'transfer')}"
    yield from map(_line, found.examples[:SHOWN])
    if len(found.examples) > SHOWN:
        yield f"  and more: --json lists {LISTED:,}"


def _line(each: Owed) -> str:
    transfer, refusal = each.transfer, each.refusal
    said = f"  {transfer.member.programme}, profile:{each.profile_id}: {_what(transfer)} "
    said += f"{_points(transfer):,} ({plain(transfer.reason)})"
    return f"{said}: refused, {refusal.what}; {refusal.todo or BY_HAND}" if refusal else said
