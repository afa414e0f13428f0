"""tokui.toml as written, with what the environment overrides, and the way to point at a mistake."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from tokui.config.environment import override
from tokui.config.places import Path as Keys
from tokui.config.places import places
from tokui.config.problem import ConfigProblems, Problem, in_line, meant, shown, syntax
from tokui.errors import ConfigError


@dataclass
class Document:
    """
    What was read, and where each part of it comes from.

    Attributes:
        path: Of the file.
        data: The tables, with the environment's values put in.
        problems: Found so far.
    """

    path: Path
    text: str = field(repr=False)
    data: dict[str, JsonValue] = field(repr=False)
    overrides: dict[Keys, str]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places = places(self.text)
        self._lines = self.text.split("\n")

    def origin(self, keys: Keys) -> str:
        """`tokui.toml:12`, `environment TOKUI_…`, or `default`."""
        for length in range(len(keys), 0, -1):
            if variable := self.overrides.get(keys[:length]):
                return f"environment {variable}"
        if keys in self._places:
            return f"{shown(self.path)}:{self._places[keys][0]}"
        return "default"

    def from_environment(self, keys: Keys) -> bool:
        """Whether this very value, or one around it, was set by a variable."""
        return self.origin(keys).startswith("environment")

    def written(self, keys: Keys) -> Keys:
        """The longest part of `keys` that the file or the environment holds."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.overrides or keys[:length] in self._places:
                return keys[:length]
        return ()

    def problem(self, keys: Keys, what: str, *, hide: bool = False, line: int = 1) -> None:
        """
        Note a mistake at the deepest part of `keys` that is written down.

        Args:
            keys: Where it is.
            what: What is wrong.
            hide: Do not show its value.
            line: Of a text of several lines, the one with the mistake; from 1.
        """
        at = self.written(keys)
        if at in self.overrides:
            self.problems.append(Problem(self.overrides[at], what))
            return
        row, column = self._places.get(at, (1, 1))
        below = line - 1 + self._lines[row - 1].rstrip().endswith(('"""', "'''"))
        if below and row + below <= len(self._lines) and at == keys:
            row, column = row + below, 1
        self.problems.append(in_line(self.path, self._lines, row, column, what, hide=hide))

    def unknown(self, keys: Keys, known: Iterable[str]) -> None:
        """Note a key that means nothing, with the one that was perhaps meant."""
        name = str(keys[-1])
        self.problem(keys, f"unknown key `{name}`{meant(name, known)}", hide=True)

    def check(self) -> None:
        """
        Go on if nothing was found.

        Raises:
            ConfigProblems: All that was found.
        """
        if self.problems:
            raise ConfigProblems(self.problems)


def read_document(path: Path, environment: Mapping[str, str]) -> Document:
    """
    Read a file, and put the environment's values over it.

    Raises:
        ConfigError: It cannot be read, or is not TOML.
    """
    text = _read(path)
    try:
        data: dict[str, JsonValue] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblems([syntax(path, text, str(error))]) from None
    return Document(path, text, data, override(data, environment))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{shown(path)}:{line}:1: not UTF-8", todo="save the file in UTF-8"
        ) from None
    except OSError as error:
        raise ConfigError(
            f"{shown(path)}: cannot be read ({error.strerror})",
            todo="check the path, or run `tokui init`",
        ) from None
