"""What is inside an item, read to its end: an item is handed out whole."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tokui_shopify.client import QUERY_LIMIT, Client, Reply
from tokui_shopify.paging import ORDERS, REFUNDS, Listing, Plan, Rest, portions

Node = dict[str, Any]

REST = 50
"""Items in each request for the rest of a nested connection; at most 9 points each."""


def whole(client: Client, listing: Listing, nodes: Sequence[Node]) -> None:
    """Read to their ends the connections inside the items, and the refunds of orders."""
    _complete(client, listing, nodes)
    if listing is ORDERS:
        _put_refunds(client, nodes)


def mark_withheld(nodes: Sequence[Node | None], reply: Reply) -> None:
    """Note on each item which of its fields Shopify did not show for want of a permission."""
    for path in reply.denied:
        for step, field in pairwise(path):
            if isinstance(step, int) and isinstance(field, str):
                if step < len(nodes) and (node := nodes[step]):
                    node.setdefault("withheld", []).append(field)
                break


def read_on(client: Client, file: str, node: Node, rest: Rest) -> None:
    """Add to one connection of one item what was left out."""
    connection = node.get(rest.field)
    while connection and connection["pageInfo"]["hasNextPage"]:
        place = {"id": node["id"], "first": REST, "after": connection["pageInfo"]["endCursor"]}
        reply = client.run(file, rest.operation, place)
        more = (reply.data["node"] or {}).get(rest.field)
        if more is None or more["pageInfo"]["endCursor"] == place["after"]:
            return
        connection["nodes"] += more["nodes"]
        connection["pageInfo"] = more["pageInfo"]


def _complete(client: Client, listing: Listing, nodes: Iterable[Node]) -> None:
    for node in nodes:
        for rest in listing.nested:
            read_on(client, listing.file, node[rest.inside] if rest.inside else node, rest)


def _put_refunds(client: Client, orders: Sequence[Node]) -> None:
    """Put the refunds of orders in place of the refunds' ids."""
    ids = [refund["id"] for order in orders for refund in order["refunds"]]
    refunds: dict[str, Node] = {}
    for some in portions(ids, Plan(REFUNDS, QUERY_LIMIT).size):
        reply = client.run("orders", "Refunds", {"ids": list(some)})
        mark_withheld(reply.data["nodes"], reply)
        refunds.update({node["id"]: node for node in reply.data["nodes"] if node})
    _complete(client, REFUNDS, refunds.values())
    for order in orders:
        order["refunds"] = [refunds[one["id"]] for one in order["refunds"] if one["id"] in refunds]
