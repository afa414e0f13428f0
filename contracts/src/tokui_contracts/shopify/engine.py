"""Runs one request against Shopify's schema: validation, cost, bucket, execution."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from tokui_contracts.shopify.admin import VERSION, schema
from tokui_contracts.shopify.cost import MOST, Bucket, Estimate, actual
from tokui_contracts.shopify.mutations import Mutations
from tokui_contracts.shopify.people import Asked, Node, gid
from tokui_contracts.shopify.resolve import Resolver, type_of
from tokui_contracts.shopify.shop import LISTS, Shop

NODES = 250
Answer = dict[str, Any]


@lru_cache(maxsize=256)
def read(query: str) -> tuple[DocumentNode | None, list[GraphQLError]]:
    """Parse and validate; the same text is looked at once."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, [error]
    return document, validate(schema(), document)


def failed(errors: list[GraphQLError]) -> Answer:
    """Errors as Shopify answers them, with HTTP 200."""
    return {"errors": [error.formatted for error in errors]}


class Engine:
    """What stands behind `graphql.json`."""

    def __init__(self, shop: Shop, resolver: Resolver, bucket: Bucket) -> None:
        self.shop = shop
        self.resolver = resolver
        self.bucket = bucket
        self._roots = {
            OperationType.QUERY: self._queries(),
            OperationType.MUTATION: Mutations(shop).root(),
        }

    def run(self, body: Mapping[str, Any]) -> Answer:
        """Answer one request."""
        document, errors = read(body["query"])
        if document is None or errors:
            return failed(errors)
        operation = get_operation_ast(document, body.get("operationName"))
        if operation is None:
            return failed([GraphQLError("No operation of that name, or none chosen of several.")])
        variables = body.get("variables") or {}
        points = Estimate(schema(), document, variables).of(operation)
        if points > MOST:
            return _too_costly(points)
        if not self.bucket.take(points):
            return self._throttled(points)
        return self._execute(document, operation, body, points)

    def _execute(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        body: Mapping[str, Any],
        points: int,
    ) -> Answer:
        done = execute_sync(
            schema(),
            document,
            root_value=self._roots[operation.operation],
            variable_values=body.get("variables") or {},
            operation_name=body.get("operationName"),
            field_resolver=self.resolver,
            type_resolver=type_of,
        )
        spent = min(points, actual(done.data))
        self.bucket.take(spent - points)
        answer: Answer = {"data": done.data} if done.data is not None or done.errors is None else {}
        if done.errors:
            answer = failed(done.errors) | answer
        answer["extensions"] = {"cost": self._cost(points, spent)}
        if warnings := self.shop.warnings():
            answer["extensions"]["search"] = [{"warnings": warnings}]
        return answer

    def _cost(self, points: int, spent: int | None) -> Answer:
        return {
            "requestedQueryCost": points,
            "actualQueryCost": spent,
            "throttleStatus": self.bucket.status(),
        }

    def _throttled(self, points: int) -> Answer:
        error = GraphQLError("Throttled", extensions={"code": "THROTTLED"})
        return failed([error]) | {"extensions": {"cost": self._cost(points, None)}}

    def _queries(self) -> Node:
        shop = self.shop
        lists = {name: Asked(partial(shop.listing, kind)) for name, kind in LISTS.items()}
        counts = {f"{name}Count": Asked(partial(shop.count, kind)) for name, kind in LISTS.items()}
        single = {_lower(kind): Asked(lambda id: shop.node(id)) for kind in LISTS.values()}  # noqa: A006
        return {
            **single,
            **lists,
            **counts,
            "inventoryLevel": Asked(lambda id: shop.node(id)),  # noqa: A006
            "node": Asked(lambda id: shop.node(id)),  # noqa: A006
            "nodes": Asked(self._nodes),
            "currentAppInstallation": lambda: {
                "__typename": "AppInstallation",
                "id": gid("AppInstallation", 1),
                "accessScopes": [{"handle": scope} for scope in sorted(self.resolver.scopes)],
            },
            "publicApiVersions": [{"handle": VERSION, "displayName": VERSION, "supported": True}],
            "shop": SHOP,
        }

    def _nodes(self, ids: list[str]) -> list[Node | None]:
        if len(ids) > NODES:
            raise GraphQLError(f"The input array size of {len(ids)} is greater than {NODES}.")
        return [self.shop.node(id_) for id_ in ids]


SHOP: Node = {
    "__typename": "Shop",
    "id": gid("Shop", 1),
    "name": "得意屋",
    "myshopifyDomain": "tokui-demo.myshopify.com",
    "url": "https://tokui-demo.myshopify.com",
    "email": "shop@example.com",
    "contactEmail": "shop@example.com",
    "currencyCode": "JPY",
    "enabledPresentmentCurrencies": ["JPY"],
    "ianaTimezone": "Asia/Tokyo",
    "timezoneAbbreviation": "JST",
    "timezoneOffset": "+0900",
    "timezoneOffsetMinutes": 540,
    "taxesIncluded": True,
}


def _lower(kind: str) -> str:
    return kind[0].lower() + kind[1:]


def _too_costly(points: int) -> Answer:
    message = (
        f"Query cost is {points}, which exceeds the single query max cost limit ({MOST}). "
        "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how "
        "the cost of a query is calculated."
    )
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": points, "maxCost": MOST}
    return failed([GraphQLError(message, extensions=extensions)])
