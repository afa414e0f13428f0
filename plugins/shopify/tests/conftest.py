"""A connector to ask, and Shopify's replies as files."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tokui_contracts.context import Waits, context
from tokui_shopify.connector import Shopify
from tokui_shopify.settings import ShopifySettings

Vendor = Callable[[str, str], dict[str, Any]]


@pytest.fixture
def vendor() -> Vendor:
    """`vendor(FILE, CASE)`: one object as Shopify answers it, fresh."""

    def read(file: str, case: str) -> dict[str, Any]:
        text = (Path(__file__).parent / f"fixtures/{file}.json").read_text("utf-8")
        return json.loads(text)[case]

    return read


@pytest.fixture
def shop() -> Iterator[Callable[..., Shopify]]:
    """`shop(**settings)`: a connector whose waits are written down in `shop(...).ctx.stop.waits`."""
    built: list[Shopify] = []

    def build(**settings: Any) -> Shopify:
        known = {"shop": "demo.myshopify.com", "access_token": "shpat_secret", **settings}
        built.append(Shopify("ec", ShopifySettings(**known), context("ec", stop=Waits())))
        return built[-1]

    yield build
    for connector in built:
        connector.ctx.http.close()
