"""The connector keeps the contract of a source."""

from tokui_contracts import SourceContract
from tokui_contracts.shopify.vendor import ShopifyVendor
from tokui_shopify.connector import Shopify


class TestShopify(SourceContract):
    connector = Shopify
    sandbox = ShopifyVendor
