"""`tokui points redeem`, `reverse` and `adjust`: moved by hand, by a named person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import click
from tokui.cli.meant import as_option
from tokui.cli.output import emit, json_option
from tokui.connector import Earn, Member, Redeem, Reverse, Transfer
from tokui.errors import PolicyRefusal

from tokui_points.cli.counter import counter
from tokui_points.cli.keeper import keeper
from tokui_points.settings import OURS

F = TypeVar("F", bound=Callable[..., object])


def _by_hand(command: F) -> F:
    """What all of them take."""
    options: list[Callable[[Any], Any]] = [
        click.option("--programme", help="Which one, where a person is in several."),
        click.option("--number", help="Which card, where a person has several."),
        click.option("--key", help="The same key moves points once; else a new one is made."),
        as_option(),
        json_option,
        click.pass_obj,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("person")
@click.argument("points", type=click.IntRange(min=1))
@click.option("--reason", default="", help="Shown to staff.")
@_by_hand
def redeem(path: Path | None, points: int, reason: str, staff: str, **which: Any) -> None:
    """Let a person spend points: all of them, or none."""
    _move(path, which, lambda key, member: Redeem(key, member, points, _said(staff, reason)))


@click.command()
@click.argument("person")
@click.argument("of")
@click.option("--points", type=click.IntRange(min=1), help="A part of it; else all that is left.")
@click.option("--reason", default="", help="Shown to staff.")
@click.option("--refuse-debt", is_flag=True, help="Take nothing back where points are spent.")
@_by_hand
def reverse(
    path: Path | None,
    of: str,
    points: int | None,
    reason: str,
    refuse_debt: bool,
    staff: str,
    **which: Any,
) -> None:
    """Take a transfer back. OF is its key, as `points history --json` lists it."""
    shortfall: Any = "refuse" if refuse_debt else "debt"
    said = _said(staff, reason)
    _move(path, which, lambda key, member: Reverse(key, member, of, said, points, shortfall))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("person")
@click.argument("points", type=int)
@click.option("--reason", required=True, help="Why: kept for good.")
@_by_hand
def adjust(path: Path | None, points: int, reason: str, staff: str, **which: Any) -> None:
    """Give points (120), or take them (-120). It corrects a mistake, or brings an opening balance."""
    if not points:
        raise click.UsageError("0 points are no adjustment.")
    if not reason.strip():
        raise click.UsageError("Say why, by --reason.")
    said = _said(staff, reason)

    def made(key: str, member: Member) -> Transfer:
        kind = Earn if points > 0 else Redeem
        return kind(key, member, abs(points), said)

    _move(path, which, made, ours=True)


def _said(staff: str, reason: str) -> str:
    return f"{staff}: {reason}".removesuffix(": ")[:200]


def _move(
    path: Path | None,
    which: dict[str, Any],
    make: Callable[[str, Member], Transfer],
    ours: bool = False,
) -> None:
    key = which["key"] or f"hand-{uuid4().hex}"
    with counter(path) as desk:
        member = desk.member(which["person"], which["programme"], which["number"])
        kept_by = desk.settings.programmes[member.programme].authority
        if ours and kept_by != OURS:
            what = f"`{kept_by}` gives the points of {member.programme}"
            raise PolicyRefusal(what, who="points", todo="adjust them there")
        with keeper(desk, member.programme) as books:
            posted = books.post(make(key, member))
            balance = books.balance(member)
    left = balance.points if balance else None
    data = {"key": key, "points": posted.points, "balance": left}
    rest = "" if left is None else f"; {left:,} can be spent now"
    emit("points.moved", data, which["as_json"], f"{posted.points:+,} points{rest}")
