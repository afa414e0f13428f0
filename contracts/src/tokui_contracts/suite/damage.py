"""Damaged copies of an item: a field more, a field less, a field of another type."""

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any, TypeAlias

from tokui.connector import Item

Path: TypeAlias = tuple[str | int, ...]

UNKNOWN = "tokui_unknown_field"
ODD = "tokui-odd-value"


def dotted(path: Path) -> str:
    """`lines.sku`: the names on the way, without positions in lists."""
    return ".".join(part for part in path if isinstance(part, str))


def paths(item: Item, skip: Collection[str] = ()) -> Iterator[Path]:
    """Every field of an item, in every element of its lists; not what `skip` names, nor below it."""
    for path in _paths(item, ()):
        names = [dotted(path[:end]) for end in range(1, len(path) + 1)]
        if not any(name in skip for name in names):
            yield path


def _paths(value: object, at: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*at, name)
            yield from _paths(inner, (*at, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _paths(inner, (*at, place))


def extended(item: Item, skip: Collection[str] = ()) -> Item:
    """With an unknown field in every object."""
    copy = deepcopy(dict(item))
    inside = [path for path in paths(item, skip) if isinstance(at(item, path), dict)]
    for path in inside:
        at(copy, path)[UNKNOWN] = {"x": [ODD]}
    return {**copy, UNKNOWN: {"x": [ODD]}}


def without(item: Item, path: Path) -> Item:
    """Without one field."""
    copy = deepcopy(dict(item))
    del at(copy, path[:-1])[path[-1]]
    return copy


def replaced(item: Item, path: Path, value: object) -> Item:
    """With another value in one field."""
    copy = deepcopy(dict(item))
    at(copy, path[:-1])[path[-1]] = value
    return copy


def typed(value: object) -> bool:
    """Whether a value tells of which type it has to be."""
    return value is not None and not isinstance(value, bool)


def odd(value: object) -> object:
    """Something of a type that nobody sends there."""
    return ODD if isinstance(value, dict | list) else {"x": [ODD]}


def at(item: Item, path: Path) -> Any:
    """The value at a path."""
    value: Any = item
    for part in path:
        value = value[part]
    return value
