"""What is sold: products, their variants, and how many are where."""

from typing import ClassVar, Literal

from pydantic import NonNegativeInt

from tokui.model.record import CurrencyCode, ExternalId, Record


class Product(Record):
    """
    A style or article that comes in variants.

    Attributes:
        title: What customers see.
        brand: Maker or brand.
        category: The source's own product type.
        tags: The source's own labels.
        status: `active` is on sale; `draft` is not yet, `archived` no longer.
    """

    kind_name: ClassVar[str] = "product"

    title: str
    brand: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    status: Literal["active", "draft", "archived"] = "active"


class Variant(Record):
    """
    One thing that can be sold: a style in one size and colour.

    Variants of two connections are one article by equal gtin or a configured sku map, never by name.

    Attributes:
        product: External id of its product in this connection.
        title: What tells it from its siblings, such as `M / 紺`.
        sku: Stock keeping unit.
        gtin: JAN / EAN / UPC with a valid check digit; 8, 12, 13 or 14 digits.
        in_store_code: A code that only this connection's shops use; never compared across.
        style: Style number (品番).
        size: As written.
        colour: As written.
        price_minor: List price in minor units of `currency`.
        currency: ISO 4217, of the price.
        status: As for a product.
    """

    kind_name: ClassVar[str] = "variant"

    product: ExternalId | None = None
    title: str | None = None
    sku: str | None = None
    gtin: str | None = None
    in_store_code: str | None = None
    style: str | None = None
    size: str | None = None
    colour: str | None = None
    price_minor: NonNegativeInt | None = None
    currency: CurrencyCode | None = None
    status: Literal["active", "draft", "archived"] = "active"


class Stock(Record):
    """
    How many pieces of a variant a location can sell now.

    Attributes:
        variant: External id of the variant in this connection.
        location: External id of the location in this connection.
        available: Pieces; negative when oversold.
    """

    kind_name: ClassVar[str] = "stock"

    variant: ExternalId
    location: ExternalId
    available: int


def is_gtin(code: str) -> bool:
    """True for 8, 12, 13 or 14 digits whose last is the GS1 mod-10 check digit."""
    if len(code) not in (8, 12, 13, 14) or not (code.isascii() and code.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(code)]
    return sum(digits[0::2]) % 10 == -3 * sum(digits[1::2]) % 10
