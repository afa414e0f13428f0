"""`tokui points import`: opening balances out of a file."""

from pathlib import Path

import click
from pydantic import JsonValue
from tokui.cli.exits import Unknown
from tokui.cli.output import count, emit, json_option
from tokui.cli.sheet import bad_lines, sheet
from tokui.errors import TokuiError

from tokui_points.cli.counter import counter
from tokui_points.opening import NEEDED, OTHERS, Imported, Opening
from tokui_points.settings import Programme

FILE = f"""\
FILE is CSV in UTF-8; its first line names the columns: {", ".join(NEEDED)}, and as you have them
{", ".join(OTHERS)}. `expires_at` is the last day on which the points can be spent, `pending` the
first. The same file again changes nothing."""


@click.command("import", epilog=FILE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", help="Which one, where our books keep several.")
@click.option("--name", default="opening", help="Of this import; under another it counts anew.")
@click.option("--dry-run", is_flag=True, help="Read and check, and post nothing.")
@json_option
@click.pass_obj
def import_(
    path: Path | None, file: Path, programme: str | None, name: str, dry_run: bool, as_json: bool
) -> int:
    """Bring the points that members have elsewhere. Bad lines are listed, and left out."""
    with counter(path) as desk:
        ours = {key: each for key, each in desk.settings.programmes.items() if each.is_ours}
        which = _which(ours, programme)
        opening = Opening(which, ours[which], name)
        with sheet(file) as lines:
            done = opening.take(desk.store, opening.read(lines), dry_run=dry_run)
    emit("points.import", _data(done, dry_run), as_json, _text(done, dry_run))
    return TokuiError.exit_code if done.many_bad else 0


def _which(ours: dict[str, Programme], name: str | None) -> str:
    found = [each for each in ours if name in (None, each)]
    if len(found) != 1:
        raise Unknown("name the one programme by --programme; our books must keep it")
    return found[0]


def _data(done: Imported, dry_run: bool) -> dict[str, JsonValue]:
    return {
        "new": done.new,
        "points": done.points,
        "known": done.known,
        "nothing": done.nothing,
        "unseen": done.unseen,
        "bad": done.many_bad,
        "lines": [{"line": each.number, "reason": each.reason} for each in done.bad],
        "dry_run": dry_run,
    }


def _text(done: Imported, dry_run: bool) -> str:
    kept = "would be posted" if dry_run else "posted"
    head = f"{count(done.new, 'line')} {kept}, {count(done.points, 'point')}; {done.known:,} known"
    facts = [head]
    if done.unseen:
        facts.append(f"{count(done.unseen, 'number')} on no card yet: their points wait for it")
    if done.nothing:
        facts.append(f"{count(done.nothing, 'line')} of 0 points")
    return "\n".join([*facts, *bad_lines(done.bad, done.many_bad)])
