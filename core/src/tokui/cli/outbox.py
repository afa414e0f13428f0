"""`tokui outbox`: what waits to be sent, and what became of the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.table import Table

from tokui.cli import people
from tokui.cli.desk import Desk
from tokui.cli.meant import lang_option
from tokui.cli.message_look import persons_of
from tokui.cli.message_words import why
from tokui.cli.outbox_run import run
from tokui.cli.output import count, emit, json_option, local, or_none, plain, table
from tokui.cli.words import Lang
from tokui.outreach.progress import STATES
from tokui.outreach.sentences import sentence
from tokui.store import messages
from tokui.store.messages import Message, Waiting

LISTED = 20


@click.group(invoke_without_command=True)
@lang_option
@json_option
@click.pass_context
def outbox(ctx: click.Context, lang: str | None, as_json: bool) -> None:
    """What waits to be sent, and what became of the rest. What nobody knows of is listed."""
    if ctx.invoked_subcommand is None:
        _status(ctx.obj, people.language(lang), as_json)


outbox.add_command(run)


def _status(path: Path | None, lang: Lang, as_json: bool) -> None:
    with Desk(path).store() as store, store.read() as tx:
        tallies, waiting = messages.tally(tx), messages.waiting(tx)
        unknown = messages.find(tx, state="unknown", limit=LISTED)
        persons = persons_of(tx, unknown)
    by_connection: dict[str, Counter[str]] = {}
    for each in tallies:
        by_connection.setdefault(each.connection, Counter())[each.state] = each.messages
    data: dict[str, JsonValue] = {
        "connections": [
            {"connection": name, "messages": dict(counts)} for name, counts in by_connection.items()
        ],
        "waiting": [_waiting_data(each, lang) for each in waiting],
        "unknown": [_unknown_data(each, persons, lang) for each in unknown],
    }
    emit("outbox", data, as_json, _stands(by_connection, waiting, unknown, persons, lang))


def _stands(
    by_connection: Mapping[str, Counter[str]],
    waiting: Sequence[Waiting],
    unknown: Sequence[Message],
    persons: Mapping[int, int],
    lang: Lang,
) -> RenderableType:
    heads = [name for name in STATES if any(each[name] for each in by_connection.values())]
    rows = table("connection", *heads, right=heads)
    for name, counts in by_connection.items():
        rows.add_row(plain(name), *(f"{counts[head]:,}" if counts[head] else "" for head in heads))
    parts: list[RenderableType] = [or_none(rows, "nothing was ever drafted")]
    parts += [
        f"{plain(each.connection)}: {count(each.messages, 'message')} {each.state}, "
        f"next {local(each.due_at)[:16]}: {plain(sentence(each.rule, each.reason, lang))}"
        for each in waiting
        if each.rule not in (None, "approval")
    ]
    if unknown:
        parts += ["", _listed(unknown, persons, lang)]
        total = sum(each["unknown"] for each in by_connection.values())
        parts.append(
            f"{count(total, 'message')} may have been sent. Look there, then "
            "`tokui message retry` sends again; nothing does by itself."
        )
    return Group(*parts)


def _listed(unknown: Sequence[Message], persons: Mapping[int, int], lang: Lang) -> Table:
    rows = table("message", "connection", "profile", "at", "why", right=("message",))
    for each in unknown:
        rows.add_row(
            str(each.id),
            plain(each.connection),
            str(persons.get(each.customer_id, "–")),
            local(each.sent_at)[:16],
            plain(why(each, lang)),
        )
    return rows


def _unknown_data(each: Message, persons: Mapping[int, int], lang: Lang) -> JsonValue:
    return {
        "message_id": each.id,
        "connection": each.connection,
        "profile_id": persons.get(each.customer_id),
        "sent_at": each.sent_at.isoformat() if each.sent_at else None,
        "rule": each.rule,
        "reason": each.reason,
        "says": why(each, lang),
    }


def _waiting_data(each: Waiting, lang: Lang) -> JsonValue:
    return {
        "connection": each.connection,
        "state": each.state,
        "messages": each.messages,
        "due_at": each.due_at.isoformat(),
        "rule": each.rule,
        "reason": each.reason,
        "says": sentence(each.rule, each.reason, lang) or None,
    }
