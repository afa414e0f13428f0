"""The connector `shopify`: customers, orders, products and stock by the Admin GraphQL API."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import JsonValue
from tokui.connector import (
    Ack,
    Checkable,
    Connector,
    Context,
    Custodian,
    Destination,
    Finding,
    Item,
    Page,
    Preference,
    Pull,
    Receipt,
    Source,
    Stream,
)
from tokui.errors import FatalError
from tokui.model import (
    Consent,
    Customer,
    Gone,
    Location,
    Order,
    Product,
    Reach,
    Record,
    Staff,
    Stock,
    Variant,
)

from tokui_shopify import check
from tokui_shopify.client import Client
from tokui_shopify.listing import Reader
from tokui_shopify.mapping.catalogue import Products, parse_level, parse_location
from tokui_shopify.mapping.customers import Customers
from tokui_shopify.mapping.orders import GUEST, parse_order
from tokui_shopify.mapping.rules import Rules
from tokui_shopify.nested import read_on
from tokui_shopify.paging import CUSTOMERS, LOCATIONS, ORDERS, PRODUCTS, STOCK, Listing, Rest
from tokui_shopify.settings import ShopifySettings
from tokui_shopify.stock import read_stock
from tokui_shopify.writing import write

LISTINGS: Mapping[str, Listing] = {
    "locations": LOCATIONS,
    "products": PRODUCTS,
    "customers": CUSTOMERS,
    "orders": ORDERS,
    "stock": STOCK,
}


class Shopify(Connector[ShopifySettings], Source, Destination, Custodian, Checkable):
    """One Shopify shop."""

    Settings = ShopifySettings

    def __init__(self, name: str, settings: ShopifySettings, ctx: Context) -> None:
        super().__init__(name, settings, ctx)
        self._client = Client(name, settings, ctx)
        self._overlap = timedelta(seconds=settings.overlap_s)
        self._customers = Customers(settings)
        self._parsers: Mapping[str, Callable[[Item], Iterable[Record]]] = {
            "locations": parse_location,
            "products": Products(settings).parse,
            "customers": self._customers.parse,
            "orders": partial(parse_order, rules=Rules.of(settings)),
            "stock": parse_level,
        }

    # --- Source ----------------------------------------------------------------------------------

    def streams(self) -> Sequence[Stream]:
        """What is referred to comes before what refers to it."""
        rules = self._customers.rules
        return (
            Stream("locations", (Location,), incremental=False),
            Stream("products", (Product, Variant)),
            Stream("customers", (Customer, Consent), identifiers=rules),
            Stream("orders", (Order, Customer, Staff), identifiers=rules[:2]),
            Stream("stock", (Stock, Gone)),
        )

    def pull(self, ask: Pull) -> Iterator[Page]:
        """Read what changed, oldest first; locations all. An item is whole: nothing is cut off."""
        if ask.stream == "locations":
            return self._reader("locations").everything()
        if ask.stream == "stock":
            return read_stock(self._client, ask, self.settings.page_size, self._overlap)
        return self._reader(ask.stream).changes(ask)

    def parse(self, stream: str, item: Item) -> Iterable[Record]:
        """Map one item; a test order gives nothing."""
        return self._parsers[stream](item)

    def fetch(self, stream: str, ids: Sequence[str]) -> Iterable[Item]:
        """Read by id; that of a refund, a guest or a variant gives the whole that it belongs to."""
        wanted = dict.fromkeys(one.removeprefix(GUEST).partition("#")[0] for one in ids)
        return self._reader(stream).by_id(tuple(wanted))

    # --- Destination -----------------------------------------------------------------------------

    @property
    def takes(self) -> Sequence[Reach]:
        """E-mail and SMS, where the settings say so."""
        return ("email", "phone") if self.settings.write_back else ()

    def push(self, preferences: Sequence[Preference]) -> Sequence[Ack]:
        """
        Write marketing consents.

        Raises:
            AuthError: The app may not write customers.
        """
        return [write(self._client, each) for each in preferences]

    # --- Custodian -------------------------------------------------------------------------------

    def export(self, external_ids: Sequence[str]) -> Mapping[str, JsonValue]:
        """The customers as Shopify shows them, and their orders."""
        guests = [one for one in external_ids if one.startswith(GUEST)]
        customers = [one for one in external_ids if not one.startswith(GUEST)]
        orders = guests + [order for one in customers for order in self._orders_of(one)]
        return {
            "customers": [dict(item) for item in self.fetch("customers", customers)],
            "orders": [dict(item) for item in self.fetch("orders", orders)],
        }

    def erase(self, external_ids: Sequence[str]) -> Receipt:
        """
        Ask Shopify to erase the customers; it does so after its own waiting time.

        Raises:
            FatalError: Shopify does not take the request, or has no way to erase a guest.
        """
        if any(one.startswith(GUEST) for one in external_ids):
            raise FatalError(
                "Shopify can erase customers only, and a guest is a part of an order",
                who=self.name,
                todo="remove the personal data of the guest's order in the Shopify admin",
            )
        erased = sum(self._erase(one) for one in external_ids)
        return Receipt({"customer": erased}, self.ctx.now())

    def _erase(self, customer: str) -> bool:
        """True when Shopify took the request, False when it has no such customer."""
        reply = self._client.run("customers", "EraseCustomer", {"id": customer})
        codes = {e["code"] for e in reply.data["customerRequestDataErasure"]["userErrors"]}
        if codes - {"DOES_NOT_EXIST"}:
            raise FatalError(
                "Shopify does not take the request to erase a customer",
                who=self.name,
                todo="erase the customer in the Shopify admin, under More actions",
            )
        return not codes

    def _orders_of(self, customer: str) -> list[str]:
        unread = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}
        node: dict[str, Any] = {"id": customer, "orders": unread}
        read_on(self._client, "customers", node, Rest("orders", "CustomerOrders"))
        return [order["id"] for order in node["orders"]["nodes"]]

    # --- Checkable -------------------------------------------------------------------------------

    def check(self) -> Sequence[Finding]:
        """Token, scopes, protected data, API version, time zone and clock."""
        found = list(check.findings(self._client, self.settings))
        return (*found, *check.clock(self.ctx.now(), self.ctx.http.server_time()))

    def _reader(self, stream: str) -> Reader:
        listing, keys = LISTINGS[stream], self._customers.keys
        mapped = {
            "keys": list(keys),
            "count": max(len(keys), 1),
            "mapped": bool(keys),
            "book": True,
        }
        return Reader(
            self._client,
            listing,
            self.settings.page_size,
            self._overlap,
            mapped if listing is CUSTOMERS else None,
            max(len(keys), 1) if listing is CUSTOMERS else 0,
        )
