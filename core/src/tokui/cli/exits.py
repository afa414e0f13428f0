"""
How the process ends: errors become one line on stderr and an exit code, here and nowhere else.

    0 ok · 1 bug · 2 usage · 3 configuration · 4 credentials · 5 partly done · 6 far side unavailable
    7 refused by a rule · 8 checks found problems · 9 locked · 130 / 143 interrupted, state saved

A `TokuiError` knows its own code; that of a whole sync is `RunReport.exit_code`.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO, Any, TextIO

import click

from tokui.errors import TokuiError

BUG, PROBLEMS, INTERRUPTED = 1, 8, 130


def guarded(call: Callable[[], object]) -> int:
    """Run a command; whatever it raises is told, and becomes the exit code."""
    try:
        code = call()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; what was committed is saved", err=True)
        return INTERRUPTED
    except TokuiError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except Exception as error:
        return _bug(error)
    return code if isinstance(code, int) else 0


@contextmanager
def read_or_not() -> Iterator[None]:
    """Whoever stops reading what is printed makes no failure of it; click would."""
    try:
        yield
    except BrokenPipeError:
        close_stdout()
        raise click.exceptions.Exit(0) from None


def take_any_text() -> None:
    """A terminal that cannot show a character shows `?` in its place, and nothing fails for that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not in_unicode(stream):
            stream.reconfigure(errors="replace")


def in_unicode(stream: TextIO | None) -> bool:
    """Does it take every character?"""
    return (getattr(stream, "encoding", None) or "").lower().startswith("utf")


class Unknown(click.ClickException):
    """What the operator asks for is not there; the command's usage would not help."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """As every other error."""
        click.echo(f"error: {self.message}", file=file, err=True)


def close_stdout() -> None:
    """Whoever read stdout has gone; let nothing complain about it at the end."""
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _bug(error: Exception) -> int:
    """A bug: its kind and place, not its message, which may hold anything."""
    if os.environ.get("TOKUI_DEBUG") == "1":
        raise error
    from tokui.hub.offers import cause

    click.echo(
        f"error: tokui: {cause(error)}. This is a bug; report it with the traceback that "
        "TOKUI_DEBUG=1 shows (it may hold personal data: read it first).",
        err=True,
    )
    return BUG
