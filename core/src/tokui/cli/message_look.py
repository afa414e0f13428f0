"""`tokui message list`, `show` and `preview`: messages as they stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast, get_args

import click
from pydantic import JsonValue
from pydantic_core import from_json
from rich.console import Group
from rich.table import Table

from tokui.cli import people
from tokui.cli.channels import channels, text_of
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import lang_option, meant
from tokui.cli.message_words import heads, state_of, told, why
from tokui.cli.output import emit, json_option, local, or_none, plain, table
from tokui.cli.words import Lang
from tokui.identity.amend import STAFF
from tokui.store import messages, profiles
from tokui.store.engine import Transaction
from tokui.store.messages import Message, State, Step

STATES: tuple[State, ...] = get_args(State)


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--connection", help="Only those of this connection.")
@click.option("--campaign", help="Only those of this campaign.")
@click.option("--profile", help="Only those to this person.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@lang_option
@json_option
@click.pass_obj
def list_(
    path: Path | None,
    state: str | None,
    connection: str | None,
    campaign: str | None,
    profile: str | None,
    limit: int,
    lang: str | None,
    as_json: bool,
) -> None:
    """List messages, the newest first. `--state unknown` are those that nobody knows of."""
    chosen = people.language(lang)
    with Desk(path).store() as store, store.read() as tx:
        found = messages.find(
            tx,
            state=cast("State | None", state),
            connection=connection,
            campaign=campaign,
            profile_id=meant(tx, profile).profile_id if profile else None,
            limit=limit,
        )
        persons = persons_of(tx, found)
    columns = heads(chosen, "message", "at", "state", "connection", "profile", "what", "why")
    rows = table(*columns, right=columns[:1])
    for each in found:
        what = each.template or each.purpose
        rows.add_row(
            str(each.id),
            local(each.at)[:16],
            state_of(each.state, each.connection, chosen),
            plain(each.connection),
            str(persons.get(each.customer_id, "–")),
            plain(f"{what} ({each.campaign})" if each.campaign else what),
            plain(why(each, chosen)),
        )
    listed: list[JsonValue] = [as_data(each, persons, chosen) for each in found]
    emit("message.list", {"messages": listed}, as_json, or_none(rows, told("none", chosen)))


@click.command()
@click.argument("number", type=click.IntRange(min=1), metavar="MESSAGE")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, number: int, lang: str | None, as_json: bool) -> None:
    """Show one message, and everything that became of it."""
    chosen = people.language(lang)
    with Desk(path).store() as store, store.read() as tx:
        found = the_one(tx, number)
        steps, persons = messages.steps(tx, number), persons_of(tx, [found])
    rows = table(*heads(chosen, "at", "state", "who", "why"))
    for step in steps:
        said = state_of(step.state, found.connection, chosen)
        who = plain((step.actor or "").removeprefix(STAFF))
        rows.add_row(local(step.at), said, who, plain(why(step, chosen)))
    data = as_data(found, persons, chosen)
    data["steps"] = [_step_data(step, chosen) for step in steps]
    emit("message.show", data, as_json, Group(_facts(found, persons, chosen), "", rows))


@click.command()
@click.argument("number", type=click.IntRange(min=1), metavar="MESSAGE")
@json_option
@click.pass_obj
def preview(path: Path | None, number: int, as_json: bool) -> None:
    """Show what the person reads."""
    desk = Desk(path)
    found = channels(desk.hub(), quiet=True)
    with desk.store() as store, store.read() as tx:
        message = the_one(tx, number)
    text = text_of(found, message)
    data = {"message_id": number, "text": text, "content": from_json(message.content)}
    emit("message.preview", data, as_json, "\n".join(plain(line) for line in text.splitlines()))


def the_one(tx: Transaction, number: int) -> Message:
    """
    The message of that number.

    Raises:
        Unknown: There is none.
    """
    found = messages.get(tx, number)
    if found is None:
        raise Unknown(f"there is no message {number}; `tokui message list` lists them")
    return found


def persons_of(tx: Transaction, found: list[Message]) -> dict[int, int]:
    """The profile of each customer that is written to."""
    places = profiles.places_of(tx, {each.customer_id for each in found})
    return {row_id: place[2] for row_id, place in places.items()}


def as_data(message: Message, persons: Mapping[int, int], lang: Lang) -> dict[str, JsonValue]:
    """For `--json`."""
    return {
        "message_id": message.id,
        "profile_id": persons.get(message.customer_id),
        "state": message.state,
        "connection": message.connection,
        "address": message.address,
        "purpose": message.purpose,
        "topic": message.topic,
        "language": message.language,
        "template": message.template,
        "campaign": message.campaign,
        "author": message.author,
        "approved_by": message.approved_by,
        "rule": message.rule,
        "reason": message.reason,
        "says": why(message, lang) or None,
        "due_at": message.due_at.isoformat(),
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "provider_id": message.provider_id,
        "at": message.at.isoformat(),
    }


def _step_data(step: Step, lang: Lang) -> JsonValue:
    return {
        "state": step.state,
        "rule": step.rule,
        "reason": step.reason,
        "says": why(step, lang) or None,
        "actor": step.actor,
        "at": step.at.isoformat(),
    }


def _facts(message: Message, persons: Mapping[int, int], lang: Lang) -> Table:
    rows = table("", "")
    rows.show_header = False
    facts = {
        "message": str(message.id),
        "state": state_of(message.state, message.connection, lang),
        "profile": str(persons.get(message.customer_id, "–")),
        "connection": message.connection,
        "address": message.address,
        "purpose": " / ".join(part for part in (message.purpose, message.topic) if part),
        "template": message.template or "–",
        "campaign": message.campaign or "–",
    }
    for name, value in facts.items():
        rows.add_row(told(name, lang), plain(value))
    return rows
