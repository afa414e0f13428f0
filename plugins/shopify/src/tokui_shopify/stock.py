"""Reads inventory levels, which Shopify lists by location only and in no order of time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue
from tokui.connector import Page, Pull

from tokui_shopify.client import Client, Reply, StaleCursor, TooCostly
from tokui_shopify.nested import whole
from tokui_shopify.paging import STOCK, Plan
from tokui_shopify.place import read_time, since, written

AT_ONCE = 10
"""Locations in one request, and levels of each: 622 points."""

Node = dict[str, Any]


@dataclass(slots=True)
class Walk:
    """
    A way through all levels that changed.

    Attributes:
        until: When it set out; once it is through, all changes before then are known.
        seen: All changes before then were known when it set out.
        filter: What levels are asked for.
        queue: Locations with levels left, and Shopify's cursor into each.
        after: Shopify's cursor to the next locations.
        begun: False before the first request.
    """

    until: datetime
    seen: datetime | None = None
    filter: str | None = None
    queue: list[tuple[str, str | None]] = field(default_factory=list)
    after: str | None = None
    begun: bool = False

    @property
    def done(self) -> bool:
        """True when nothing is left to ask for."""
        return self.begun and not self.queue and not self.after

    def cursor(self) -> dict[str, JsonValue]:
        """To be stored."""
        if self.done:
            return {"updated_at": written(self.until)}
        return {
            "updated_at": written(self.seen) if self.seen else None,
            "until": written(self.until),
            "filter": self.filter,
            "queue": [list(left) for left in self.queue],
            "after": self.after,
        }


def set_out(ask: Pull, overlap: timedelta) -> Walk:
    """Go on where the cursor stands, or begin a new walk from what it knows."""
    cursor: Mapping[str, Any] = ask.cursor or {}
    seen, until = read_time(cursor.get("updated_at")), read_time(cursor.get("until"))
    seen = min(seen, ask.until) if seen else None
    if until and until <= ask.until and (cursor.get("queue") or cursor.get("after")):
        queue = [(str(left[0]), left[1]) for left in cursor.get("queue") or ()]
        return Walk(until, seen, cursor.get("filter"), queue, cursor.get("after"), begun=True)
    start = seen - overlap if seen else ask.since if ask.cursor is None else None
    return Walk(ask.until, seen, since(start) if start else None)


def read_stock(client: Client, ask: Pull, page_size: int, overlap: timedelta) -> Iterator[Page]:
    """
    Levels that changed since the cursor, location by location.

    A shop with few locations and few changes is read in one request. When Shopify's cursors are no
    longer valid, the walk begins anew.
    """
    plan = Plan(STOCK, page_size)
    walk, retried = set_out(ask, overlap), False
    while not walk.done:
        try:
            levels = _next(client, walk, plan)
        except StaleCursor:
            if retried:
                raise
            walk, retried = Walk(walk.until, walk.seen, walk.filter), True
            continue
        whole(client, STOCK, levels)
        yield Page(levels, walk.cursor())


def _next(client: Client, walk: Walk, plan: Plan) -> list[Node]:
    if walk.queue:
        return _of_location(client, walk, plan)
    asked = {"locations": AT_ONCE, "first": AT_ONCE, "after": walk.after, "filter": walk.filter}
    locations = client.run("stock", "Stock", asked, cost=622).data["locations"]
    page = locations["pageInfo"]
    if not walk.begun:
        walk.until = client.vendor_time(walk.until)
    walk.after, walk.begun = page["endCursor"] if page["hasNextPage"] else None, True
    levels: list[Node] = []
    for location in locations["nodes"]:
        levels += _take(walk, location["id"], location["inventoryLevels"])
    return levels


def _of_location(client: Client, walk: Walk, plan: Plan) -> list[Node]:
    location, after = walk.queue[0]
    place = {"id": location, "after": after, "filter": walk.filter}
    node = _ask(client, plan, place).data["node"]
    del walk.queue[0]
    return _take(walk, location, node["inventoryLevels"]) if node else []


def _take(walk: Walk, location: str, connection: Mapping[str, Any]) -> list[Node]:
    """The levels of one location; what is left of it goes to the head of the queue."""
    page = connection["pageInfo"]
    if page["hasNextPage"]:
        walk.queue.insert(0, (location, page["endCursor"]))
    return list(connection["nodes"])


def _ask(client: Client, plan: Plan, place: Mapping[str, Any]) -> Reply:
    while True:
        try:
            reply = client.run("stock", "StockOfLocation", {**place, "first": plan.size}, plan.cost)
        except TooCostly as error:
            plan.shrink(error)
            continue
        plan.learn(client.last_cost)
        return reply
