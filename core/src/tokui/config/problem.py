"""Mistakes in a configuration: where they are, and how they are shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tokui.errors import ConfigError

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER = re.compile(r"\s*\[\[?[\w. -]*(\]\]?)?\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One mistake.

    Attributes:
        where: `tokui.toml:12:1`, or the environment variable.
        what: What is wrong and, where it can be guessed, what was meant.
        line: The line's number; None for the environment.
        column: From 1.
        excerpt: The line, its values blotted out where they may be secret.
    """

    where: str
    what: str
    line: int | None = None
    column: int = 1
    excerpt: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}"
        if self.line is None:
            return head
        caret = " " * (self.column - 1) + "^"
        return f"{head}\n{self.line:5} | {self.excerpt}\n      | {caret}"


class ConfigProblems(ConfigError):
    """
    All mistakes of one file, each with its line.

    Attributes:
        problems: In the order of the lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def syntax(path: Path, text: str, message: str) -> Problem:
    """The mistake of a file that is no TOML, as `tomllib` tells it."""
    lines = text.split("\n")
    at = _AT.search(message)
    if at and at[1]:
        line, column = int(at[1]), int(at[2])
    else:
        line = max((number for number, row in enumerate(lines, 1) if row.strip()), default=1)
        column = len(lines[line - 1]) + 1
    what = _AT.sub("", message)
    return in_line(path, lines, line, column, what[:1].lower() + what[1:], hide=True)


def in_line(
    path: Path, lines: list[str], line: int, column: int, what: str, *, hide: bool
) -> Problem:
    """A mistake in a line of the file; `hide` blots out what may belong to a value."""
    excerpt = lines[line - 1].rstrip()
    where = f"{shown(path)}:{line}:{column}"
    return Problem(where, what, line, column, _blotted(excerpt) if hide else excerpt)


def meant(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or what there is when nothing is close."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1):
        return f"; did you mean `{close[0]}`?"
    return f"; known are {', '.join(names)}" if names else ""


def shown(path: Path) -> str:
    """A path as short as it can be written from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _blotted(line: str) -> str:
    """The line with every letter and digit blotted out that may belong to a value."""
    if _HEADER.fullmatch(line):
        return line
    key, equals, value = line.partition("=")
    if not equals:
        key, value = "", line
    return key + equals + re.sub(r"[^\s\"'{}\[\],]", "•", value)
