"""`tokui outbox run`: what waits goes out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.text import Text

from tokui.cli import people
from tokui.cli.channels import channels
from tokui.cli.desk import Desk
from tokui.cli.meant import lang_option
from tokui.cli.message_bulk import warn_of_quota
from tokui.cli.outbox_progress import watching
from tokui.cli.output import count, emit, json_option, plain, state, table
from tokui.cli.sync import halting, tune_gc
from tokui.cli.words import Lang
from tokui.errors import ConfigError, TokuiError
from tokui.outreach.outbox import send
from tokui.outreach.plan import Options, Plan
from tokui.outreach.progress import STATES, OutboxReport, Sent
from tokui.outreach.rehearse import rehearse
from tokui.outreach.say import Say
from tokui.outreach.sentences import sentence
from tokui.store import messages
from tokui.store.engine import Store
from tokui.sync import outgoing
from tokui.sync.compose import names

MOST_REASONS = 20


@click.command()
@click.argument("wanted", nargs=-1, metavar="[CONNECTION]...")
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
@click.option("--dry-run", is_flag=True, help="Ask everybody, call nobody, write nothing.")
@lang_option
@json_option
@click.pass_obj
def run(
    path: Path | None,
    wanted: tuple[str, ...],
    once: bool,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> int:
    """
    Send what is due, each message once. Everybody's permission is asked just before.

    It goes on until it is stopped. Ctrl-C finishes the calls under way; what waits, waits on.
    """
    desk = Desk(path)
    hub, asked = desk.hub(), names(desk.config, wanted)
    made = channels(hub)
    plans = outgoing.plans(hub, asked or None)
    if not plans:
        raise ConfigError(
            "there is no connection to send by", todo="add one of a plugin that can send"
        )
    with desk.store() as store:
        say = outgoing.say(hub, store, made)
        warn_of_quota(made, _waiting(store, plans))
        if dry_run:
            report, code = _rehearsed(store, plans, say)
        else:
            report, code = _sent(store, plans, say, once)
    chosen = people.language(lang)
    emit(
        "outbox.run",
        {"exit_code": code, "dry_run": dry_run, **_report_data(report, chosen)},
        as_json,
        _report_shown(report, chosen, dry_run),
    )
    return code


def _waiting(store: Store, plans: Sequence[Plan]) -> Counter[str]:
    """How many messages wait for each of these connections."""
    names = {plan.connection for plan in plans}
    found = Counter[str]()
    with store.read() as tx:
        for each in messages.waiting(tx):
            found[each.connection] += each.messages if each.connection in names else 0
    return found


def _sent(store: Store, plans: Sequence[Plan], say: Say, once: bool) -> tuple[OutboxReport, int]:
    tune_gc()
    with halting("call") as (halt, signals), watching() as progress:
        report = send(
            store,
            plans,
            say,
            Options(once=once),
            progress=progress,
            halted=lambda: halt.requested,
        )
    return report, 128 + signals[0] if signals else report.exit_code


def _rehearsed(store: Store, plans: Sequence[Plan], say: Say) -> tuple[OutboxReport, int]:
    found = []
    for plan in plans:
        try:
            found.append(rehearse(store, plan, say))
        except TokuiError as error:
            found.append(Sent(plan.connection, state="failed", error=error))
    report = OutboxReport(found)
    return report, report.exit_code


def _report_data(report: OutboxReport, lang: Lang) -> dict[str, JsonValue]:
    connections: list[JsonValue] = [
        {
            "connection": each.connection,
            "state": each.state,
            "seconds": round(each.seconds, 3),
            "messages": dict(each.counts),
            "denied": [
                {
                    "rule": rule,
                    "reason": reason,
                    "says": sentence(rule, reason, lang),
                    "messages": number,
                }
                for (rule, reason), number in each.denied.most_common()
            ],
            "error": str(each.error) if each.error else None,
        }
        for each in report.connections
    ]
    return {"interrupted": report.interrupted, "connections": connections}


def _report_shown(report: OutboxReport, lang: Lang, dry_run: bool) -> RenderableType:
    total = sum((each.counts for each in report.connections), Counter[str]())
    heads = [name for name in ("ready", *STATES) if total[name]] or ["sent"]
    rows = table("connection", *heads, "seconds", "", right=(*heads, "seconds"))
    for each in report.connections:
        figures = (f"{each.counts[name]:,}" for name in heads)
        rows.add_row(plain(each.connection), *figures, f"{each.seconds:.1f}", state(each.state))
    return Group(rows, *_next(report, lang, dry_run))


def _next(report: OutboxReport, lang: Lang, dry_run: bool) -> Iterator[Text]:
    """What kept messages back, and what is to be done."""
    denied = sum((each.denied for each in report.connections), Counter[tuple[str, str]]())
    for (rule, reason), number in denied.most_common(MOST_REASONS):
        yield Text(f"{count(number, 'message')}: {plain(sentence(rule, reason, lang))}")
    for each in report.connections:
        if each.error:
            yield Text(f"failed: {each.error}", "red")
    if any(each.counts["unknown"] for each in report.connections):
        yield Text("Nobody knows whether some were sent: `tokui outbox` lists them.", "yellow")
    if report.interrupted:
        yield Text(
            "Interrupted; what is committed is saved. `tokui outbox run` goes on from there."
        )
    if dry_run:
        yield Text("Nobody was called, and nothing was written (--dry-run).")
