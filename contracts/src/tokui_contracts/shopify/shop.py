"""The shop behind the sandbox: a town that can be changed while it is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from tokui_contracts.shopify import goods, orders, people
from tokui_contracts.shopify.people import Asked, Node, gid, instant, money
from tokui_contracts.shopify.search import Row, matching, page, seconds, window
from tokui_contracts.town import SHOPS, Account, Purchase, Town, clerks
from tokui_contracts.town.goods import catalogue, variants

LISTS = {
    "customers": "Customer",
    "orders": "Order",
    "products": "Product",
    "productVariants": "ProductVariant",
    "locations": "Location",
    "inventoryItems": "InventoryItem",
}
ALL_ORDERS_AFTER = timedelta(days=60)
"""Age of the orders that need `read_all_orders`."""


def _times(node: Node) -> Row:
    at = node.get("updatedAt") or goods.OPENED
    number = int(node["id"].rsplit("/", 1)[-1].partition("?")[0])
    return Row(seconds(at), seconds(node.get("createdAt") or at), number)


class Shop:
    """
    Objects by Shopify id, and lists of them.

    Rows to sort by are kept (three integers an object); the objects themselves are made from the town
    whenever they are asked for, with what was changed laid over.
    """

    def __init__(self, town: Town) -> None:
        self.town = town
        self.all_orders = True
        self._over: dict[str, Node] = {}
        self._removed: set[str] = set()
        self._rows: dict[str, dict[int, Row]] = {}
        self._lists: dict[tuple[Any, ...], tuple[list[Row], list[Any]]] = {}
        self._warnings: list[dict[str, Any]] = []
        self._make: dict[str, Callable[[int], Node | None]] = {
            "Customer": self._customer,
            "Order": self._order,
            "Refund": self._refund,
        }

    # --- changes -----------------------------------------------------------------------------

    def change(self, id_: str, at: datetime | None = None, **fields: Any) -> None:
        """Lay fields over an object, or add a new one; it becomes the last updated."""
        kind = id_.split("/")[-2]
        now = instant(at or datetime.now(UTC))
        if self.node(id_) is None:
            fields = {"createdAt": now, **fields}
        self._removed.discard(id_)
        over = {
            "__typename": kind,
            "id": id_,
            **self._over.get(id_, {}),
            **fields,
            "updatedAt": now,
        }
        self._over[id_] = over
        if kind in LISTS.values():
            row = _times({**(self.node(id_) or {}), **over})
            self._of(kind)[row.number] = row
        self._lists.clear()

    def touch(self, ids: Iterable[str], at: datetime | None = None) -> None:
        """Make objects the last updated, as Shopify does at any edit."""
        for id_ in ids:
            self.change(id_, at)

    def remove(self, ids: Iterable[str]) -> None:
        """Delete objects; they are found nowhere any more."""
        for id_ in ids:
            self._removed.add(id_)
            self._over.pop(id_, None)
            _, kind, number = id_.rsplit("/", 2)
            if kind in LISTS.values():
                self._of(kind).pop(int(number), None)
        self._lists.clear()

    # --- objects -----------------------------------------------------------------------------

    def node(self, id_: str) -> Node | None:
        """One object; None for what is not there."""
        if id_ in self._removed:
            return None
        kind, _, number = id_.removeprefix("gid://shopify/").partition("/")
        made = self._made(kind, number) if kind in self._make else fixed(kind).get(id_)
        over = self._over.get(id_)
        return made if over is None else {**(made or {}), **over}

    def _made(self, kind: str, number: str) -> Node | None:
        return self._make[kind](int(number)) if number.isdigit() else None

    def inside(self, nodes: list[Node], args: Mapping[str, Any]) -> Node:
        """One page of a list that hangs on another object."""
        shown = [self._current(node) for node in nodes if node.get("id") not in self._removed]
        if args.get("keys"):
            shown = [n for n in shown if f"{n['namespace']}.{n['key']}" in args["keys"]]
        if args.get("namespace"):
            shown = [n for n in shown if n["namespace"] == args["namespace"]]
        if args.get("query"):
            rows = [_times(node) for node in shown]
            found = set(matching(rows, args["query"], self._warnings))
            shown = [node for node, row in zip(shown, rows, strict=True) if row in found]
        if args.get("reverse"):
            shown.reverse()
        part = window(range(len(shown)), "list", args)
        return page(shown[part.part], part)

    def _current(self, node: Node) -> Node:
        over = self._over.get(node.get("id", ""))
        return {**node, **over} if over else node

    def _customer(self, number: int) -> Node | None:
        account = self.town.account("shopify", number)
        if account is None:
            return None
        bought = partial(self._bought, account)
        node = people.to_customer(account)
        return node | {
            "orders": bought,
            "lastOrder": lambda: max(bought(), key=lambda order: order["createdAt"], default=None),
            "numberOfOrders": lambda: str(len(bought())),
            "amountSpent": lambda: _spent(list(self.town.purchases_of(account))),
            "metafield": Asked(lambda **wanted: _one(node["metafields"], wanted)),
        }

    def _bought(self, account: Account) -> list[Node]:
        return [self._with_buyer(each) for each in self.town.purchases_of(account)]

    def _order(self, number: int) -> Node | None:
        found = self.town.purchase("shopify", number)
        return self._with_buyer(found) if found else None

    def _with_buyer(self, order: Purchase) -> Node:
        buyer = order.buyer
        node = orders.to_order(order)
        node["customer"] = (lambda: self.node(buyer.external_id)) if buyer else None
        return node

    def _refund(self, number: int) -> Node | None:
        order = self._order(number)
        return next(iter(order["refunds"]()), None) if order else None

    # --- lists -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Walk the town now, so that no client waits for it: half a minute for 100,000 persons."""
        for kind in LISTS.values():
            self._of(kind)

    def _of(self, kind: str) -> dict[int, Row]:
        if kind not in self._rows:
            self._rows[kind] = {row.number: row for row in self._walk(kind)}
        return self._rows[kind]

    def _walk(self, kind: str) -> Iterable[Row]:
        if kind == "Customer":
            for account in self.town.accounts("shopify"):
                yield _row(account.updated_at, account.created_at, account.number)
        elif kind == "Order":
            for order in self.town.purchases("shopify"):
                yield _row(order.updated_at, order.at, order.number)
        else:
            yield from map(_times, fixed(kind).values())

    def _listed(self, kind: str, args: Mapping[str, Any]) -> tuple[list[Row], list[Any]]:
        sort, reverse = args.get("sortKey") or "ID", bool(args.get("reverse"))
        asked = (kind, sort, reverse, args.get("query"), self.all_orders)
        if asked not in self._lists:
            rows = matching(list(self._of(kind).values()), args.get("query"), self._warnings)
            if kind == "Order" and not self.all_orders:
                oldest = (self.town.today - ALL_ORDERS_AFTER).timestamp()
                rows = [row for row in rows if row.created >= oldest]
            sign = -1 if reverse else 1
            rows.sort(key=lambda row: _key(row, sort, sign))
            self._lists = dict(list(self._lists.items())[-7:])
            self._lists[asked] = (rows, [_key(row, sort, sign) for row in rows])
        return self._lists[asked]

    def listing(self, kind: str, **args: Any) -> Node:
        """One page of all objects of a kind."""
        rows, keys = self._listed(kind, args)
        shown = window(keys, f"{args.get('sortKey') or 'ID'}{args.get('reverse') or ''}", args)
        return page([self.node(gid(kind, row.number)) for row in rows[shown.part]], shown)

    def count(self, kind: str, **args: Any) -> Node:
        """How many there are."""
        return {"count": len(self._listed(kind, args)[0]), "precision": "EXACT"}

    def warnings(self) -> list[dict[str, Any]]:
        """What searches since the last call were warned of."""
        told, self._warnings = self._warnings, []
        return told


def _row(updated: datetime, created: datetime, number: int) -> Row:
    return Row(int(updated.timestamp()), int(created.timestamp()), number)


def _key(row: Row, sort: str, sign: int) -> tuple[int, ...]:
    by = {"UPDATED_AT": row.updated, "CREATED_AT": row.created, "PROCESSED_AT": row.created}
    return (sign * by[sort], sign * row.number) if sort in by else (sign * row.number,)


def _one(fields: list[Node], wanted: Mapping[str, str]) -> Node | None:
    same = (f for f in fields if all(f[name] == value for name, value in wanted.items()))
    return next(same, None)


def _spent(bought: list[Purchase]) -> Node:
    kept = [order for order in bought if not order.cancelled]
    back = sum(order.refund(line) for order in kept for line in order.lines)
    return dict(money(sum(order.total for order in kept) - back)["shopMoney"])


@cache
def fixed(kind: str) -> dict[str, Node]:
    """All objects of a kind that is the same in every town, by id."""
    made: dict[str, Callable[[], list[Node]]] = {
        "Product": lambda: [goods.to_product(product) for product, _ in catalogue()],
        "ProductVariant": lambda: [goods.to_variant(variant) for variant in variants()],
        "InventoryItem": lambda: [goods.to_item(variant) for variant in variants()],
        "InventoryLevel": lambda: [goods.to_level(v, s) for s in SHOPS for v in variants()],
        "Location": lambda: [goods.to_location(shop) for shop in SHOPS],
        "StaffMember": lambda: [goods.to_staff(clerk) for clerk in clerks()],
    }
    return {node["id"]: node for node in made[kind]()} if kind in made else {}
