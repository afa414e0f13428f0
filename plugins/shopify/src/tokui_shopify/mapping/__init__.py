"""From Shopify's objects to tokui's records: pure functions over the dict, one module a stream."""
