"""Answers each field of Shopify's schema from plain dicts; what is not modelled is empty, never a crash."""

from collections.abc import Mapping
from typing import Any, Literal

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLResolveInfo,
    GraphQLUnionType,
    get_named_type,
)

from tokui_contracts.shopify.goods import OPENED
from tokui_contracts.shopify.people import Asked
from tokui_contracts.shopify.shop import Shop

SCOPES = {
    "Customer": "read_customers",
    "CustomerConnection": "read_customers",
    "Order": "read_orders",
    "OrderConnection": "read_orders",
    "Product": "read_products",
    "ProductConnection": "read_products",
    "ProductVariant": "read_products",
    "ProductVariantConnection": "read_products",
    "InventoryItem": "read_inventory",
    "InventoryItemConnection": "read_inventory",
    "InventoryLevel": "read_inventory",
    "InventoryLevelConnection": "read_inventory",
    "Location": "read_locations",
    "LocationConnection": "read_locations",
    "StaffMember": "read_users",
    "CustomerEmailMarketingConsentUpdatePayload": "write_customers",
    "CustomerSmsMarketingConsentUpdatePayload": "write_customers",
}
"""The scope that a field of this type needs."""

PROTECTED = frozenset(
    "firstName lastName displayName email phone defaultEmailAddress defaultPhoneNumber "
    "defaultAddress addresses addressesV2 billingAddress shippingAddress".split()
)
"""Fields of customers and orders that need leave for protected customer data."""

_SCALARS: Mapping[str, Any] = {
    "Boolean": False,
    "Int": 0,
    "Float": 0.0,
    "ID": "gid://shopify/Unknown/0",
    "DateTime": OPENED,
    "Date": OPENED[:10],
    "Decimal": "0.0",
    "Money": "0.00",
    "UnsignedInt64": "0",
    "BigInt": "0",
    "URL": "https://example.com/",
    "JSON": {},
}
Kind = Literal["connection", "other"]
_MISSING = object()


class Resolver:
    """
    Resolves every field.

    Attributes:
        scopes: What the app was granted.
        protected: The app may see protected customer data.
    """

    def __init__(self, shop: Shop, scopes: frozenset[str], *, protected: bool) -> None:
        self.shop = shop
        self.scopes = scopes
        self.protected = protected
        self._kinds: dict[tuple[str, str], Kind] = {}

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **args: Any) -> Any:
        """The value of one field."""
        kind = self._kinds.get((info.parent_type.name, info.field_name))
        if kind is None:
            kind = self._permit(info)
        value = source.get(info.field_name, _MISSING)
        if value is _MISSING:
            return self._empty(info.return_type, info)
        if callable(value):
            value = value()
        elif isinstance(value, Asked):
            return value.answer(**args)
        if kind == "connection" and isinstance(value, list):
            return self.shop.inside(value, args)
        return value

    def _permit(self, info: GraphQLResolveInfo[Any]) -> Kind:
        """What kind of field it is, worked out once for those that are permitted."""
        name, parent = info.field_name, info.parent_type.name
        returned = get_named_type(info.return_type).name
        needed = SCOPES.get(returned)
        if needed and needed not in self.scopes:
            raise _denied(
                f"Access denied for {name} field. Required access: `{needed}` access scope.",
                f"`{needed}` access scope.",
            )
        if not self.protected and name in PROTECTED and parent in ("Customer", "Order"):
            raise _denied(f"This app is not approved to use the {name} field.", None)
        kind: Kind = "connection" if returned.endswith("Connection") else "other"
        self._kinds[parent, name] = kind
        return kind

    def _empty(self, kind: Any, info: GraphQLResolveInfo[Any]) -> Any:
        """The least that the schema allows."""
        if not isinstance(kind, GraphQLNonNull):
            return None
        inner = kind.of_type
        if isinstance(inner, GraphQLList):
            return []
        if isinstance(inner, GraphQLEnumType):
            return next(iter(inner.values))
        if isinstance(inner, (GraphQLInterfaceType, GraphQLUnionType)):
            inner = info.schema.get_possible_types(inner)[0]
        if hasattr(inner, "fields"):
            if inner.name.endswith("Connection"):
                return self.shop.inside([], {"first": 0})
            return {"__typename": inner.name}
        return _SCALARS.get(inner.name, "")


def type_of(value: Mapping[str, Any], *_: Any) -> str:
    """The concrete type of an object."""
    return str(value["__typename"])


def _denied(message: str, needed: str | None) -> GraphQLError:
    extensions: dict[str, Any] = {
        "code": "ACCESS_DENIED",
        "documentation": "https://shopify.dev/api/usage/access-scopes",
    }
    if needed:
        extensions["requiredAccess"] = needed
    return GraphQLError(message, extensions=extensions)
