"""Shopify for tokui."""
