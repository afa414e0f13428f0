"""Shopify's search syntax, as far as times and ids go, and its cursors."""

import re
from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

from graphql import GraphQLError
from pydantic_core import from_json, to_json

MOST = 250
"""Items of one page (Shopify API, "Pagination")."""

_ZONE = timezone(timedelta(hours=9), "JST")
_TERM = re.compile(r"(\w+):(>=|<=|>|<)?(?:'([^']*)'|\"([^\"]*)\"|(\S+))")
_COMPARE = {">=": ge, "<=": le, ">": gt, "<": lt, None: eq}
_FIELDS = {
    "updated_at": "updated",
    "created_at": "created",
    "processed_at": "created",
    "id": "number",
}


class Row(NamedTuple):
    """
    What listings are sorted and searched by.

    Attributes:
        updated, created: Seconds since 1970.
        number: The numeric id.
    """

    updated: int
    created: int
    number: int


def seconds(at: str) -> int:
    """Seconds since 1970 of an ISO time; one without a zone is in the shop's."""
    parsed = datetime.fromisoformat(at)
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=_ZONE)).timestamp())


def _wanted(name: str, value: str) -> int:
    if name != "number":
        return seconds(value)
    return int(value.rsplit("/", 1)[-1])


def matching(rows: list[Row], query: str | None, warnings: list[dict[str, Any]]) -> list[Row]:
    """
    Rows that a search finds. Terms are joined by AND.

    A field that cannot be searched is ignored with a warning, as Shopify does; so is one that the
    sandbox does not know.
    """
    for field, sign, *values in _TERM.findall(query or ""):
        name, value = _FIELDS.get(field), next(filter(None, values), "")
        try:
            wanted = _wanted(name or "", value)
        except ValueError:
            name = None
        if name is None:
            warnings.append({"field": field, "message": "Invalid search field for this query."})
            continue
        holds = _COMPARE[sign or None]
        rows = [row for row in rows if holds(getattr(row, name), wanted)]
    return rows


class Window(NamedTuple):
    """A page of a listing: which part of it, and what the client is told."""

    part: slice
    cursors: list[str]
    info: dict[str, Any]


def _pack(sort: str, key: Any) -> str:
    return b64encode(to_json({"sort": sort, "key": key})).decode()


def _unpack(sort: str, cursor: str) -> Any:
    try:
        place = from_json(b64decode(cursor))
        if place["sort"] == sort:
            key = place["key"]
            return tuple(key) if isinstance(key, list) else key
    except (ValueError, KeyError, TypeError):
        pass
    raise GraphQLError("Invalid cursor for current pagination sort.")


def window(keys: Sequence[Any], sort: str, args: Mapping[str, Any]) -> Window:
    """
    Choose a page by `first`/`after` or `last`/`before`; `keys` ascend.

    Raises:
        GraphQLError: As Shopify words it.
    """
    first, last = args.get("first"), args.get("last")
    if (first is None) == (last is None):
        raise GraphQLError("you must provide one of first or last")
    size: int = first if first is not None else args["last"]
    if not 0 <= size <= MOST:
        raise GraphQLError(f"{'first' if last is None else 'last'} must be between 0 and {MOST}")
    after, before = args.get("after"), args.get("before")
    low = bisect_right(keys, _unpack(sort, after)) if after else 0
    high = bisect_left(keys, _unpack(sort, before)) if before else len(keys)
    start, stop = (low, min(low + size, high)) if last is None else (max(low, high - size), high)
    cursors = [_pack(sort, key) for key in keys[start:stop]]
    return Window(
        slice(start, max(start, stop)),
        cursors,
        {
            "hasNextPage": stop < len(keys),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    )


def page(nodes: Sequence[Any], shown: Window) -> dict[str, Any]:
    """A connection object of the nodes in the window."""
    pairs = zip(shown.cursors, nodes, strict=True)
    return {
        "nodes": nodes,
        "edges": [{"cursor": cursor, "node": node} for cursor, node in pairs],
        "pageInfo": shown.info,
    }
