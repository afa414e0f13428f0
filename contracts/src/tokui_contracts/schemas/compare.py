"""Does a new schema still accept everything that the old one accepted?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
"""A JSON Schema as pydantic writes it: `$ref` into `$defs`, `anyOf`, no `allOf`."""

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACT = ("format", "pattern", "multipleOf", "uniqueItems")


def incompatible(old: Schema, new: Schema) -> list[str]:
    """
    List the changes that break a plugin built for the old schema, each with the path of its field.

    A field removed or newly required, a type or a set of values narrowed, a format, pattern or bound
    made different or tighter, a map that no longer takes any key.
    """
    return list(_Comparison(old, new).compare(old, new, "", frozenset()))


class _Comparison:
    """One pair of documents, whose references are followed."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old_defs: Mapping[str, Schema] = old.get("$defs", {})
        self.new_defs: Mapping[str, Schema] = new.get("$defs", {})

    def compare(
        self, old: Schema, new: Schema, path: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        refs = (old.get("$ref", ""), new.get("$ref", ""))
        if all(refs):
            if refs in seen:
                return
            seen |= {refs}
        olds, news = _branches(_at(old, self.old_defs)), _branches(_at(new, self.new_defs))
        if len(olds) == len(news) == 1:
            yield from self._one(
                _at(olds[0], self.old_defs), _at(news[0], self.new_defs), path, seen
            )
            return
        for branch in olds:
            yield from self._branch(branch, news, path, seen)

    def _branch(
        self, old: Schema, news: Sequence[Schema], path: str, seen: frozenset[tuple[str, str]]
    ) -> list[str]:
        """Find a new branch that takes the old one; the nearest one says what is missing."""
        found = [list(self.compare(old, new, path, seen)) for new in news]
        if not all(found):
            return []
        kind = _kind(_at(old, self.old_defs))
        kinds = [_kind(_at(new, self.new_defs)) for new in news]
        near = [changes for changes, other in zip(found, kinds, strict=True) if other == kind]
        return min(near, key=len, default=[f"{path}: no longer takes {kind}"])

    def _one(
        self, old: Schema, new: Schema, path: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        yield from _types(old, new, path)
        yield from _bounds(old, new, path)
        yield from self._fields(old, new, path, seen)
        yield from self._maps(old, new, path, seen)
        if "items" in new:
            yield from self.compare(old.get("items", {}), new["items"], f"{path}[]", seen)

    def _fields(
        self, old: Schema, new: Schema, path: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        before, now = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name in now:
                yield from self.compare(before[name], now[name], f"{path}.{name}", seen)
            else:
                yield f"{path}.{name}: removed"
        for name in new.get("required", ()):
            if name not in old.get("required", ()):
                yield f"{path}.{name}: now required"

    def _maps(
        self, old: Schema, new: Schema, path: str, seen: frozenset[tuple[str, str]]
    ) -> Iterator[str]:
        before, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if now is True or before is False:
            return
        if now is False:
            yield f"{path}: no longer takes other keys"
        else:
            yield from self.compare({} if before is True else before, now, f"{path}.*", seen)


def _at(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    return schema


def _branches(schema: Schema) -> Sequence[Schema]:
    branches: Sequence[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return branches


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "const" if "const" in schema else "anything")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _types(old: Schema, new: Schema, path: str) -> Iterator[str]:
    kinds = old.get("type"), new.get("type")
    if kinds[1] not in (None, kinds[0]) and kinds != ("integer", "number"):
        yield f"{path}: {_kind(old)} narrowed to {_kind(new)}"
    before, now = _values(old), _values(new)
    if now is None:
        return
    if before is None:
        yield f"{path}: narrowed to {_listed(now)}"
    elif lost := [value for value in before if value not in now]:
        yield f"{path}: no longer takes {_listed(lost)}"


def _values(schema: Schema) -> Sequence[object] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _listed(values: Sequence[object]) -> str:
    return ", ".join(repr(value) for value in values)


def _bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for word in _EXACT:
        if old.get(word) != new.get(word):
            yield f"{path}: {word} changed"
    for words, tighter in ((_LOWER, 1), (_UPPER, -1)):
        for word in words:
            before, now = old.get(word), new.get(word)
            if now is not None and (before is None or (now - before) * tighter > 0):
                yield f"{path}: {word} tightened to {now}"
