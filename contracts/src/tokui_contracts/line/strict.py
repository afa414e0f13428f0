"""What LINE finds wrong with a message; stricter than LINE where it knows less than LINE does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Said: TypeAlias = Mapping[str, str]
Object: TypeAlias = Mapping[str, Any]

TEXT = 5000
ALT_TEXT = 1500
URL = 2000
COMMON = {"type", "quickReply", "sender"}
FIELDS = {
    "text": ({"text"}, {"emojis", "quoteToken"}),
    "image": ({"originalContentUrl", "previewImageUrl"}, set()),
    "template": ({"altText", "template"}, set()),
    "flex": ({"altText", "contents"}, set()),
}
TEMPLATES = {
    "buttons": (1, 4),
    "confirm": (2, 2),
    "carousel": (1, 10),
    "image_carousel": (1, 10),
}
ACTIONS = {
    "uri": "uri",
    "message": "text",
    "postback": "data",
    "datetimepicker": "mode",
    "clipboard": "clipboardText",
}


def wrong(messages: Any) -> Iterator[Said]:
    """Every complaint about a list of message objects."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        yield _said("Size must be between 1 and 5", "messages")
        return
    for number, each in enumerate(messages):
        yield from _message(each, f"messages[{number}]")


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _said(message: str, place: str) -> Said:
    return {"message": message, "property": place}


def _message(each: Any, at: str) -> Iterator[Said]:
    kind = each.get("type") if isinstance(each, dict) else None
    if kind not in FIELDS:
        yield _said("Must be one of the following values: [text, image, ...]", f"{at}.type")
        return
    yield from _fields(each, *FIELDS[kind], at)
    if "text" in each:
        yield from _text(each["text"], TEXT, f"{at}.text")
    if "altText" in each:
        yield from _text(each["altText"], ALT_TEXT, f"{at}.altText")
    for name in ("originalContentUrl", "previewImageUrl"):
        if name in each:
            yield from _https(each[name], f"{at}.{name}")
    if kind == "template" and "template" in each:
        yield from _template(each["template"], f"{at}.template")
    if kind == "flex" and "contents" in each:
        yield from _container(each["contents"], f"{at}.contents")


def _fields(each: Object, needs: set[str], may: set[str], at: str) -> Iterator[Said]:
    for name in sorted(needs - each.keys()):
        yield _said("May not be empty", f"{at}.{name}")
    for name in sorted(each.keys() - needs - may - COMMON):
        yield _said("invalid property", f"{at}.{name}")


def _text(text: Any, limit: int, at: str) -> Iterator[Said]:
    if not isinstance(text, str) or not text.strip():
        yield _said("May not be empty", at)
    elif units(text) > limit:
        yield _said(f"Length must be between 0 and {limit}", at)


def _https(url: Any, at: str) -> Iterator[Said]:
    if not isinstance(url, str) or not url.startswith("https://") or len(url) > URL:
        yield _said("invalid uri", at)


def _template(template: Any, at: str) -> Iterator[Said]:
    kind = template.get("type") if isinstance(template, dict) else None
    if kind not in TEMPLATES:
        yield _said("Must be one of the following values: [buttons, ...]", f"{at}.type")
        return
    name = "columns" if "carousel" in kind else "actions"
    yield from _count(template.get(name), *TEMPLATES[kind], f"{at}.{name}")
    cards = template.get("columns") if name == "columns" else [template]
    for number, card in enumerate(cards if isinstance(cards, list) else ()):
        here = f"{at}.columns[{number}]" if name == "columns" else at
        actions = [card.get("action")] if kind == "image_carousel" else card.get("actions")
        yield from _actions(actions, here)


def _count(listed: Any, least: int, most: int, at: str) -> Iterator[Said]:
    if not isinstance(listed, list) or not least <= len(listed) <= most:
        yield _said(f"Size must be between {least} and {most}", at)


def _actions(actions: Any, at: str) -> Iterator[Said]:
    listed: Sequence[Any] = actions if isinstance(actions, list) else [None]
    for number, each in enumerate(listed):
        needed = ACTIONS.get(str(each.get("type"))) if isinstance(each, dict) else None
        if needed is None or not each.get(needed):
            yield _said("May not be empty", f"{at}.actions[{number}]")


def _container(contents: Any, at: str) -> Iterator[Said]:
    kind = contents.get("type") if isinstance(contents, dict) else None
    if kind not in ("bubble", "carousel"):
        yield _said("Must be one of the following values: [bubble, carousel]", f"{at}.type")
    elif kind == "carousel":
        yield from _count(contents.get("contents"), 1, 12, f"{at}.contents")
