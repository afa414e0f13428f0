"""Collects everything that code lets out: logs, prints, warnings, errors, reprs."""

import io
import logging
import re
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from tokui.errors import TokuiError

_PLACE = re.compile(r"\bat 0x[0-9a-f]+")
"""Where an object lies in memory, as a repr says it: digits that a short id may be among."""


class Watch:
    """
    What was let out so far.

    Attributes:
        heard: Text by where it came from.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def note(self, where: str, text: str) -> None:
        """Keep a text."""
        self.heard.append((where, text))

    def error(self, where: str, error: BaseException) -> None:
        """Keep what an error says: itself, what caused it, and its repr."""
        self.note(where, "".join(traceback.format_exception(error)) + repr(error))

    def refusal(self, where: str, error: Exception) -> None:
        """Keep what the core shows of an error of `parse`: of one that is not tokui's, the type."""
        if isinstance(error, TokuiError):
            self.error(where, error)

    def leaks(self, secrets: Iterable[str]) -> list[str]:
        """Where something of `secrets` was heard; never the thing itself."""
        secrets = list(secrets)
        heard = ((where, _PLACE.sub("", text)) for where, text in self.heard)
        return sorted({where for where, text in heard if any(s in text for s in secrets)})


class _Handler(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self.watch = watch
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.watch.note(f"log of {record.name}", f"{self.format(record)} {record.__dict__}")


@contextmanager
def watching() -> Iterator[Watch]:
    """Listen to the log at its lowest level, to stdout and stderr, and to warnings."""
    watch = Watch()
    out, err = io.StringIO(), io.StringIO()
    with (
        _heard_by(_Handler(watch)),
        redirect_stdout(out),
        redirect_stderr(err),
        warnings.catch_warnings(record=True) as seen,
    ):
        warnings.simplefilter("always")
        yield watch
    watch.note("stdout", out.getvalue())
    watch.note("stderr", err.getvalue())
    for warning in seen:
        watch.note("a warning", str(warning.message))


@contextmanager
def _heard_by(handler: logging.Handler) -> Iterator[None]:
    """Lets it hear all, though a command that ran before may have made tokui quiet."""
    root, *_ = loggers = (logging.getLogger(), logging.getLogger("tokui"))
    before = [each.level for each in loggers]
    root.addHandler(handler)
    for each in loggers:
        each.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        for each, level in zip(loggers, before, strict=True):
            each.setLevel(level)
