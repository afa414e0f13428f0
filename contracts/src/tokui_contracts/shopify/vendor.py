"""The Shopify sandbox as the contract suite wants it: a few objects of each kind, changed at will."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import JsonValue

from tokui_contracts.shopify.cost import Bucket
from tokui_contracts.shopify.people import Asked
from tokui_contracts.shopify.sandbox import TOKEN, ShopifySandbox
from tokui_contracts.suite import HttpSandbox
from tokui_contracts.town import TODAY, Town

KINDS: Mapping[str, str] = {
    "locations": "Location",
    "products": "Product",
    "customers": "Customer",
    "orders": "Order",
}
LEVELS = 13
"""Stock of one location: the ten of a first request, and two more pages."""

_SPOILT: Mapping[str, dict[str, Any]] = {
    "products": {"variants": [{"id": "gid://shopify/ProductVariant/1", "price": "a little"}]},
    "customers": {"defaultEmailAddress": {"emailAddress": "x" * 600, "marketingState": "PENDING"}},
    "orders": {"currencyCode": "JPY", "processedAt": "0000-00-00T00:00:00Z"},
}


class ShopifyVendor(HttpSandbox):
    """A small shop with two objects to a page."""

    count = 5
    now = TODAY + timedelta(days=1)
    free = (  # words that are compared with those known
        "orders.displayFulfillmentStatus",
        "orders.transactions.kind",
        "orders.transactions.status",
        "stock.quantities.name",
    )
    nobody: ClassVar[str] = "gid://shopify/Customer/999999999999"

    def settings(self) -> Mapping[str, JsonValue]:
        """As the shop would write them."""
        return {
            "shop": "sandbox.myshopify.com",
            "access_token": TOKEN,
            "base_url": self.url,
            "page_size": 2,
        }

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        """A token that was revoked."""
        return {**self.settings(), "access_token": "shpat_revoked"}

    def serve(self) -> str:
        """The sandbox, with points for everything."""
        self._vendor = ShopifySandbox(Town(30), bucket=Bucket(maximum=1e9, restore=1e9))
        self._vendor.__enter__()
        self._edits = itertools.count(1)
        return self._vendor.url

    def close(self) -> None:
        """Stop it."""
        self._vendor.__exit__(None, None, None)

    def fill(self, count: int) -> None:
        """Thin the town out: orders without refunds (a return is an order of its own)."""
        shop = self._vendor.shop
        for kind in KINDS.values():
            suited = [node["id"] for node in self._all(kind) if not _refunded(node)]
            shop.remove(set(self._ids(kind)) - set(suited[:count]))
        levels = [id_ for place in self._ids("Location") for id_ in self._levels(place)]
        shop.remove(levels[LEVELS:])
        self._stock = levels[:LEVELS]

    def truth(self) -> Mapping[str, Collection[str]]:
        """Ids as served."""
        return {stream: self._ids(kind) for stream, kind in KINDS.items()} | {"stock": self._stock}

    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        """Another note, title, name or quantity."""
        edit = next(self._edits)
        fields: Mapping[str, dict[str, Any]] = {
            "locations": {"name": f"店{edit}"},
            "products": {"title": f"品{edit}"},
            "customers": {"note": f"{edit}"},
            "orders": {"note": f"{edit}"},
            "stock": {"quantities": Asked(lambda names: _quantities(names, edit))},
        }
        for id_ in ids:
            self._vendor.shop.change(id_, at, **fields[stream])

    def remove(self, stream: str, external_id: str) -> None:
        """Delete it."""
        self._vendor.shop.remove([external_id])
        self._stock = [level for level in self._stock if level != external_id]

    def spoil(self, stream: str, external_id: str) -> bool:
        """Values that Shopify's schema allows and nobody can map; locations and stock have none."""
        if stream in _SPOILT:
            self._vendor.shop.change(external_id, self.now - timedelta(days=1), **_SPOILT[stream])
        return stream in _SPOILT

    def personal(self) -> Sequence[str]:
        """E-mail addresses and phone numbers."""
        customers = self._all("Customer")
        emails = [each["defaultEmailAddress"] for each in customers]
        phones = [each["defaultPhoneNumber"] for each in customers]
        return [each["emailAddress"] for each in emails if each] + [
            each["phoneNumber"] for each in phones if each
        ]

    def _all(self, kind: str) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self._vendor.shop.listing(kind, first=250)["nodes"]
        return nodes

    def _ids(self, kind: str) -> list[str]:
        return [node["id"] for node in self._all(kind)]

    def _levels(self, location: str) -> list[str]:
        shop = self._vendor.shop
        levels: Callable[[], list[dict[str, Any]]] = (shop.node(location) or {})["inventoryLevels"]
        shown = shop.inside(levels(), {"first": 250})
        return [node["id"] for node in shown["nodes"]]


def _refunded(node: Mapping[str, Any]) -> bool:
    return bool("refunds" in node and node["refunds"]())


def _quantities(names: Sequence[str], quantity: int) -> list[dict[str, Any]]:
    return [
        {"id": f"gid://shopify/InventoryQuantity/1?name={n}", "name": n, "quantity": quantity}
        for n in names
    ]
