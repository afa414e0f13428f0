"""Products, variants, stock, locations and staff of the town, as Shopify's API writes them."""

from datetime import timedelta

from tokui_contracts.shopify.people import Asked, Node, gid, instant, international
from tokui_contracts.town import SHOPS, TODAY, Clerk, Product, Shop, Variant, stock
from tokui_contracts.town.goods import variants

OPENED = instant(TODAY - timedelta(days=1200))
FIRST_LOCATION = 65_000_000_000
FIRST_STAFF = 90_000_000_000


def to_location(shop: Shop) -> Node:
    """A place of the shop."""
    return {
        "__typename": "Location",
        "id": gid("Location", FIRST_LOCATION + shop.number),
        "legacyResourceId": str(FIRST_LOCATION + shop.number),
        "name": shop.name,
        "isActive": True,
        "fulfillsOnlineOrders": shop.number == 1,
        "shipsInventory": shop.number == 1,
        "hasActiveInventory": True,
        "address": {
            "address1": shop.street,
            "city": shop.city,
            "province": shop.prefecture,
            "country": "Japan",
            "countryCode": "JP",
            "zip": f"{shop.postal[:3]}-{shop.postal[3:]}",
            "phone": international(shop.phone),
            "formatted": [shop.prefecture, shop.city, shop.street],
        },
        "inventoryLevels": lambda: [to_level(v, shop) for v in variants() if not v.is_gift_card],
        "createdAt": OPENED,
        "updatedAt": OPENED,
    }


def to_staff(clerk: Clerk) -> Node:
    """Somebody who serves at Shopify's till."""
    return {
        "__typename": "StaffMember",
        "id": gid("StaffMember", FIRST_STAFF + clerk.number),
        "firstName": clerk.given,
        "lastName": clerk.family,
        "name": f"{clerk.family} {clerk.given}",
        "active": True,
        "exists": True,
        "locale": "ja",
    }


def _changed(number: int) -> str:
    """Products change one after the other, some at the same time."""
    return instant(TODAY - timedelta(days=300 - number % 100 // 2 * 5))


def to_level(variant: Variant, shop: Shop) -> Node:
    """How many pieces are in one place."""
    pieces = stock(variant, shop)
    return {
        "__typename": "InventoryLevel",
        "id": gid(
            "InventoryLevel", f"{FIRST_LOCATION + shop.number}?inventory_item_id={variant.number}"
        ),
        "isActive": True,
        "item": lambda: to_item(variant),
        "location": to_location(shop),
        "quantities": Asked(
            lambda names: [
                {
                    "id": gid("InventoryQuantity", f"{variant.number}{shop.number}?name={name}"),
                    "name": name,
                    "quantity": pieces if name in ("available", "on_hand") else 0,
                }
                for name in names
            ]
        ),
        "createdAt": OPENED,
        "updatedAt": _changed(variant.product.number),
    }


def to_item(variant: Variant) -> Node:
    """The stock-keeping side of a variant."""
    return {
        "__typename": "InventoryItem",
        "id": gid("InventoryItem", variant.number),
        "legacyResourceId": str(variant.number),
        "sku": variant.sku,
        "tracked": not variant.is_gift_card,
        "requiresShipping": not variant.is_gift_card,
        "inventoryLevels": lambda: (
            [] if variant.is_gift_card else [to_level(variant, s) for s in SHOPS]
        ),
        "variant": lambda: to_variant(variant),
        "variants": lambda: [to_variant(variant)],
        "createdAt": OPENED,
        "updatedAt": _changed(variant.product.number),
    }


def _options(variant: Variant) -> list[Node]:
    chosen = {"サイズ": variant.size, "カラー": variant.colour}
    found = [{"name": name, "value": value} for name, value in chosen.items() if value]
    return found or [{"name": "Title", "value": "Default Title"}]


def to_variant(variant: Variant) -> Node:
    """One thing that can be bought."""
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", variant.number),
        "legacyResourceId": str(variant.number),
        "title": variant.title,
        "displayName": f"{variant.product.title} - {variant.title}",
        "sku": variant.sku,
        "barcode": variant.jan,
        "price": f"{variant.price}.00",
        "position": variant.number % 100 + 1,
        "taxable": not variant.is_gift_card,
        "availableForSale": True,
        "selectedOptions": _options(variant),
        "inventoryItem": lambda: to_item(variant),
        "inventoryQuantity": lambda: sum(stock(variant, shop) for shop in SHOPS),
        "product": lambda: to_product(variant.product),
        "createdAt": OPENED,
        "updatedAt": _changed(variant.product.number),
    }


def to_product(product: Product) -> Node:
    """A style, with its variants."""
    kinds = product.variants
    names = {option["name"]: None for kind in kinds for option in _options(kind)}
    prices = [kind.price for kind in kinds]
    return {
        "__typename": "Product",
        "id": gid("Product", product.number),
        "legacyResourceId": str(product.number),
        "title": product.title,
        "handle": product.code.lower(),
        "vendor": product.brand,
        "productType": product.category,
        "status": product.status.upper(),
        "tags": ["軽減税率"] if product.category == "食品" else [],
        "isGiftCard": kinds[0].is_gift_card,
        "hasOnlyDefaultVariant": len(kinds) == 1,
        "variants": lambda: [to_variant(kind) for kind in kinds],
        "variantsCount": {"count": len(kinds), "precision": "EXACT"},
        "priceRangeV2": {
            "minVariantPrice": {"amount": f"{min(prices)}.0", "currencyCode": "JPY"},
            "maxVariantPrice": {"amount": f"{max(prices)}.0", "currencyCode": "JPY"},
        },
        "totalInventory": lambda: sum(stock(kind, shop) for kind in kinds for shop in SHOPS),
        "options": [
            {
                "id": gid("ProductOption", f"{product.number}{at}"),
                "name": name,
                "position": at,
                "values": sorted(
                    {o["value"] for k in kinds for o in _options(k) if o["name"] == name}
                ),
            }
            for at, name in enumerate(names, start=1)
        ],
        "createdAt": OPENED,
        "publishedAt": OPENED,
        "updatedAt": _changed(product.number),
    }
