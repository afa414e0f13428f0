"""Shopify, as far as a test needs it: its Admin API schema and a shop on loopback."""

from tokui_contracts.shopify.admin import VERSION, schema
from tokui_contracts.shopify.cost import THROTTLED, Bucket
from tokui_contracts.shopify.sandbox import ALL_SCOPES, TOKEN, ShopifySandbox

__all__ = ["ALL_SCOPES", "THROTTLED", "TOKEN", "VERSION", "Bucket", "ShopifySandbox", "schema"]
