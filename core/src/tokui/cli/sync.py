"""`tokui sync`."""

import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from tokui.cli.desk import Desk
from tokui.cli.moments import Moment, Span
from tokui.cli.output import emit, json_option, note
from tokui.cli.progress import watching
from tokui.cli.report import as_data, as_text
from tokui.errors import ConfigError
from tokui.store import quarantine
from tokui.store.engine import Store
from tokui.sync.compose import Composition, compose, names
from tokui.sync.keepers import keepers
from tokui.sync.report import RunReport
from tokui.sync.run import Halt
from tokui.sync.run import sync as run
from tokui.sync.stream import Options
from tokui.sync.worker import Company

EXAMPLES = """\b
tokui sync                      all connections
tokui sync ginza-till           one of them
tokui sync shop.orders --full   one stream, from the beginning"""


@click.command(epilog=EXAMPLES)
@click.argument("wanted", nargs=-1, metavar="[CONNECTION[.STREAM]]...")
@click.option("--full", is_flag=True, help="Read from the beginning, whatever the cursors say.")
@click.option("--since", type=Moment(), help="Read again what changed since: 2026-11-01, 7d.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop each stream after so many items.")
@click.option("--max-duration", type=Span(), help="End after so long: 90s, 15m. All is saved.")
@click.option("--stall", type=Span(), help="Give a connection up after so long without a page.")
@click.option("--accept-quarantine", is_flag=True, help="Go on even if most items are unreadable.")
@click.option("--dry-run", is_flag=True, help="Read and plan, and write nothing.")
@json_option
@click.pass_obj
def sync(
    path: Path | None,
    wanted: tuple[str, ...],
    full: bool,
    since: datetime | None,
    limit: int | None,
    max_duration: float | None,
    stall: float | None,
    accept_quarantine: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """
    Read the connections into the ledger.

    Goes on where each stream stands. Ctrl-C finishes the page; what is committed is saved.
    """
    desk = Desk(path)
    options = Options(
        full=full,
        since=since,
        limit=limit,
        max_duration_s=max_duration,
        stall_s=stall or desk.config.sync.stall_s,
        accept_quarantine=accept_quarantine,
        dry_run=dry_run,
    )
    report, code = sync_now(desk, wanted, options)
    emit("sync", as_data(report, code, dry_run), as_json, as_text(report, dry_run))
    return code


def sync_now(desk: Desk, wanted: tuple[str, ...], options: Options) -> tuple[RunReport, int]:
    """
    Run, shown on stderr, stopped by Ctrl-C; says how it went, and the exit code.

    Raises:
        ConfigError: What is asked for does not exist, or there is nothing to read.
    """
    hub = desk.hub(names(desk.config, wanted) or None)
    composed = compose(desk.config, hub, wanted)
    kept = keepers(hub, names(desk.config, wanted))
    company = replace(composed.company, mirrors=kept.plans)
    _check(composed, company)
    tune_gc()
    with desk.store() as store, halting() as (halt, signals), watching() as progress:
        if not options.dry_run:
            _forget_old(store, desk.config.sync.quarantine_days)
        report = run(store, composed.plans, options, company, progress=progress, halt=halt)
    report.connections = [*report.connections, *composed.left_out]
    report.hooks = {**composed.hooks, **kept.failures, **report.hooks}
    return report, 128 + signals[0] if signals else report.exit_code


@contextmanager
def halting(whole: str = "page") -> Iterator[tuple[Halt, list[int]]]:
    """The first Ctrl-C or SIGTERM finishes what is to be `whole`, the second ends at once."""
    halt, signals = Halt(), list[int]()

    def hear(number: int, _: FrameType | None) -> None:
        signals.append(number)
        if len(signals) > 1:
            raise SystemExit(128 + number)
        note(f"finishing the {whole}; Ctrl-C again to stop at once")
        halt.request()

    before = {each: signal.signal(each, hear) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield halt, signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check(composed: Composition, company: Company) -> None:
    kept = {each.connection for each in company.mirrors}
    for name in (each for each in composed.not_sources if each not in kept):
        note(f"{name}: cannot be read; left out")
    if not (composed.plans or composed.left_out or kept):
        raise ConfigError(
            "there is no connection to read", todo="add [connections.NAME] to tokui.toml"
        )


def _forget_old(store: Store, days: int) -> None:
    """Raw items hold personal data: they are kept for as long as tokui.toml says."""
    with store.read() as tx:
        old = quarantine.older(tx, days)
    if old:
        with store.write() as tx:
            quarantine.drop(tx, old)
        note(f"{len(old):,} items of the quarantine were older than {days} days, and are dropped")


def tune_gc() -> None:
    """
    Collect garbage less often.

    A sync, and an outbox run, make millions of small objects and few cycles; with Python's defaults,
    collections cost 10 to 30 % of their time (measured), most of it walking over what the imports
    left. A commit of a thousand customers has some 100,000 objects, which none should walk over either.
    """
    gc.freeze()
    gc.set_threshold(500_000, 20, 50)
