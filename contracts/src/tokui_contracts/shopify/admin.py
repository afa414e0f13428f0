"""Shopify's own schema of the Admin GraphQL API, trimmed; see LICENSE-shopify.txt beside it."""

import gzip
from functools import cache
from importlib.resources import files

from graphql import GraphQLSchema, build_client_schema
from pydantic_core import from_json

VERSION = "2026-07"


@cache
def schema() -> GraphQLSchema:
    """
    Shopify's schema, deprecations included.

    Built without graphql's check of the schema itself, which Shopify's does not pass (deprecated
    fields of interfaces).
    """
    packed = files("tokui_contracts.shopify").joinpath(f"admin_{VERSION}.json.gz").read_bytes()
    return build_client_schema(from_json(gzip.decompress(packed)), assume_valid=True)
