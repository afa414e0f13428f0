"""Where each key of a TOML text stands. The text is known to be valid: `tomllib` has read it."""

import re
import tomllib
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and array indexes from the top of the document."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_STRING = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'{3}.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\'''', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def places(text: str) -> dict[Path, tuple[int, int]]:
    """Line and column, both from 1, of every key, table and array element."""
    scan = _Scan(text)
    scan.document()
    return {path: _line_column(text, offset) for path, offset in scan.found.items()}


def _line_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.last: dict[Path, int] = {}  # the present element of each array of tables

    def document(self) -> None:
        table: Path = ()
        self.take(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.take(_BLANK)

    def header(self) -> Path:
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path: Path = ()
        for part in self.key():
            path = self.element((*path, part))
        if many:
            array = path[:-1] if isinstance(path[-1], int) else path
            self.last[array] = self.last.get(array, -1) + 1
            path = self.element(array)
        self.mark(path, start)
        self.take(_SPACE)
        self.at += 2 if many else 1
        return path

    def element(self, path: Path) -> Path:
        return (*path, self.last[path]) if path in self.last else path

    def pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self.key())
        self.mark(path, start)
        self.take(_SPACE)
        self.at += 1  # the equals sign
        self.take(_SPACE)
        self.value(path)

    def key(self) -> list[str]:
        parts = []
        while True:
            self.take(_SPACE)
            parts.append(_unquoted(self.take(_KEY)))
            self.take(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        match self.text[self.at]:
            case "[":
                self.items(path, "]")
            case "{":
                self.items(path, "}")
            case '"' | "'":
                self.take(_STRING)
            case _:
                self.take(_SCALAR)

    def items(self, path: Path, end: str) -> None:
        self.at += 1
        self.take(_BLANK)
        index = 0
        while self.text[self.at] != end:
            if end == "]":
                self.mark((*path, index), self.at)
                self.value((*path, index))
            else:
                self.pair(path)
            index += 1
            self.take(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self.take(_BLANK)
        self.at += 1

    def mark(self, path: Path, offset: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], offset)

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[:1] in "\"'" else key
