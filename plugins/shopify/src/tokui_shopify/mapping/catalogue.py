"""Locations, products with their variants, and stock."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tokui.model import Gone, Location, Product, Record, Stock, Variant, is_gtin, to_minor

from tokui_shopify.mapping.contact import to_place
from tokui_shopify.settings import ShopifySettings

Item = Mapping[str, Any]

STATUSES: Mapping[str, Literal["active", "draft", "archived"]] = {
    "ACTIVE": "active",
    "UNLISTED": "active",  # on sale for whoever has the link
    "DRAFT": "draft",
    "ARCHIVED": "archived",
}
"""ProductStatus."""


def parse_location(item: Item) -> Iterator[Record]:
    """A place of the shop; one of a fulfilment service is a warehouse."""
    yield Location(
        external_id=item["id"],
        source_version=item["updatedAt"],
        name=item["name"],
        kind="warehouse" if item["isFulfillmentService"] else "store",
        address=to_place(item["address"]),
        active=item["isActive"],
    )


class Products:
    """Maps products; the settings say which options are size and colour."""

    def __init__(self, settings: ShopifySettings) -> None:
        self._sizes = {name.casefold() for name in settings.size_options}
        self._colours = {name.casefold() for name in settings.colour_options}

    def parse(self, item: Item) -> Iterator[Record]:
        """The product and its variants."""
        status = STATUSES[item["status"]]
        yield Product(
            external_id=item["id"],
            source_version=item["updatedAt"],
            title=item["title"],
            brand=item["vendor"] or None,
            category=item["productType"] or None,
            tags=item["tags"],
            status=status,
        )
        currency = item["priceRangeV2"]["minVariantPrice"]["currencyCode"]
        for node in item["variants"]["nodes"]:
            yield self._variant(node, item["id"], status, currency)

    def _variant(
        self,
        node: Item,
        product: str,
        status: Literal["active", "draft", "archived"],
        currency: str,
    ) -> Variant:
        options = node["selectedOptions"]
        barcode = (node["barcode"] or "").strip()
        gtin = barcode if is_gtin(barcode) else None
        title = node["title"]
        return Variant(
            external_id=node["id"],
            source_version=node["updatedAt"],
            product=product,
            title=None if title == "Default Title" else title,
            sku=node["sku"] or None,
            gtin=gtin,
            in_store_code=None if gtin else barcode or None,
            size=_option(options, self._sizes),
            colour=_option(options, self._colours),
            price_minor=to_minor(node["price"], currency),
            currency=currency,
            status=status,
        )


def _option(options: Any, names: set[str]) -> Any:
    for option in options:
        if option["name"].strip().casefold() in names:
            return option["value"] or None
    return None


NO_NODES: Item = {"nodes": ()}


def parse_level(item: Item) -> Iterator[Record]:
    """
    One `InventoryLevel`: how many pieces one location can sell.

    A level counts an inventory item, which several variants may share: the first has the level's
    id, each other one `LEVEL#VARIANT`.
    """
    variants = [node["id"] for node in (item["item"]["variants"] or NO_NODES)["nodes"]]
    ids = [item["id"], *(f"{item['id']}#{variant}" for variant in variants[1:])]
    counted = item["isActive"] and item["item"]["tracked"]
    available = {count["name"]: count["quantity"] for count in item["quantities"]}.get("available")
    if not counted or not variants or available is None:
        for external_id in ids:
            yield Gone(
                external_id=external_id, kind=Stock.kind_name, source_version=item["updatedAt"]
            )
        return
    for external_id, variant in zip(ids, variants, strict=True):
        yield Stock(
            external_id=external_id,
            source_version=item["updatedAt"],
            variant=variant,
            location=item["location"]["id"],
            available=available,
        )
