"""`tokui message send`: messages go out now, or it is said why they do not."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType

from tokui.cli import allowed, people
from tokui.cli.channels import channels, now
from tokui.cli.desk import Desk
from tokui.cli.meant import as_option
from tokui.cli.message_bulk import warn_of_quota
from tokui.cli.message_decide import chosen, which
from tokui.cli.message_look import as_data, persons_of
from tokui.cli.message_words import heads, state_of, told, why
from tokui.cli.output import emit, note, or_none, plain, table
from tokui.cli.sync import halting
from tokui.cli.words import Lang
from tokui.config import OutreachSettings
from tokui.errors import PolicyRefusal
from tokui.hub import Hub
from tokui.model import moment
from tokui.outreach.allow import Answer, answers, facts_of, strictest
from tokui.outreach.outbox import send as send_out
from tokui.outreach.plan import Options
from tokui.outreach.progress import WENT, OutboxReport
from tokui.outreach.reach import Channels
from tokui.store import messages, turns
from tokui.store.engine import Store, Transaction
from tokui.store.messages import WAITING, Message
from tokui.store.turns import Turn
from tokui.sync import outgoing

PARTIAL, UNAVAILABLE, REFUSED = 5, 6, 7
BY_RULE = "rule"
"""Who approves what the configuration lets go out by itself."""


class Way(NamedTuple):
    """What the command works with."""

    hub: Hub
    store: Store
    made: Channels
    staff: str | None
    lang: Lang

    @property
    def rules(self) -> OutreachSettings:
        """`[outreach]`."""
        return self.hub.config.outreach


@click.command()
@which
@as_option(required=False)
@click.pass_obj
def send(
    path: Path | None,
    numbers: tuple[int, ...],
    campaign: str | None,
    staff: str | None,
    lang: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """
    Send messages now.

    Those that were approved, or are now by --as. Every rule is asked again just before; what one
    refuses does not go out, the exit code is 7, and the reason is kept.
    """
    desk = Desk(path)
    hub = desk.hub()
    made = channels(hub)
    with desk.store() as store:
        way = Way(hub, store, made, staff, people.language(lang))
        if dry_run:
            return _rehearse(way, numbers, campaign, as_json)
        with store.write() as tx:
            found = chosen(tx, numbers, campaign, ("draft", *WAITING))
            _approve(tx, way, found)
        return _send(way, [each.id for each in found], as_json)


def _approve(tx: Transaction, way: Way, found: Sequence[Message]) -> None:
    """
    Drafts are approved by who sends them, or by the configuration; what waits is due now.

    Raises:
        PolicyRefusal: Nobody approves one of them; nothing is sent.
    """
    drafts = [each for each in found if each.state == "draft"]
    if way.staff:
        turns.approve(tx, [each.id for each in drafts], way.staff)
    elif missing := [each.id for each in drafts if each.purpose not in way.rules.approve]:
        raise PolicyRefusal(
            "nobody has approved it yet",
            who=f"message {missing[0]}",
            todo="run `tokui message approve` with --as NAME, or send it with --as NAME",
        )
    else:
        turns.approve(tx, [each.id for each in drafts], BY_RULE)
    at = {each.id: each for each in found if each.state == "deferred" and not each.parcel_id}
    due = {
        number: Turn(each.state, each.rule, each.reason, due_at=moment(tx.now_us))
        for number, each in at.items()
    }
    turns.move(tx, due)


def _send(way: Way, ids: Collection[int], as_json: bool) -> int:
    with way.store.read() as tx:
        needed = Counter(each.connection for each in messages.these(tx, ids))
    names = {*needed}
    warn_of_quota(way.made, needed)
    plans = outgoing.plans(way.hub, names)
    for name in sorted(names.difference(each.connection for each in plans)):
        note(f"warning: {name}: there is no such connection that can send; its messages wait")
    say = outgoing.say(way.hub, way.store, way.made)
    with halting("call") as (halt, _):
        report = send_out(
            way.store,
            plans,
            say,
            Options(once=True, only=ids),
            halted=lambda: halt.requested,
        )
    with way.store.read() as tx:
        found = messages.these(tx, ids)
        persons = persons_of(tx, found)
    for each in report.connections:
        if each.error:
            note(f"warning: {each.error}")
    listed: list[JsonValue] = [as_data(each, persons, way.lang) for each in found]
    code = exit_code(report, found)
    emit("message.send", {"messages": listed}, as_json, _shown(found, persons, way))
    return code


def exit_code(report: OutboxReport, found: Sequence[Message]) -> int:
    """
    How it went: as the outbox says where nothing went out, else by what became of the messages.

    5 where one failed or nobody knows, 7 where a rule keeps one back, 6 where the provider does.
    """
    if report.exit_code not in (0, PARTIAL):
        return report.exit_code
    if any(each.state in ("failed", "unknown") for each in found):
        return PARTIAL
    kept_back = [each for each in found if each.state not in WENT]
    waits = [each for each in kept_back if each.rule == "provider" and each.state in WAITING]
    if len(kept_back) > len(waits):
        return REFUSED
    return UNAVAILABLE if waits else report.exit_code


def _shown(found: list[Message], persons: Mapping[int, int], way: Way) -> RenderableType:
    lang, zone = way.lang, ZoneInfo(way.rules.quiet.timezone)
    columns = heads(lang, "message", "state", "connection", "profile", "why")
    rows = table(*columns, right=columns[:1])
    for each in found:
        until = (
            f" ({each.due_at.astimezone(zone):%Y-%m-%d %H:%M})" if each.state == "deferred" else ""
        )
        rows.add_row(
            str(each.id),
            state_of(each.state, each.connection, lang) + until,
            plain(each.connection),
            str(persons.get(each.customer_id, "–")),
            plain(why(each, lang)),
        )
    return or_none(rows, told("none", lang))


# --- a rehearsal ---------------------------------------------------------------------------


def _rehearse(way: Way, numbers: Collection[int], campaign: str | None, as_json: bool) -> int:
    """Ask everybody who has a say, and call nobody."""
    with way.store.read() as tx:
        found = chosen(tx, numbers, campaign, ("draft", *WAITING))
        ready = [each._replace(approved_by=each.approved_by or way.staff) for each in found]
        facts = facts_of(tx, way.rules, ready, now(), sending=True)
        said = {each.id: answers(facts, each) for each in ready}
    say = outgoing.say(way.hub, way.store, way.made)
    for number, denied in say.heard(ready, now()).items():
        said[number].append(Answer(denied.rule, denied))
    refused = [each for each in said.values() if strictest(one.denied for one in each)]
    zone = way.rules.quiet.timezone
    shown: list[RenderableType] = []
    for number, each in said.items():
        head = f"{told('message', way.lang)} {number}"
        shown += [head, allowed.as_table(each, way.lang, zone), ""]
    listed: list[JsonValue] = [
        {"message_id": number, "answers": allowed.as_data(each, way.lang)}
        for number, each in said.items()
    ]
    emit("message.send", {"dry_run": True, "messages": listed}, as_json, Group(*shown))
    return REFUSED if refused else 0
