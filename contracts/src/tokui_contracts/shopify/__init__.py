"""Shopify, as far as a test needs it: its Admin API schema and a shop on loopback."""

from tokui_contracts.shopify.admin import VERSION, schema

__all__ = ["VERSION", "schema"]
