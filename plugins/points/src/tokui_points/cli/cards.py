"""`tokui points move`: a card in the place of another, by a named person."""

from pathlib import Path
from uuid import uuid4

import click
from pydantic import JsonValue
from tokui.cli.customer import the_one
from tokui.cli.exits import Unknown
from tokui.cli.meant import as_option
from tokui.cli.output import count, emit, json_option
from tokui.connector import Member, Move
from tokui.errors import PolicyRefusal
from tokui.identity.view import snapshot
from tokui.store import issuers
from tokui.store.books import Books

from tokui_points.accounts import member_of
from tokui_points.cli.counter import Counter, counter
from tokui_points.settings import OURS


@click.command()
@click.argument("person")
@click.argument("old")
@click.argument("new")
@click.option("--programme", help="Which one, where a person is in several.")
@click.option("--reason", default="", help="Shown to staff.")
@click.option("--key", help="The same key moves points once; else a new one is made.")
@as_option()
@json_option
@click.pass_obj
def move(
    path: Path | None,
    person: str,
    old: str,
    new: str,
    programme: str | None,
    reason: str,
    key: str | None,
    staff: str,
    as_json: bool,
) -> None:
    """
    Move all that is on the number OLD to NEW. PERSON bears NEW.

    Points keep their ends, and what was bought with OLD is taken back from NEW from now on. `points
    reverse` with the key of it moves back what is left.
    """
    key = key or f"hand-{uuid4().hex}"
    with counter(path) as desk:
        to = desk.member(person, programme, new)
        kept_by = desk.settings.programmes[to.programme].authority
        if kept_by != OURS:
            what = f"`{kept_by}` gives the points of {to.programme}"
            raise PolicyRefusal(what, who="points", todo="move them there")
        source = _source(desk, person, to, old)
        _check_alone(desk, person, source)
        said = f"{staff}: {reason}".removesuffix(": ")[:200]
        books = Books(desk.store)
        posted = books.post(Move(key, source, to.member_no, said))
        balance = books.balance(to)
    data: dict[str, JsonValue] = {"key": key, "points": -posted.points, "balance": balance.points}
    shown = f"{count(-posted.points, 'point')} moved; {balance.points:,} can be spent now"
    emit("points.moved", data, as_json, shown)


def _source(desk: Counter, person: str, to: Member, old: str) -> Member:
    """
    The account of the old number.

    Raises:
        Unknown: Nothing was ever posted under it.
    """
    for each in desk.memberships(person):
        if each.name == to.programme and each.account.raw == old:
            return each.account.member
    found = member_of(to.programme, desk.settings.programmes[to.programme], old)
    if found is None or not Books(desk.store).history(found, 1):
        raise Unknown("nothing was ever posted under the old number; look at how it is written")
    return found


def _check_alone(desk: Counter, person: str, source: Member) -> None:
    """
    Somebody else who bears the number would have nothing any more.

    Raises:
        PolicyRefusal: There is one.
    """
    kind = desk.settings.programmes[source.programme].number
    issuer = desk.settings.programmes[source.programme].issuer
    with snapshot(desk.store, desk.trust) as (view, tx):
        known = [who for what, who in issuers.in_use(tx) if what == kind and issuer in (None, who)]
        found = {each for who in known for each in view.bearers(kind, who, source.member_no)}
        if found - {the_one(desk.desk, tx, person, desk.trust)}:
            todo = "if they are one person, join them with `tokui customer merge`"
            raise PolicyRefusal("somebody else bears the old number", who="points", todo=todo)
