"""tokui.toml → typed settings."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, JsonValue, SecretStr, ValidationError

from tokui.config.document import Document, read_document
from tokui.config.environment import SECTIONS
from tokui.config.outreach import OutreachSettings, SenderSettings
from tokui.config.places import Path as Keys
from tokui.config.secrets import Resolver, fields, leaves, may_hold_secret
from tokui.config.settings import Connection, IdentitySettings, StoreSettings, SyncSettings
from tokui.connector.connection import S
from tokui.errors import ConfigError

FILE = "tokui.toml"
RESERVED = frozenset(Connection.model_fields)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SQLITE_FILE = re.compile(r"sqlite:///(?!:memory:)(.+)")


@dataclass
class Config:
    """
    tokui.toml, read: the core's tables typed, those of connectors and plugins typed on demand.

    Mistakes are collected, so that all of them are shown together: ask for the settings of every
    connector in use, then `check`.

    Attributes:
        store: `[store]`.
        sync: `[sync]`.
        identity: `[identity]`.
        outreach: `[outreach]`.
        sender: `[sender]`.
        connections: `[connections.NAME]`, what the core reads of them, in the order of the file.
        plugins: Names of `[plugins.NAME]`, in the order of the file.
    """

    document: Document
    environment: Mapping[str, str] = field(repr=False)
    store: StoreSettings = field(init=False)
    sync: SyncSettings = field(init=False)
    identity: IdentitySettings = field(init=False)
    outreach: OutreachSettings = field(init=False)
    sender: SenderSettings = field(init=False)
    connections: dict[str, Connection] = field(init=False)
    plugins: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        for name in self.document.data:
            if name not in SECTIONS:
                self.document.unknown((name,), SECTIONS)
        self.store = self._settings(("store",), StoreSettings) or StoreSettings()
        self.sync = self._settings(("sync",), SyncSettings) or SyncSettings()
        self.identity = self._settings(("identity",), IdentitySettings) or IdentitySettings()
        self.outreach = self._settings(("outreach",), OutreachSettings) or OutreachSettings()
        self.sender = self._settings(("sender",), SenderSettings) or SenderSettings()
        self.connections = dict(self._connections())
        self.plugins = tuple(name for name in self._names("plugins"))

    @property
    def path(self) -> Path:
        """The file."""
        return self.document.path

    @cached_property
    def store_url(self) -> str:
        """Where the store is, with its password; a SQLite file by its whole path."""
        url = self.store.url
        text = url.get_secret_value() if isinstance(url, SecretStr) else url
        if match := _SQLITE_FILE.fullmatch(text):
            return f"sqlite:///{self.path.resolve().parent / match[1]}"
        return text

    def of_connection(self, name: str, model: type[S]) -> S | None:
        """The connector's own settings of a connection; None, and the mistakes noted, if wrong."""
        return self._settings(("connections", name), model, apart=RESERVED)

    def of_plugin(self, name: str, model: type[S]) -> S | None:
        """The settings of a hooks plugin; None, and the mistakes noted, if wrong."""
        return self._settings(("plugins", name), model)

    def problem(self, keys: Keys, what: str) -> None:
        """Note a mistake at `keys`."""
        self.document.problem(keys, what)

    def check(self) -> None:
        """
        Go on if no mistake was found.

        Raises:
            ConfigProblems: All that were found.
        """
        self.document.check()

    def raw(self, keys: Keys) -> dict[str, JsonValue]:
        """The table at `keys` as it is written; empty when there is none."""
        table: JsonValue = self.document.data
        for key in keys:
            table = table.get(str(key), {}) if isinstance(table, dict) else {}
        return table if isinstance(table, dict) else {}

    def _connections(self) -> Iterable[tuple[str, Connection]]:
        for name in self._names("connections"):
            keys = ("connections", name)
            settings = self._settings(keys, Connection, only=RESERVED)
            if settings is not None:
                yield name, settings

    def _names(self, section: str) -> Iterable[str]:
        self._table((section,))
        for name in self.raw((section,)):
            keys = (section, name)
            if not _NAME.fullmatch(name):
                rule = "a name has small letters, digits, - and _ only"
                self.document.problem(keys, f"{rule}; rename [{section}.{name}]")
            elif self._table(keys):
                yield name

    def _table(self, keys: Keys) -> bool:
        """Whether a table stands at `keys`, or nothing; anything else is noted."""
        *above, last = keys
        value = self.raw(tuple(above)).get(str(last), {})
        if not isinstance(value, dict):
            name = ".".join(map(str, keys))
            self.document.problem(keys, f"`{last}` must be a table: [{name}]", hide=True)
        return isinstance(value, dict)

    def _settings(
        self,
        keys: Keys,
        model: type[S],
        *,
        only: frozenset[str] | None = None,
        apart: frozenset[str] = frozenset(),
    ) -> S | None:
        if not self._table(keys):
            return None
        raw = {
            key: value
            for key, value in self.raw(keys).items()
            if key not in apart and (only is None or key in only)
        }
        before = len(self.document.problems)
        resolver = Resolver(self.document, self.environment)
        ready = resolver.model(raw, model, keys)
        try:
            settings = model.model_validate(ready, context=self._context())
        except ValidationError as error:
            self._note(error, keys, model, apart, resolver.refused)
            return None
        return settings if len(self.document.problems) == before else None

    def _context(self) -> dict[str, object]:
        """What settings may be checked against: a plugin's may name connections."""
        return {"connections": frozenset(self.raw(("connections",)))}

    def _note(
        self,
        error: ValidationError,
        keys: Keys,
        model: type[BaseModel],
        apart: frozenset[str],
        seen: set[Keys],
    ) -> None:
        for item in error.errors(include_input=False, include_url=False, include_context=False):
            loc, kind = item["loc"], item["type"]
            where = (*keys, *loc)
            at = self.document.written(where)
            if kind == "extra_forbidden":
                known = _siblings(model, loc) | (apart if len(loc) == 1 else set())
                self.document.unknown(where, known)
            elif kind == "missing":
                self.document.problem(where, f"`{loc[-1]}` is missing in [{_dotted(where[:-1])}]")
            elif at not in seen:  # a union complains once for each of its types
                seen.add(at)
                hide = kind == "value_error" or "url" in kind or _is_touchy(model, loc)
                named = [key for key in at or where if isinstance(key, str)]  # not a list's index
                what = f"`{named[-1]}`: {_plain(item['msg'])}"
                self.document.problem(where, what, hide=hide)


def find(environment: Mapping[str, str] | None = None, start: Path | None = None) -> Path:
    """
    Where tokui.toml is: `TOKUI_CONFIG`, or in this folder, or in the nearest one above it.

    Raises:
        ConfigError: There is none.
    """
    environment = os.environ if environment is None else environment
    if named := environment.get("TOKUI_CONFIG"):
        return Path(named)
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    raise ConfigError(
        f"there is no {FILE} here or above",
        todo="run `tokui init`, or name the file in TOKUI_CONFIG",
    )


def read(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """
    Read the file, with the environment over it; call `check` to hear of the mistakes.

    `TOKUI_CONNECTIONS__GINZA_TILL__URL` overrides `url` of `[connections.ginza-till]`: two
    underscores between the levels, `-` written as `_`, all in capitals. A value that begins with `[`
    or `{` is read as TOML.

    Raises:
        ConfigError: The file cannot be read, or is not TOML.
    """
    environment = os.environ if environment is None else environment
    return Config(read_document(path, environment), environment)


def _siblings(model: type[BaseModel], loc: tuple[int | str, ...]) -> set[str]:
    """What could have been written in the place of the last part of `loc`."""
    models = {model}
    for key in loc[:-1]:
        inner = [fields(kind)[key].annotation for kind in models if key in fields(kind)]
        if inner:
            found = [leaf for annotation in inner for leaf in leaves(annotation)]
            models = {
                leaf for leaf in found if isinstance(leaf, type) and issubclass(leaf, BaseModel)
            }
    return {name for kind in models for name in fields(kind)}


def _is_touchy(model: type[BaseModel], loc: tuple[int | str, ...]) -> bool:
    """Whether the line of this setting may hold a secret; a table as a whole may."""
    known = fields(model)
    return not loc or str(loc[0]) not in known or may_hold_secret(known[str(loc[0])].annotation)


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
