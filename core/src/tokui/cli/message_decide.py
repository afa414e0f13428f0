"""`tokui message approve`, `cancel` and `retry`: what people decide on messages."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import JsonValue

from tokui.cli import people
from tokui.cli.desk import Desk
from tokui.cli.exits import Unknown
from tokui.cli.meant import as_option, lang_option
from tokui.cli.message_words import told
from tokui.cli.output import confirm, emit, json_option, yes_option
from tokui.cli.words import Lang
from tokui.store import messages, turns
from tokui.store.engine import Transaction
from tokui.store.messages import WAITING, Message, State


def which(command: Callable[..., Any]) -> Callable[..., Any]:
    """Messages by their numbers, or all of a campaign; and `--dry-run`, `--lang`, `--json`."""
    for option in (
        json_option,
        lang_option,
        click.option("--dry-run", is_flag=True, help="Say which, and do nothing."),
        click.option("--campaign", metavar="NAME", help="All of a campaign that can be."),
        click.argument("numbers", nargs=-1, type=click.IntRange(min=1), metavar="[MESSAGE]..."),
    ):
        command = option(command)
    return command


@click.command()
@which
@as_option()
@click.pass_obj
def approve(
    path: Path | None,
    numbers: tuple[int, ...],
    campaign: str | None,
    staff: str,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Let drafts go out. The name is kept."""
    with Desk(path).store() as store, store.write(dry_run=dry_run) as tx:
        found = chosen(tx, numbers, campaign, ("draft",))
        done = turns.approve(tx, _ids(found), staff)
    _say("approve", done, dry_run, people.language(lang), as_json)


@click.command()
@which
@as_option()
@click.option("--reason", help="Why; no name, address or number in it.")
@click.pass_obj
def cancel(
    path: Path | None,
    numbers: tuple[int, ...],
    campaign: str | None,
    staff: str,
    reason: str | None,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """Take back what was not sent yet."""
    with Desk(path).store() as store, store.write(dry_run=dry_run) as tx:
        found = chosen(tx, numbers, campaign, ("draft", *WAITING))
        done = turns.cancel(tx, _ids(found), "staff", reason, staff)
    _say("cancel", done, dry_run, people.language(lang), as_json)


@click.command()
@which
@as_option()
@yes_option
@click.pass_obj
def retry(
    path: Path | None,
    numbers: tuple[int, ...],
    campaign: str | None,
    staff: str,
    yes: bool,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> None:
    """
    Send again what failed, or what nobody knows of.

    A message of which nobody knows may be read twice: that is yours to decide.
    """
    language = people.language(lang)
    with Desk(path).store() as store:
        with store.read() as tx:
            found = chosen(tx, numbers, campaign, ("failed", "unknown"))
        doubtful = sum(each.state == "unknown" for each in found)
        if doubtful and not dry_run:
            confirm(told("again", language, count=doubtful), yes)
        with store.write(dry_run=dry_run) as tx:
            done = turns.retry(tx, _ids(found), staff)
    _say("retry", done, dry_run, language, as_json)


def chosen(
    tx: Transaction, numbers: Collection[int], campaign: str | None, states: Sequence[State]
) -> list[Message]:
    """
    The messages that a command is about.

    Raises:
        click.UsageError: Neither numbers nor a campaign, or both.
        Unknown: There is no such message, or it is in no state for that.
    """
    if bool(numbers) is bool(campaign):
        raise click.UsageError("Name messages by their numbers, or a campaign by --campaign.")
    if campaign:
        if not messages.find(tx, campaign=campaign, limit=1):
            raise Unknown("there is no such campaign; `tokui message list --json` names them")
        return [
            each
            for state in states
            for each in messages.find(tx, campaign=campaign, state=state, limit=None)
        ]
    found = {each.id: each for each in messages.these(tx, set(numbers))}
    if missing := [number for number in numbers if number not in found]:
        raise Unknown(f"there is no message {missing[0]}; `tokui message list` lists them")
    if wrong := [each for each in found.values() if each.state not in states]:
        raise Unknown(
            f"message {wrong[0].id} is {wrong[0].state}; this is for what is {' or '.join(states)}"
        )
    return list(found.values())


def _ids(found: Collection[Message]) -> list[int]:
    return [each.id for each in found]


def _say(name: str, ids: Sequence[int], dry_run: bool, lang: Lang, as_json: bool) -> None:
    listed: list[JsonValue] = [*ids]
    done = told(name, lang, count=len(ids)) + (f" ({_short(ids)})" if ids else "")
    shown = told("dry_run", lang, done=done) if dry_run else done
    emit(f"message.{name}", {"dry_run": dry_run, "message_ids": listed}, as_json, shown)


def _short(ids: Sequence[int]) -> str:
    first = ", ".join(map(str, ids[:10]))
    return f"{first}, …" if len(ids) > 10 else first
