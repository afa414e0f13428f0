"""`tokui receive`: a webhook handed over by another program."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from pydantic import JsonValue

from tokui.cli.desk import Desk
from tokui.cli.output import count, emit, json_option
from tokui.connector import Request
from tokui.errors import TokuiError
from tokui.sync.receive import receive as take

HANDED = """\
The body comes on stdin, unchanged to the byte. FILE has the request's headers, a `Name: value` on each
line. Exit code 4: the signature is missing or wrong, and nothing was done."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST = 10_000_000
"""Bytes of a body; vendors send much less."""


@click.command(epilog=HANDED)
@click.argument("connection")
@click.option("--headers", type=FILE, help="File of the headers.")
@click.option("--path", "url", default="/", help="Path and query, as requested.")
@json_option
@click.pass_obj
def receive(
    path: Path | None, connection: str, headers: Path | None, url: str, as_json: bool
) -> int:
    """Take a webhook for CONNECTION out of stdin."""
    body = sys.stdin.buffer.read(MOST + 1)
    if len(body) > MOST:
        raise click.UsageError(f"The body is longer than {MOST:,} bytes.")
    lines = headers.read_text(encoding="latin-1") if headers else ""
    request = Request("POST", url, _headers(lines), body, datetime.now(UTC))
    desk = Desk(path)
    hub = desk.hub([connection])
    with desk.store() as store:
        done = take(store, hub, connection, request)
    aside = done.counts.quarantined
    data: dict[str, JsonValue] = {"events": done.notes, **done.counts.as_dict()}
    told = f"{count(done.notes, 'event')}: {count(done.counts.stored, 'record')} new or changed"
    emit("receive", data, as_json, told + (f", {aside:,} set aside" if aside else ""))
    return TokuiError.exit_code if aside else 0


def _headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
