"""stdout is the result, a table or JSON; stderr is everything else."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import click
from pydantic import JsonValue
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from tokui.cli.exits import close_stdout, in_unicode
from tokui.errors import FatalError

WIDE = 160
"""Columns of a table that goes into a file or a pipe."""

F = TypeVar("F", bound=Callable[..., object])


def json_option(command: F) -> F:
    """`--json`, for a command that prints a result."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def yes_option(command: F) -> F:
    """`--yes`, for a command that asks before it destroys something."""
    return click.option("--yes", is_flag=True, help="Do not ask.")(command)


def confirm(question: str, yes: bool) -> None:
    """
    Go on only if the operator agrees.

    Raises:
        click.UsageError: Nobody can be asked.
        click.Abort: The answer was no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here; pass --yes.")
    click.confirm(question, abort=True, err=True)


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read has gone: the command says how it went all the same."""
        raise BrokenPipeError


def console(*, err: bool = False) -> Console:
    """A terminal, or plain text without one. NO_COLOR, FORCE_COLOR and TERM=dumb are honoured."""
    made = _Screen(stderr=err, markup=False, highlight=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = WIDE
    return made


def emit(
    name: str,
    data: Mapping[str, JsonValue],
    as_json: bool,
    shown: RenderableType,
    *,
    widest: int | None = None,
) -> None:
    """
    Print a result: `data` under its schema's name, or `shown` in at most so many columns.

    Raises:
        FatalError: The file that it goes to takes no more.
    """
    try:
        if as_json:
            document = {"schema": f"tokui.{name}/1", **data}
            click.echo(json.dumps(document, ensure_ascii=not in_unicode(sys.stdout)))
        else:
            say(shown, widest=widest)
        if sys.stdout is not None:  # closed by whoever started us
            sys.stdout.flush()
    except BrokenPipeError:
        close_stdout()
    except OSError as error:
        close_stdout()
        what = f"the output cannot be written ({error.strerror})"
        raise FatalError(what, todo="what was done is saved; run it again to see it") from None


def say(shown: RenderableType, *, widest: int | None = None) -> None:
    """Print to stdout."""
    screen = console()
    screen.print(shown, width=min(screen.width, widest or screen.width))


def note(message: str) -> None:
    """Say something beside the result; nobody may be there to hear it."""
    with suppress(OSError):
        click.echo(message, err=True)


def or_none(rows: Table, nothing: str) -> RenderableType:
    """A table, or the words for an empty one."""
    return rows if rows.row_count else nothing


def count(number: int, word: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """A plain table; `right` names the columns of numbers."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        number = column in right
        made.add_column(
            column, justify="right" if number else "left", no_wrap=number, overflow="fold"
        )
    return made


def plain(text: str) -> str:
    """Take no order from a source: control characters go, a lost character (外字) shows as 〓."""
    shown = ("〓" if unicodedata.category(sign) == "Co" else sign for sign in text)
    return "".join(sign for sign in shown if unicodedata.category(sign) not in ("Cc", "Cf"))


def ago(moment: datetime | None) -> str:
    """How long ago, roughly."""
    if moment is None:
        return "–"
    seconds = int((datetime.now(UTC) - moment).total_seconds())
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    size, unit = next((each for each in units if abs(seconds) >= each[0]), units[-1])
    span = f"{abs(seconds) // size} {unit}"
    return f"{span} ago" if seconds >= 0 else f"in {span}"  # a clock that was put back


def local(moment: datetime | None) -> str:
    """A moment in the time zone of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else "–"


STYLES = {
    "ok": "green",
    "done": "green",
    "running": "cyan",
    "warning": "yellow",
    "stopped": "yellow",
    "problem": "bold red",
    "failed": "bold red",
    "abandoned": "bold red",
    "killed": "bold red",
}


def state(word: str) -> Text:
    """A state's word, coloured; the word alone says it as well."""
    return Text(word, STYLES.get(word, ""))
