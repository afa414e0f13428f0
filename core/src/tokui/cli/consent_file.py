"""`tokui consent import`: many statements out of a file."""

from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.desk import Desk
from tokui.cli.meant import as_option
from tokui.cli.output import count, emit, json_option
from tokui.cli.sheet import bad_lines, sheet
from tokui.errors import TokuiError
from tokui.sync import consent_sheet
from tokui.sync.compose import rules_by_connection
from tokui.sync.consent_sheet import NEEDED, OTHERS, Imported

FILE = f"""\
FILE is CSV in UTF-8; its first line names the columns: {", ".join(NEEDED)}, and as you have them
{", ".join(OTHERS)}. A line without evidence is an import's word: it turns no no into a yes."""


@click.command("import", epilog=FILE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option()
@click.option("--dry-run", is_flag=True, help="Read and check, and write nothing.")
@json_option
@click.pass_obj
def import_(path: Path | None, file: Path, staff: str, dry_run: bool, as_json: bool) -> int:
    """Write down what many people said. Lines that cannot be understood are listed, and left out."""
    desk = Desk(path)
    rules = rules_by_connection(desk.config, desk.hub_for_reading())
    with desk.store() as store, sheet(file) as lines:
        done = consent_sheet.take(store, rules, consent_sheet.read(lines), staff, dry_run=dry_run)
    emit("consent.import", _data(done, dry_run), as_json, _text(done, dry_run))
    return TokuiError.exit_code if done.bad else 0


def _data(done: Imported, dry_run: bool) -> dict[str, JsonValue]:
    return {
        "stored": done.counts.stored,
        "unchanged": done.counts.unchanged,
        "bad": [{"line": each.number, "reason": each.reason} for each in done.bad],
        "dry_run": dry_run,
    }


def _text(done: Imported, dry_run: bool) -> str:
    kept = "would be written" if dry_run else "written"
    head = f"{count(done.counts.stored, 'statement')} {kept}, {done.counts.unchanged:,} known"
    return "\n".join([head, *bad_lines(done.bad, len(done.bad))])
