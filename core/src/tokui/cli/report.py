"""How a run went: as a table with what to do next, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue
from rich.console import Group, RenderableType
from rich.text import Text

from tokui.cli.output import count, state, table
from tokui.store.counts import Counts
from tokui.sync.report import ConnectionReport, RunReport

HEADS = {
    "read": "read",
    "stored": "new/changed",
    "unchanged": "unchanged",
    "stale": "stale",
    "gone": "gone",
    "linked": "linked",
    "quarantined": "quarantined",
}
ALWAYS = ("read", "stored", "unchanged")
"""The other figures have a column when one of them is not 0: a terminal has 80 columns."""


def as_text(report: RunReport, dry_run: bool = False) -> RenderableType:
    """The table, and below it what failed and what to do."""
    total = report.total.as_dict()
    figures = [name for name in HEADS if name in ALWAYS or total[name]]
    heads = [HEADS[name] for name in figures]
    rows = table("stream", *heads, "seconds", "", right=(*heads, "seconds"))
    for each in report.connections:
        rows.add_row(
            Text(each.connection, "bold"),
            *[""] * len(figures),
            f"{each.seconds:.1f}",
            state(each.state),
        )
        for name, counts in each.streams.items():
            mark = state("failed") if name in each.errors else ""
            rows.add_row(f"  {name}", *_figures(counts, figures), "", mark)
    if len(report.connections) > 1:
        rows.add_section()
        rows.add_row("all", *_figures(report.total, figures), "", "")
    return Group(rows, *_next(report, dry_run))


def as_data(report: RunReport, code: int, dry_run: bool) -> Mapping[str, JsonValue]:
    """For `--json`."""
    return {
        "exit_code": code,
        "dry_run": dry_run,
        "interrupted": report.interrupted,
        "connections": [_connection(each) for each in report.connections],
        "total": {**report.total.as_dict()},
        "hooks": dict(report.hooks),
    }


def _connection(each: ConnectionReport) -> JsonValue:
    return {
        "connection": each.connection,
        "state": each.state,
        "seconds": round(each.seconds, 3),
        "streams": {name: {**counts.as_dict()} for name, counts in each.streams.items()},
        "written_back": {
            "written": each.pushed.written,
            "refused": dict(each.pushed.refused),
        },
        "errors": [
            {"stream": name, "error": type(error).__name__, "message": str(error)}
            for name, error in each.errors.items()
        ],
    }


def _figures(counts: Counts, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f"{getattr(counts, name):,}"


def _next(report: RunReport, dry_run: bool) -> Iterator[Text]:
    """What is to be done."""
    for each in report.connections:
        for name, error in each.errors.items():
            where = "" if name == "*" else f" ({name})"
            yield Text(f"failed{where}: {error}", "red")
    for each in report.connections:
        yield from _pushed(each)
    for plugin, why in report.hooks.items():
        yield Text(f"plugin {plugin}: {why}. See `tokui status` and `tokui doctor`.", "red")
    if aside := report.total.quarantined:
        them = "1 item was" if aside == 1 else f"{aside:,} items were"
        yield Text(f"{them} set aside: `tokui quarantine list` says why.", "yellow")
    if report.interrupted:
        yield Text("Interrupted; what is committed is saved. `tokui sync` goes on from there.")
    if dry_run:
        yield Text("Nothing was written (--dry-run).")


def _pushed(each: ConnectionReport) -> Iterator[Text]:
    """What was written back."""
    pushed = each.pushed
    if pushed.written:
        yield Text(f"{each.connection}: {count(pushed.written, 'consent')} written back")
    for why, number in pushed.refused.items():
        yield Text(f"{each.connection} refused {count(number, 'consent')}: {why}", "yellow")
