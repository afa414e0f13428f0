"""A Shopify shop on loopback."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Self

from pydantic_core import from_json, to_json

from tokui_contracts.loopback import Handler, Loopback
from tokui_contracts.shopify.admin import VERSION
from tokui_contracts.shopify.cost import Bucket
from tokui_contracts.shopify.engine import Engine
from tokui_contracts.shopify.resolve import Resolver
from tokui_contracts.shopify.shop import Shop
from tokui_contracts.town import Town

TOKEN = "shpat_sandbox"  # noqa: S105 - opens nothing
ALL_SCOPES = (
    "read_all_orders",
    "read_customers",
    "read_inventory",
    "read_locations",
    "read_orders",
    "read_products",
    "read_users",
    "write_customer_data_erasure",
    "write_customers",
)
HEADERS = {"Content-Type": "application/json; charset=utf-8", "X-Shopify-API-Version": VERSION}
_BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105


class ShopifySandbox(AbstractContextManager["ShopifySandbox"]):
    """
    Serves a town as Shopify's Admin API would, on 127.0.0.1, from `with` to its end.

    Attributes:
        url: Scheme, host and port, without a path.
        shop: To change, touch and remove objects while it runs.
        bucket: The points that queries are paid from.
        requests: How many requests came in, refused ones included.
    """

    def __init__(
        self,
        town: Town,
        *,
        port: int = 0,
        token: str = TOKEN,
        scopes: Iterable[str] = ALL_SCOPES,
        protected_data: bool = True,
        bucket: Bucket | None = None,
    ) -> None:
        granted = frozenset(scopes)
        self.shop = Shop(town)
        self.shop.all_orders = "read_all_orders" in granted
        self.bucket = bucket or Bucket()
        self.token = token
        self.requests = 0
        self.engine = Engine(
            self.shop, Resolver(self.shop, granted, protected=protected_data), self.bucket
        )
        self._lock = threading.Lock()
        self._server = Loopback(_Handler, self, port)
        self.url = self._server.url

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self.shop.prepare()
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def touch(self, ids: Sequence[str]) -> None:
        """Make objects the last updated."""
        with self._lock:
            self.shop.touch(ids)

    def change(self, id_: str, **fields: Any) -> None:
        """Change fields of an object, or add one, by its Shopify id."""
        with self._lock:
            self.shop.change(id_, None, **fields)

    def remove(self, ids: Sequence[str]) -> None:
        """Delete objects."""
        with self._lock:
            self.shop.remove(ids)

    def answer(self, path: str, token: str | None, body: bytes) -> tuple[int, Any]:
        """Status and JSON for one POST."""
        with self._lock:
            self.requests += 1
            if path != f"/admin/api/{VERSION}/graphql.json":
                return 404, {"errors": "Not Found"}
            if token != self.token:
                return 401, {"errors": _BAD_TOKEN}
            try:
                asked = from_json(body)
            except ValueError:
                return 400, {"errors": "Bad Request"}
            if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
                return 400, {"errors": {"query": "Required parameter missing or invalid"}}
            return 200, self.engine.run(asked)


class _Handler(Handler):
    server: Loopback[ShopifySandbox]

    def do_POST(self) -> None:
        body, token = self.body(), self.headers.get("X-Shopify-Access-Token")
        status, answer = self.server.vendor.answer(self.path, token, body)
        self._send(status, to_json(answer))

    def do_GET(self) -> None:
        self._send(404, b'{"errors":"Not Found"}')

    def _send(self, status: int, content: bytes) -> None:
        self.answer(status, content, HEADERS)
