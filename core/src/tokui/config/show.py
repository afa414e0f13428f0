"""What is configured and by whom, and the JSON Schema of the whole file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, JsonValue, SecretStr

from tokui.config.places import Path as Keys
from tokui.config.reader import Config
from tokui.config.secrets import KINDS, reference
from tokui.config.settings import Connection, IdentitySettings, StoreSettings, SyncSettings
from tokui.connector import Settings

MASK = "********"
_REFERENCE: dict[str, JsonValue] = {
    "title": "Secret by reference",
    "oneOf": [
        {
            "type": "object",
            "properties": {kind: {"type": "string", "minLength": 1}},
            "required": [kind],
            "additionalProperties": False,
        }
        for kind in KINDS
    ],
}


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One setting in force.

    Attributes:
        key: Dotted, as in `connections.ginza-till.http.tries`.
        value: JSON; a secret is its reference, or a mask.
        origin: `tokui.toml:12`, `environment TOKUI_…` or `default`.
    """

    key: str
    value: JsonValue
    origin: str


def show(config: Config, settings: Mapping[Keys, Settings]) -> Iterator[Shown]:
    """Every setting in force: the core's, then those of `settings`, by the keys of their tables."""
    yield from _rows(config, ("store",), config.store)
    yield from _rows(config, ("sync",), config.sync)
    yield from _rows(config, ("identity",), config.identity)
    for name, connection in config.connections.items():
        keys = ("connections", name)
        yield from _rows(config, keys, connection)
        if keys in settings:
            yield from _rows(config, keys, settings[keys])
    for name in config.plugins:
        if ("plugins", name) in settings:
            yield from _rows(config, ("plugins", name), settings["plugins", name])


def _rows(config: Config, keys: Keys, model: BaseModel) -> Iterator[Shown]:
    plain = model.model_dump(mode="json", by_alias=True)
    for name, field in type(model).model_fields.items():
        at = (*keys, field.alias or name)
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _rows(config, at, value)
        else:
            masked = _masked(config, at, value, plain[field.alias or name])
            yield Shown(".".join(map(str, at)), masked, config.document.origin(at))
    for name in model.model_extra or {}:
        at = (*keys, name)
        yield Shown(".".join(map(str, at)), plain[name], config.document.origin(at))


def _masked(config: Config, keys: Keys, value: object, plain: JsonValue) -> JsonValue:
    """A secret is shown by its reference. One inside a list or table hides that as a whole."""
    if not _holds_secret(value):
        return plain
    raw = config.raw(keys[:-1]).get(str(keys[-1]))
    return raw if reference(raw) else MASK


def _holds_secret(value: object) -> bool:
    if isinstance(value, SecretStr):
        return True
    if isinstance(value, BaseModel):
        return any(_holds_secret(inner) for _, inner in value)
    if isinstance(value, Mapping):
        return any(_holds_secret(inner) for inner in value.values())
    return isinstance(value, list | tuple | set | frozenset) and any(map(_holds_secret, value))


def schema(
    connectors: Mapping[str, type[Settings]], plugins: Mapping[str, type[Settings]]
) -> dict[str, JsonValue]:
    """JSON Schema (2020-12) of tokui.toml, given what is installed, for an editor's completion."""
    parts = _Parts()
    branches: list[JsonValue] = [
        parts.connection(name, model) for name, model in sorted(connectors.items())
    ]
    tables: dict[str, JsonValue] = {
        name: parts.add(f"plugin.{name}", model) for name, model in sorted(plugins.items())
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tokui.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "store": parts.add("store", StoreSettings),
            "sync": parts.add("sync", SyncSettings),
            "identity": parts.add("identity", IdentitySettings),
            "connections": {
                "type": "object",
                "additionalProperties": {"oneOf": branches} if branches else False,
            },
            "plugins": {"type": "object", "additionalProperties": False, "properties": tables},
        },
        "$defs": {**parts.definitions, "secret": _REFERENCE},
    }


class _Parts:
    """Schemas of models, put under one roof."""

    def __init__(self) -> None:
        self.definitions: dict[str, JsonValue] = {}

    def add(self, name: str, model: type[BaseModel]) -> JsonValue:
        self.definitions[name] = self._schema(name, model)
        return {"$ref": f"#/$defs/{name}"}

    def connection(self, name: str, model: type[Settings]) -> JsonValue:
        whole = self._schema(f"connector.{name}", model)
        core = self._schema("connection", Connection)
        whole["properties"] = {
            **_table(core["properties"]),
            **_table(whole.get("properties", {})),
            "use": {"const": name},
        }
        needed = whole.get("required", [])
        whole["required"] = ["use", *(needed if isinstance(needed, list) else [])]
        self.definitions[f"connector.{name}"] = whole
        return {"$ref": f"#/$defs/connector.{name}"}

    def _schema(self, name: str, model: type[BaseModel]) -> dict[str, JsonValue]:
        whole = model.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
        for inner, definition in whole.pop("$defs", {}).items():
            self.definitions[f"{name}.{inner}"] = _by_reference(definition)
        return _table(_by_reference(whole))


def _by_reference(node: JsonValue) -> JsonValue:
    """Secrets are references in the file, where pydantic takes them for strings."""
    if isinstance(node, list):
        return [_by_reference(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "password":
        kept = {key: node[key] for key in node if key in ("title", "description")}
        return {"$ref": "#/$defs/secret", **kept}
    return {key: _by_reference(item) for key, item in node.items()}


def _table(node: JsonValue) -> dict[str, JsonValue]:
    return node if isinstance(node, dict) else {}
