"""A sheet: CSV whose first line names the columns, line by line."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tokui.errors import ConfigError


class Row(NamedTuple):
    """
    A line as it stands; the file's first line is 1.

    Attributes:
        cells: Those with something in them, by column.
        wrong: Why the line cannot be understood, whatever its cells say; None when it can.
    """

    number: int
    cells: Mapping[str, str]
    wrong: str | None


class Bad(NamedTuple):
    """A line that is not understood, and why, without any of its values."""

    number: int
    reason: str


def rows(file: Iterable[str], needed: Sequence[str], others: Sequence[str]) -> Iterator[Row]:
    """
    Read what has the needed columns, and perhaps others of those that are known.

    Raises:
        ConfigError: The first line does not name them, or the file is no CSV.
    """
    lines = csv.DictReader(file, strict=True)
    try:
        names = set(lines.fieldnames or ())
        if not {*needed} <= names <= {*needed, *others}:
            raise ConfigError(
                "the first line must name the columns",
                todo=f"needed are {', '.join(needed)}; known are also {', '.join(others)}",
            )
        for line in lines:
            yield _row(lines.line_num, line, needed)
    except csv.Error as error:
        raise ConfigError(f"line {lines.line_num} is no CSV", todo="save it anew") from error


def _row(number: int, line: Mapping[str | None, str | None], needed: Sequence[str]) -> Row:
    cells = {name: text.strip() for name, text in line.items() if name and text and text.strip()}
    if None in line or None in line.values():
        return Row(number, cells, "it has not as many cells as the first line")
    missing = [name for name in needed if name not in cells]
    return Row(number, cells, f"it has no {missing[0]}" if missing else None)
