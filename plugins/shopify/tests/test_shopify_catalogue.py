from typing import Any

from tokui.model import Gone, Location, Product, Stock, Variant


def test_options_in_either_language_become_size_and_colour(shop: Any, vendor: Any) -> None:
    _, *variants = shop().parse("products", vendor("products", "shirt"))

    assert [(v.size, v.colour) for v in variants] == [("M", "紺"), ("L", "紺"), ("S", "白")]


def test_the_names_of_options_can_be_set(shop: Any, vendor: Any) -> None:
    item = vendor("products", "shirt")
    item["variants"]["nodes"][0]["selectedOptions"] = [{"name": "丈", "value": "ロング"}]

    _, first, *_ = shop(size_options=["丈"]).parse("products", item)

    assert (first.size, first.colour) == ("ロング", None)


def test_a_barcode_is_a_gtin_only_with_a_right_check_digit(shop: Any, vendor: Any) -> None:
    _, *variants = shop().parse("products", vendor("products", "shirt"))

    codes = [(v.gtin, v.in_store_code) for v in variants]
    assert codes == [("4901234567894", None), (None, "SH-01-L-X"), (None, None)]


def test_a_variant_has_its_price_in_minor_units(shop: Any, vendor: Any) -> None:
    _, yen, *_ = shop().parse("products", vendor("products", "shirt"))
    _, dollar = shop().parse("products", vendor("products", "plain"))

    assert (yen.price_minor, yen.currency) == (3900, "JPY")
    assert (dollar.price_minor, dollar.currency) == (1230, "USD")


def test_a_product_without_options_has_one_variant_without_a_title(shop: Any, vendor: Any) -> None:
    product, variant = shop().parse("products", vendor("products", "plain"))

    assert isinstance(product, Product)
    assert isinstance(variant, Variant)
    assert (product.status, product.brand, product.category) == ("active", None, None)
    assert (variant.title, variant.product, variant.sku) == (None, product.external_id, None)


def test_a_location_says_what_it_is(shop: Any, vendor: Any) -> None:
    [ginza] = shop().parse("locations", vendor("locations", "ginza"))
    [closed] = shop().parse("locations", vendor("locations", "closed"))

    assert isinstance(ginza, Location)
    assert (ginza.name, ginza.kind, ginza.active) == ("銀座店", "store", True)
    assert ginza.address
    assert ginza.address.country == "JP"
    assert (closed.kind, closed.active) == ("warehouse", False)


def test_stock_is_what_can_be_sold_now(shop: Any, vendor: Any) -> None:
    [plain] = shop().parse("stock", vendor("stock", "plain"))
    [oversold] = shop().parse("stock", vendor("stock", "oversold"))

    assert isinstance(plain, Stock)
    assert (plain.available, oversold.available) == (4, -1)
    assert plain.external_id == "gid://shopify/InventoryLevel/1?inventory_item_id=7"


def test_an_item_that_variants_share_is_stock_of_each(shop: Any, vendor: Any) -> None:
    first, second = shop().parse("stock", vendor("stock", "shared"))

    assert (first.available, second.available) == (6, 6)
    assert first.variant != second.variant
    assert first.key != second.key


def test_a_level_that_is_not_counted_is_gone(shop: Any, vendor: Any) -> None:
    for case in ("inactive", "untracked"):
        [gone] = shop().parse("stock", vendor("stock", case))

        assert isinstance(gone, Gone)
        assert gone.kind == "stock"
