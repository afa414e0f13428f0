"""
Flex messages: what each component may have, as LINE's API document lists it.

A table is read in the place of a class for each component: of a component only its type, its fields'
names, and what is behind an address or a list decides whether LINE takes it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator, JsonValue, TypeAdapter, ValidationError

from tokui_line import limits
from tokui_line.content.action import Action
from tokui_line.content.part import Https

Component = Mapping[str, JsonValue]

DEPTH: Final = 12
"""Boxes in boxes; LINE takes fewer."""


class Shape(NamedTuple):
    """
    What a component has.

    Attributes:
        needs: Fields that must be there.
        may: Fields that may be there.
    """

    needs: frozenset[str]
    may: frozenset[str]


def _shape(needs: str, may: str) -> Shape:
    return Shape(frozenset(needs.split()), frozenset(may.split()))


_PLACE = "margin position offsetTop offsetBottom offsetStart offsetEnd"
_PADDING = "paddingAll paddingTop paddingBottom paddingStart paddingEnd"
_LETTERS = "size color weight style decoration"

SHAPES: Final[Mapping[str, Shape]] = {
    "box": _shape(
        "layout contents",
        f"flex spacing {_PLACE} {_PADDING} backgroundColor borderColor borderWidth cornerRadius width"
        " maxWidth height maxHeight action justifyContent alignItems background",
    ),
    "button": _shape("action", f"flex color style gravity {_PLACE} height adjustMode scaling"),
    "image": _shape(
        "url",
        f"flex {_PLACE} align gravity size aspectRatio aspectMode backgroundColor action animated",
    ),
    "video": _shape("url previewUrl altContent", "aspectRatio action"),
    "icon": _shape("url", f"size aspectRatio {_PLACE} scaling"),
    "text": _shape(
        "",
        f"text contents flex {_LETTERS} align gravity wrap lineSpacing {_PLACE} action maxLines"
        " adjustMode scaling",
    ),
    "span": _shape("text", _LETTERS),
    "separator": _shape("", "margin color"),
    "filler": _shape("", "flex"),
}
BUBBLE: Final = _shape("", "direction styles header hero body footer size action")
INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "header": frozenset({"box"}),
    "hero": frozenset({"box", "image", "video"}),
    "body": frozenset({"box"}),
    "footer": frozenset({"box"}),
    "box": frozenset(SHAPES) - {"span", "video"},
    "text": frozenset({"span"}),
    "altContent": frozenset({"box", "image"}),
}
"""Block or component → what it may hold."""

_ACTION: TypeAdapter[Any] = TypeAdapter(Action)
_HTTPS: TypeAdapter[str] = TypeAdapter(Https)


def container(value: Component) -> Component:
    """Refuse a container that LINE would."""
    kind = value.get("type")
    if kind == "bubble":
        _bubble(value)
    elif kind == "carousel":
        _carousel(value)
    else:
        raise ValueError("a flex container is a bubble or a carousel")
    return value


Container = Annotated[dict[str, JsonValue], AfterValidator(container)]


def texts(value: JsonValue) -> Iterator[str]:
    """Every text that is shown, from the top down; labels of buttons in brackets."""
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        if isinstance(text := value.get("text"), str) and value.get("type") in ("text", "span"):
            yield text
        action = value.get("action")
        if value.get("type") == "button" and isinstance(action, dict) and "label" in action:
            yield f"[{action['label']}]"
        for block in ("header", "hero", "body", "footer", "contents"):
            yield from texts(value.get(block))


def _carousel(value: Component) -> None:
    bubbles = value.get("contents")
    if set(value) != {"type", "contents"} or not isinstance(bubbles, list):
        raise ValueError("a carousel has contents, and nothing else")
    if not 1 <= len(bubbles) <= limits.BUBBLES:
        raise ValueError(f"a carousel has 1 to {limits.BUBBLES} bubbles")
    _check_size(value, limits.CAROUSEL_BYTES)
    for each in bubbles:
        if not isinstance(each, dict) or each.get("type") != "bubble":
            raise ValueError("a carousel holds bubbles")
        _bubble(each)
    if len({each.get("size") for each in bubbles if isinstance(each, dict)}) > 1:
        raise ValueError("all bubbles of a carousel have one size")


def _bubble(value: Component) -> None:
    _check_size(value, limits.BUBBLE_BYTES)
    _check_fields("a bubble", value, BUBBLE)
    _check_action(value)
    for block in ("header", "hero", "body", "footer"):
        if block in value:
            _component(value[block], INSIDE[block], 0)


def _component(value: JsonValue, allowed: frozenset[str], depth: int) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str) or kind not in allowed:
        raise ValueError(f"only {', '.join(sorted(allowed))} may stand here")
    if depth > DEPTH:
        raise ValueError(f"boxes stand in each other more than {DEPTH} deep")
    _check_fields(f"a {kind}", value, SHAPES[kind])
    _check_action(value)
    _check_addresses(value)
    if kind == "text" and not (value.get("text") or value.get("contents")):
        raise ValueError("a text needs text or contents")
    if kind == "video":
        _component(value["altContent"], INSIDE["altContent"], depth + 1)
    for each in _list(value.get("contents", [])):
        _component(each, INSIDE[kind], depth + 1)


def _list(value: JsonValue) -> Sequence[JsonValue]:
    if not isinstance(value, list):
        raise ValueError("contents are a list")
    return value


def _check_fields(what: str, value: Component, shape: Shape) -> None:
    if missing := shape.needs - set(value):
        raise ValueError(f"{what} lacks {', '.join(sorted(missing))}")
    if set(value) - shape.needs - shape.may - {"type"}:
        raise ValueError(f"{what} has a field that LINE does not know")


def _check_action(value: Component) -> None:
    if "action" in value:
        action = _checked("action", _ACTION, value["action"])
        if value.get("type") == "button" and action.label is None:
            raise ValueError("a button needs a label")


def _check_addresses(value: Component) -> None:
    for name in ("url", "previewUrl"):
        if name in value:
            _checked(name, _HTTPS, value[name])


def _checked(name: str, adapter: TypeAdapter[Any], value: JsonValue) -> Any:
    """Without pydantic's own error, which has a place of its own for itself in a validator."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise ValueError(f"{name}: {error.errors()[0]['msg']}") from None


def _check_size(value: Component, limit: int) -> None:
    size = len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    if size > limit:
        raise ValueError(f"{size:,} bytes of JSON, and LINE takes {limit:,}")
