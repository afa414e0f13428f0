"""tokui.toml as written, with what the environment overrides, and the way to point at a mistake."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from pydantic import JsonValue

from tokui.config.places import Path as Keys
from tokui.config.places import places
from tokui.errors import ConfigError

SECTIONS = ("store", "sync", "identity", "outreach", "sender", "connections", "plugins")
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
        self.problems.append(_problem(self.path, self._lines, row, column, what, hide=hide))

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


def meant(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or what there is when nothing is close."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1):
        return f"; did you mean `{close[0]}`?"
    return f"; known are {', '.join(names)}" if names else ""


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
        raise ConfigProblems([_syntax(path, text, str(error))]) from None
    overrides = {}
    for variable in sorted(environment):
        if keys := _keys(variable, data):
            if _put(data, keys, _value(environment[variable])):
                overrides[keys] = variable
            else:
                raise ConfigProblems([Problem(variable, f"`{keys[0]}` is not built like this")])
    return Document(path, text, data, overrides)


def shown(path: Path) -> str:
    """A path as short as it can be written from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


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
            todo="check TOKUI_CONFIG, or run `tokui init`",
        ) from None


def _syntax(path: Path, text: str, message: str) -> Problem:
    lines = text.split("\n")
    at = _AT.search(message)
    if at and at[1]:
        line, column = int(at[1]), int(at[2])
    else:
        line = max((number for number, row in enumerate(lines, 1) if row.strip()), default=1)
        column = len(lines[line - 1]) + 1
    what = _AT.sub("", message)
    return _problem(path, lines, line, column, what[:1].lower() + what[1:], hide=True)


def _problem(
    path: Path, lines: list[str], line: int, column: int, what: str, *, hide: bool
) -> Problem:
    excerpt = lines[line - 1].rstrip()
    where = f"{shown(path)}:{line}:{column}"
    return Problem(where, what, line, column, _blotted(excerpt) if hide else excerpt)


def _blotted(line: str) -> str:
    """The line with every letter and digit blotted out that may belong to a value."""
    if _HEADER.fullmatch(line):
        return line
    key, equals, value = line.partition("=")
    if not equals:
        key, value = "", line
    return key + equals + re.sub(r"[^\s\"'{}\[\],]", "•", value)


def _keys(variable: str, data: Mapping[str, JsonValue]) -> Keys | None:
    """`TOKUI_CONNECTIONS__GINZA_TILL__URL` → connections, ginza-till, url."""
    section, *rest = variable.removeprefix("TOKUI_").lower().split("__")
    if not variable.startswith("TOKUI_") or section not in SECTIONS or not rest or not all(rest):
        return None
    keys, table = [section], data.get(section)
    for part in rest:
        names = table if isinstance(table, dict) else {}
        name = next((name for name in names if _plain(name) == part), part)
        keys.append(name)
        table = names.get(name)
    return tuple(keys)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _put(data: dict[str, JsonValue], keys: Keys, value: JsonValue) -> bool:
    table: JsonValue = data
    for key in keys[:-1]:
        if not isinstance(table, dict):
            return False
        table = table.setdefault(str(key), {})
    if not isinstance(table, dict):
        return False
    table[str(keys[-1])] = value
    return True


def _value(text: str) -> JsonValue:
    """Arrays and tables are written as in TOML; all else is text, read by the setting's type."""
    if text[:1] in ("[", "{"):
        try:
            value: JsonValue = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
        return value
    return text
