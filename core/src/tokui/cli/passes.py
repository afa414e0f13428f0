"""`tokui identity run` and `rebuild`: who is who, looked at as a whole."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tokui.cli import planned
from tokui.cli.desk import Desk
from tokui.cli.output import console, count, emit, json_option, note, or_none, table
from tokui.cli.progress import EVERY_S
from tokui.cli.sync import halting
from tokui.identity import batch
from tokui.identity.rebuild import ready
from tokui.identity.rebuild import rebuild as rebuilt
from tokui.identity.report import Report
from tokui.identity.settings import policy
from tokui.sync.compose import rules_by_connection, votes

THOUSANDTHS = 1000

MOST_MARGIN = 1000
"""Beyond what any evidence comes to: all is asked."""

STAGES = {
    "rebuild": "customers read anew",
    "weigh": "pairs weighed",
    "decide": "customers decided on",
}


def _number(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if math.isnan(value):  # it is in no range, and beyond none
        raise click.BadParameter("nan is not a number", ctx, param)
    return value


@click.command()
@click.option("--all", "everything", is_flag=True, help="Look at everybody, not only at changes.")
@click.option(
    "--margin",
    type=click.FloatRange(min=0, max=MOST_MARGIN),
    default=0,
    callback=_number,
    help="Change nothing that is nearer to the threshold, and ask people instead.",
)
@click.option("--dry-run", is_flag=True, help="Plan, and write nothing.")
@json_option
@click.pass_obj
def run(path: Path | None, everything: bool, margin: float, dry_run: bool, as_json: bool) -> int:
    """
    Look again at who is who, and put it right.

    A sync links on arrival; this looks at all that hangs together, and finds who lives together.
    Ctrl-C ends it after a commit.
    """
    desk = Desk(path)
    hub, enough = desk.hub_for_reading(), policy(desk.config)
    with desk.store() as store, halting("commit") as (halt, signals), _watching() as progress:
        ready(store)
        report = batch.run(
            store,
            enough,
            everything=everything,
            margin=round(margin * THOUSANDTHS),
            dry_run=dry_run,
            votes=votes(hub, store, enough),
            processes=None,
            progress=progress,
            halt=lambda: halt.requested,
        )
        with store.read() as tx:
            where = planned.places(tx, report.done.planned)
    data, shown = _data(report, dry_run), _shown(report, dry_run)
    if dry_run:
        data["plan"] = planned.as_data(report.done.planned, where)
        plan = or_none(planned.as_text(report.done.planned, where), "nobody would move")
        shown = Group(plan, "", shown)
    emit("identity.run", data, as_json, shown)
    return 128 + signals[0] if signals else 0


@click.command()
@json_option
@click.pass_obj
def rebuild(path: Path | None, as_json: bool) -> int:
    """
    Apply changed rules to what is stored.

    Reads all customers under the rules in force, then looks again at who is who. So all connections
    must be set up here; customers of one whose connector fails stay as they are.
    """
    desk = Desk(path)
    hub, enough = desk.hub(), policy(desk.config)
    rules = rules_by_connection(desk.config, hub)
    with desk.store() as store, halting("commit") as (halt, signals), _watching() as progress:
        rewritten, report = rebuilt(
            store,
            rules.get,
            enough,
            votes=votes(hub, store, enough),
            progress=progress,
            halt=lambda: halt.requested,
        )
    data: dict[str, JsonValue] = {"rewritten": rewritten, "run": _data(report) if report else None}
    seen = f"{count(rewritten, 'customer')} seen otherwise than before"
    shown = Group(seen, _shown(report) if report else "stopped before the end; rebuild again")
    emit("identity.rebuild", data, as_json, shown)
    return 128 + signals[0] if signals else 0


@contextmanager
def _watching() -> Iterator[batch.Progress]:
    """A line for each stage on a terminal, one every 30 s off it."""
    screen = console(err=True)
    if not screen.is_terminal or screen.is_dumb_terminal:
        yield _lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bars:
        line = bars.add_task("reading")
        yield lambda *stage: bars.update(line, description=_told(*stage))


def _lines() -> batch.Progress:
    last = monotonic()

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last > EVERY_S:
            last = monotonic()
            note(_told(stage, done, total))

    return tell


def _told(stage: str, done: int, total: int) -> str:
    figure = f"{done:,} of {total:,}" if total else f"{done:,}"
    return f"{figure} {STAGES.get(stage, stage)}"


def _shown(report: Report, dry_run: bool = False) -> RenderableType:
    would, done = "would be " if dry_run else "", report.done
    rows = table("", "")
    rows.show_header = False
    rows.columns[1].justify = "right"
    for what, number in (
        ("customers looked at", report.customers),
        ("pairs weighed", report.pairs),
        (f"profiles {would}merged into another", done.merges),
        (f"profiles {would}parted", done.splits),
        (f"customers {would}moved", done.moved),
        (f"questions {would}asked", done.asked),
        ("memberships of households that changed", report.homes),
        ("splits held back, as not sure enough", done.held),
        (f"identifiers {would}shared from now on", report.marked),
        (f"identifiers {would}shared no more", report.unmarked),
        ("customers that changed meanwhile, and wait", len(done.waiting)),
    ):
        if number or what.startswith("customers looked"):
            rows.add_row(what, f"{number:,}")
    if report.stopped:
        rows.add_row("stopped before the end; the next run goes on", "")
    return rows


def _data(report: Report, dry_run: bool = False) -> dict[str, JsonValue]:
    done = report.done
    return {
        "dry_run": dry_run,
        "all": report.everything,
        "customers": report.customers,
        "pairs": report.pairs,
        "merges": done.merges,
        "splits": done.splits,
        "moved": done.moved,
        "asked": done.asked,
        "households": report.homes,
        "held": done.held,
        "waiting": len(done.waiting),
        "shared": report.marked,
        "shared_no_more": report.unmarked,
        "stopped": report.stopped,
    }
