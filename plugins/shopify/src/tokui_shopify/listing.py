"""Reads listings page by page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tokui.connector import Page, Pull

from tokui_shopify.client import Client, Forbidden, Reply, StaleCursor, TooCostly
from tokui_shopify.nested import mark_withheld, whole
from tokui_shopify.paging import Listing, Plan, portions
from tokui_shopify.place import Place, since, updated

Node = dict[str, Any]


class Reader:
    """
    Reads one listing.

    Args:
        client: The shop.
        listing: Which.
        page_size: Most items a page.
        overlap: How far an incremental read goes back.
        variables: For every request, beside place and size.
        extra: Points of one item beside those of the listing.
    """

    def __init__(
        self,
        client: Client,
        listing: Listing,
        page_size: int,
        overlap: timedelta,
        variables: Mapping[str, Any] | None = None,
        extra: int = 0,
    ) -> None:
        self._client = client
        self._listing = listing
        self._plan = Plan(listing, page_size, extra)
        self._overlap = overlap
        self._variables = dict(variables or {})

    def changes(self, ask: Pull) -> Iterator[Page]:
        """
        What was updated since the cursor, oldest first; it ends at the first item after `until`.
        The last cursor is `until` (or the present, if Shopify's clock is not there yet).

        Within one listing Shopify's own cursor goes on, so equal times across a page's edge lose
        nothing. It is stored with the listing's filter; when it is no longer valid, the listing
        begins anew at what was seen.
        """
        place = Place.of(ask.cursor or {}, ask.until, self._overlap)
        if ask.cursor is None and ask.since:
            place = Place(filter=since(ask.since))
        retried = False
        while True:
            try:
                nodes, after = self._page({"filter": place.filter, "after": place.after})
            except StaleCursor:
                if retried or not place.after:
                    raise
                place, retried = place.anew(self._overlap), True
                continue
            due = [node for node in nodes if updated(node) <= ask.until]
            times = [updated(node) for node in due] + ([place.seen] if place.seen else [])
            more = after if len(due) == len(nodes) else None
            seen = max(times, default=None) if more else self._client.vendor_time(ask.until)
            place = Place(seen, place.filter, more)
            yield Page(due, place.cursor())
            if not more:
                return

    def everything(self) -> Iterator[Page]:
        """All items; a listing that is broken off begins from the start."""
        after = None
        while True:
            nodes, after = self._page({"after": after})
            yield Page(nodes, {})
            if not after:
                return

    def by_id(self, ids: Sequence[str]) -> Iterator[Node]:
        """Items by id. An id of a part (a refund, a variant) gives the whole that it belongs to."""
        owners: dict[str, None] = {}
        for some in portions(ids, self._plan.size):
            reply = self._run(self._listing.by_id, {"ids": list(some)})
            for node in self._whole(reply, reply.data["nodes"]):
                if "id" in node:
                    yield node
                elif owner := node.get("order") or node.get("product"):
                    owners[owner["id"]] = None
        if wanted := [owner for owner in owners if owner not in ids]:
            yield from self.by_id(wanted)

    def _page(self, variables: Mapping[str, Any]) -> tuple[list[Node], str | None]:
        """One page, and Shopify's cursor for the next."""
        reply = self._ask(variables)
        connection = reply.data[self._listing.file]
        nodes = self._whole(reply, connection["nodes"])
        page = connection["pageInfo"]
        return nodes, page["endCursor"] if page["hasNextPage"] else None

    def _ask(self, variables: Mapping[str, Any]) -> Reply:
        while True:
            asked = {**variables, "first": self._plan.size}
            try:
                reply = self._run(self._listing.operation, asked)
            except TooCostly as error:
                self._plan.shrink(error)
                continue
            self._plan.learn(self._client.last_cost)
            return reply

    def _run(self, operation: str, variables: Mapping[str, Any]) -> Reply:
        """Send an operation; where address books may not be seen, leave them out and go on."""
        file, cost = self._listing.file, self._plan.cost
        try:
            return self._client.run(file, operation, {**self._variables, **variables}, cost)
        except Forbidden as error:
            if not (self._variables.get("book") and "addressesV2" in error.fields):
                raise
        self._variables["book"] = False
        return self._client.run(file, operation, {**self._variables, **variables}, cost)

    def _whole(self, reply: Reply, nodes: Sequence[Node | None]) -> list[Node]:
        mark_withheld(nodes, reply)
        found = [node for node in nodes if node]
        if self._variables.get("book") is False:
            for node in found:
                node["addressesV2"] = None
                node.setdefault("withheld", []).append("addressesV2")
        whole(self._client, self._listing, [node for node in found if "id" in node])
        return found
