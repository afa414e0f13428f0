"""
Rows out of bytes, with the place each one takes in its file.

A record that cannot be split costs only its first physical line: reading goes on at the second. So a
stray quote does not swallow the rows below it.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

MAX_ROW = 1 << 20
MAX_COLUMNS = 10_000
BOM = "\ufeff"


class Unreadable(Exception):
    """The file, or the rest of it, cannot be read; the message says why."""


class Unopened(Unreadable):
    """Its bytes cannot be had now; the next run tries again."""


@dataclass(slots=True)
class Row:
    """
    One record of a file.

    Attributes:
        start: Offset of its first byte.
        end: Offset after its last byte, the line end included.
        line: Number of its first physical line, from 1.
        lines: How many physical lines it takes.
        raw: Its bytes.
        cells: As decoded; empty for a blank row and for one that cannot be split.
        error: Why it is no row of this table.
    """

    start: int
    end: int
    line: int
    lines: int
    raw: bytes
    cells: list[str]
    error: str | None = None


@dataclass(slots=True)
class Lines:
    """
    Physical lines for `csv.reader`, which asks for as many as its record needs.

    Attributes:
        source: Where they come from; never read past `stop`.
        stop: Offset of the end.
        text: Decodes a line.
        at: Offset of the next record.
        line: Number of the next record's first line.
        taken: The lines of the present record.
    """

    source: IO[bytes]
    stop: int
    text: Callable[[bytes], str]
    at: int = 0
    line: int = 1
    taken: list[bytes] = field(default_factory=list)
    ended: bool = False
    _read: int = 0
    _room: int = MAX_ROW
    _back: deque[bytes] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.source.seek(self.at)
        self._read = self.at

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._back.popleft() if self._back else self._more()
        if not raw:
            self.ended = True
            raise StopIteration
        self.taken.append(raw)
        self._room -= len(raw)
        if self._room < 0:
            raise csv.Error("a row larger than 1 MiB")
        text = self.text(raw)
        return text.removeprefix(BOM) if self.at == 0 and len(self.taken) == 1 else text

    def _more(self) -> bytes:
        raw = self.source.readline(min(MAX_ROW + 1, self.stop - self._read))
        self._read += len(raw)
        if len(raw) > MAX_ROW:
            raise Unreadable(f"has a line of more than 1 MiB at line {self.line}")
        return raw

    def row(self, cells: list[str], error: str | None = None) -> Row:
        """Close the present record; with an error, give all but its first line back."""
        if error and len(self.taken) > 1:
            self._back.extendleft(reversed(self.taken[1:]))
            del self.taken[1:]
            cells = []
        raw = b"".join(self.taken)
        found = Row(self.at, self.at + len(raw), self.line, len(self.taken), raw, cells, error)
        self.at = found.end
        self.line += found.lines
        self.taken = []
        self.ended = False
        self._room = MAX_ROW
        return found


def split(lines: Lines, delimiter: str, columns: int | None, *, final: bool) -> Iterator[Row]:
    """
    The rows from `lines.at` on; blank ones have no cells. `columns` None: not checked.

    Unless `final`, a last record that lacks its line end or its closing quote is left for later;
    `lines.at` then stands before it.

    Raises:
        Unreadable: A line or a row is larger than a CSV row can be.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        error = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            cells, error = [], f"cannot be split: {problem}"
        whole = lines.taken[-1].endswith(b"\n")
        if not final and (lines.ended or not whole):
            return
        if lines.ended:
            cells, error = [], "opens a quote that is never closed"
        elif not any(cells):
            cells = []
        elif columns is not None and len(cells) != columns:
            error = f"has {len(cells)} columns where the header has {columns}"
        yield lines.row(cells, error)


def header(
    lines: Lines, delimiter: str, skip: int, names: Sequence[str] | None = None
) -> list[str] | None:
    """
    The column names, after `skip` rows; None for a file without a whole header yet.

    With `names` the file has no header, only the rows above it. A name that comes twice gets `#2`.

    Raises:
        Unreadable: It cannot be split, or has too many columns.
    """
    above = skip if names is not None else skip + 1
    rows = list(islice(split(lines, delimiter, None, final=False), above))
    if len(rows) < above:
        return None
    if names is not None:
        return list(names)
    first = rows[skip]
    if first.error:
        raise Unreadable(f"has a header that {first.error}")
    if len(first.cells) > MAX_COLUMNS:
        raise Unreadable(f"has more than {MAX_COLUMNS} columns")
    return _unique(first.cells)


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in (name.strip() for name in names):
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
