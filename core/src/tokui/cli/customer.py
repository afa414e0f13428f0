"""`tokui customer`: find a person, show the card, write down a note or a visit."""

from datetime import datetime
from pathlib import Path
from uuid import uuid4

import click
from pydantic import JsonValue

from tokui.cli import amend, people
from tokui.cli.card import render
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.history import history
from tokui.cli.meant import lang_option, staff_option
from tokui.cli.moments import Moment
from tokui.cli.output import console, emit, json_option, note, or_none
from tokui.cli.words import word
from tokui.identity.rules import Trust
from tokui.identity.search import find
from tokui.identity.view import profile, snapshot
from tokui.store import notes
from tokui.store.engine import Transaction
from tokui.store.notes import Jotting
from tokui.sync.compose import trust

EXAMPLES = """\
A QUERY is a profile's number (17, or profile:17 where it may also be another number), an e-mail
address, a phone or member number, the last four digits of a phone, a source's own id (0012, or
ginza-till:0012), or a name, a given name or a nickname, or how it begins: in kanji, kana or Latin
letters."""


@click.group()
def customer() -> None:
    """Find a person; show the card; add a note."""


for command in (amend.merge, amend.unmerge, amend.split, history):
    customer.add_command(command)


@customer.command("find", epilog=EXAMPLES)
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@lang_option
@json_option
@click.pass_obj
def find_(path: Path | None, query: str, limit: int, lang: str | None, as_json: bool) -> None:
    """List whom a query may mean."""
    desk = Desk(path)
    whose = trust(desk.config, desk.hub_for_reading())
    with desk.store() as store, store.read() as tx:
        ids = find(tx, query, desk.config.connections, limit)
        met = people.found(tx, ids, whose)
    shown = or_none(people.listed(met, lang), word("nobody_found", people.language(lang)))
    emit("customer.find", {"profiles": people.as_data(met)}, as_json, shown)


@customer.command(epilog=EXAMPLES)
@click.argument("query")
@lang_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="Purchases to show.")
@json_option
@click.pass_obj
def show(path: Path | None, query: str, lang: str | None, limit: int, as_json: bool) -> None:
    """Show one person's card."""
    desk = Desk(path)
    hub = desk.hub_for_reading()
    whose = trust(desk.config, hub)
    with desk.store() as store, snapshot(store, whose) as (view, tx):
        person = profile(tx, the_one(desk, tx, query, whose), whose)
        assert person  # noqa: S101 - it was just found on this snapshot
        asked = people.card(hub, tx, view, person)
    for failure in asked.failures:
        note(f"warning: {failure}")
    shown = render(asked.card, people.language(lang), tz=people.SHOP_ZONE, limit=limit)
    data = asked.card.model_dump(mode="json", exclude_none=True)
    emit("customer.show", {"card": data}, as_json, shown, widest=people.CARD_WIDTH)


@customer.command("note", epilog=EXAMPLES)
@click.argument("query")
@click.argument("text")
@staff_option("Who writes it: name or id.")
@click.option(
    "--at", type=Moment(past=True), default="now", help="When: 2026-11-01T10:00, yesterday."
)
@lang_option
@json_option
@click.pass_obj
def note_(
    path: Path | None,
    query: str,
    text: str,
    staff: str,
    at: datetime,
    lang: str | None,
    as_json: bool,
) -> None:
    """Write a note on a person."""
    if not text.strip():
        raise click.UsageError("The note is empty.")
    _write(Desk(path), query, lang, as_json, Jotting("note", at, staff, text.strip()))


@customer.command(epilog=EXAMPLES)
@click.argument("query")
@staff_option("Who served: name or id.")
@click.option(
    "--at", type=Moment(past=True), default="now", help="When: 2026-11-01T10:00, yesterday."
)
@click.option("--location", help="In which store: name or id.")
@click.option("--text", help="What there is to say about it.")
@lang_option
@json_option
@click.pass_obj
def visit(
    path: Path | None,
    query: str,
    staff: str,
    at: datetime,
    location: str | None,
    text: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Write down that a person came by."""
    _write(Desk(path), query, lang, as_json, Jotting("visit", at, staff, text, location))


def the_one(desk: Desk, tx: Transaction, query: str, whose: Trust) -> int:
    """
    The one profile that the query means.

    Raises:
        Unknown: Nobody, or several; those are listed on stderr.
    """
    ids = find(tx, query, desk.config.connections)
    if not ids:
        raise Unknown(
            "nobody is found by that; `tokui customer find` takes the beginning of a name"
        )
    if len(ids) > 1:
        console(err=True).print(people.listed(people.found(tx, ids, whose)))
        raise Unknown("several people are found by that; name one, as profile:NUMBER")
    return ids[0]


def _write(desk: Desk, query: str, lang: str | None, as_json: bool, jotting: Jotting) -> None:
    whose = trust(desk.config, desk.hub_for_reading())
    with desk.store() as store:
        with store.read() as tx:
            number = the_one(desk, tx, query, whose)
        event = notes.write(store, number, uuid4().hex, jotting)
    data: dict[str, JsonValue] = {"profile_id": number}
    data["event"] = event.model_dump(mode="json", exclude_none=True)
    chosen = people.language(lang)
    what = word(f"event.{event.type}", chosen)
    shown = word("jotted", chosen).format(what=what, profile=number)
    emit(f"customer.{event.type}", data, as_json, shown)
