"""What the environment's variables put over the file's values."""

import tomllib
from collections.abc import Mapping

from pydantic import JsonValue

from tokui.config.places import Path as Keys
from tokui.config.problem import ConfigProblems, Problem

SECTIONS = ("store", "sync", "identity", "outreach", "sender", "connections", "plugins")


def override(data: dict[str, JsonValue], environment: Mapping[str, str]) -> dict[Keys, str]:
    """
    Put the values into `data`; which variable stands where.

    Raises:
        ConfigProblems: A variable names something within a value that is no table.
    """
    overrides = {}
    for variable in sorted(environment):
        if keys := _keys(variable, data):
            if not _put(data, keys, _value(environment[variable])):
                raise ConfigProblems([Problem(variable, f"`{keys[0]}` is not built like this")])
            overrides[keys] = variable
    return overrides


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
