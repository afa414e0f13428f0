"""Money to the yen: what each order and its returns come to, and what they add to a buyer's value."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from tokui.model import Customer, Order, OrderLine, Staff


class Sum(NamedTuple):
    """The sale's total and state, the returns' totals, what all of them add to lifetime value."""

    sale: int
    state: str
    returns: list[int]
    spent: int


CASES = {
    "tax_included": Sum(2200, "fulfilled", [], 2200),
    "tax_excluded": Sum(2750, "fulfilled", [], 2750),
    "two_rates": Sum(2180, "fulfilled", [], 2180),
    "order_discount_split": Sum(5000, "fulfilled", [], 5000),
    "partial_return": Sum(5400, "fulfilled", [-2700], 2700),
    "gift_card_sold": Sum(10000, "fulfilled", [], 0),
    "gift_card_spent": Sum(8800, "fulfilled", [], 8800),
    "cancelled_preorder": Sum(12000, "cancelled", [-12000], 0),
    "tax_free": Sum(5000, "fulfilled", [], 5000),
    "cancelled_fee_kept": Sum(10000, "paid", [-8000], 2000),
    "shipping_and_goodwill": Sum(6050, "fulfilled", [-300, -5750], 0),
    "edited": Sum(6000, "paid", [], 6000),
    "edited_by_refund": Sum(9000, "fulfilled", [-3000], 6000),
    "till_sale": Sum(3850, "fulfilled", [], 3850),
    "unpaid": Sum(1100, "open", [], 0),
    "duties": Sum(6700, "fulfilled", [], 6700),
}


def orders(shop: Any, item: dict[str, Any], **settings: Any) -> list[Order]:
    return [one for one in shop(**settings).parse("orders", item) if isinstance(one, Order)]


@pytest.mark.parametrize(("case", "expected"), CASES.items())
def test_totals_match_to_the_yen(shop: Any, vendor: Any, case: str, expected: Sum) -> None:
    sale, *returns = orders(shop, vendor("orders", case))

    assert expected == Sum(
        sale.total_minor,
        sale.state,
        [back.total_minor for back in returns],
        sum(one.spent.amount_minor for one in (sale, *returns)),
    )


@pytest.mark.parametrize("case", sorted(set(CASES) - {"unpaid"}))
def test_what_was_paid_and_given_back_is_what_is_left(shop: Any, vendor: Any, case: str) -> None:
    sale, *returns = orders(shop, vendor("orders", case))

    paid = sum(tender.amount_minor for one in (sale, *returns) for tender in one.tenders)
    assert paid == sum(one.total_minor for one in (sale, *returns))


def lines(shop: Any, vendor: Any, case: str) -> tuple[OrderLine, ...]:
    return orders(shop, vendor("orders", case))[0].lines


def test_tax_is_taken_as_computed_with_its_rate(shop: Any, vendor: Any) -> None:
    tea, shirt = lines(shop, vendor, "two_rates")

    assert (tea.tax_minor, tea.tax_rate, tea.tax_included) == (80, Decimal("0.08"), True)
    assert (shirt.tax_minor, shirt.tax_rate) == (100, Decimal("0.1"))


def test_a_product_without_options_is_called_by_its_own_name(shop: Any, vendor: Any) -> None:
    item = vendor("orders", "two_rates")
    item["lineItems"]["nodes"][0]["name"] = "玄米ほうじ茶 - Default Title"

    assert orders(shop, item)[0].lines[0].title == "玄米ほうじ茶"


def test_tax_outside_the_price_is_added_for_goods_and_shipping(shop: Any, vendor: Any) -> None:
    goods, shipping = lines(shop, vendor, "tax_excluded")

    assert (goods.tax_included, goods.total_minor) == (False, 2200)
    assert (shipping.kind, shipping.total_minor) == ("shipping", 550)


def test_a_tax_free_sale_has_no_tax_and_no_rate(shop: Any, vendor: Any) -> None:
    [line] = lines(shop, vendor, "tax_free")

    assert (line.tax_minor, line.tax_rate) == (0, None)


def test_an_order_discount_is_split_as_shopify_split_it(shop: Any, vendor: Any) -> None:
    split = lines(shop, vendor, "order_discount_split")

    assert [line.discount_minor for line in split] == [500, 333, 167]
    assert [line.total_minor for line in split] == [2500, 1667, 833]


def test_a_return_takes_back_its_share_of_the_discount(shop: Any, vendor: Any) -> None:
    sale, back = orders(shop, vendor("orders", "partial_return"))

    [line] = back.lines
    assert (line.quantity, line.discount_minor, line.tax_minor) == (-1, -300, -245)
    assert line.returns_line
    assert line.returns_line.order == sale.external_id
    assert line.returns_line.line == sale.lines[0].line_id
    assert (back.kind, back.external_id) == ("return", "gid://shopify/Refund/21")
    assert (back.buyer, back.location) == (sale.buyer, "gid://shopify/Location/2")


def test_selling_a_gift_card_is_no_turnover_and_spending_it_is(shop: Any, vendor: Any) -> None:
    [sold] = orders(shop, vendor("orders", "gift_card_sold"))
    [spent] = orders(shop, vendor("orders", "gift_card_spent"))

    assert [line.kind for line in sold.lines] == ["gift_card"]
    tenders = [(tender.kind, tender.amount_minor) for tender in spent.tenders]
    assert tenders == [("gift_card", 5000), ("card", 3800)]


def test_a_cancelled_preorder_counts_nowhere(shop: Any, vendor: Any) -> None:
    sale, back = orders(shop, vendor("orders", "cancelled_preorder"))

    assert (sale.kind, sale.state, back.state) == ("preorder", "cancelled", "cancelled")


def test_refunded_shipping_and_discrepancies_are_lines(shop: Any, vendor: Any) -> None:
    _, goodwill, back = orders(shop, vendor("orders", "shipping_and_goodwill"))

    assert [(line.kind, line.total_minor) for line in goodwill.lines] == [("fee", -300)]
    kinds = [(line.kind, line.total_minor) for line in back.lines]
    assert kinds == [("product", -5500), ("shipping", -550), ("fee", 300)]


def test_pieces_that_an_edit_removed_are_taken_out_of_the_sale(shop: Any, vendor: Any) -> None:
    [sale] = orders(shop, vendor("orders", "edited"))

    assert [line.quantity for line in sale.lines] == [3, -1]


def test_a_sale_at_the_till_has_staff_place_change_and_tip(shop: Any, vendor: Any) -> None:
    staff, sale = shop().parse("orders", vendor("orders", "till_sale"))

    assert staff == Staff(external_id="gid://shopify/StaffMember/9", display_name="鈴木 店長")
    assert (sale.channel, sale.source_name, sale.staff) == ("store", "pos", staff.external_id)
    assert sale.location == "gid://shopify/Location/2"
    tenders = [(tender.kind, tender.amount_minor) for tender in sale.tenders]
    assert tenders == [("cash", 5000), ("cash", -1150)]
    assert [line.kind for line in sale.lines] == ["product", "fee"]


def test_what_shopifys_total_holds_beyond_the_lines_is_a_fee(shop: Any, vendor: Any) -> None:
    _, named, rest = lines(shop, vendor, "duties")

    assert (named.kind, named.title, named.total_minor) == ("fee", "Import fee", 700)
    assert (rest.kind, rest.line_id, rest.total_minor) == ("fee", "difference", 1000)


def test_the_day_of_a_sale_is_the_shops_own(shop: Any, vendor: Any) -> None:
    item = vendor("orders", "tax_included")

    [tokyo] = orders(shop, item)
    [paris] = orders(shop, item, timezone="Europe/Paris")

    assert (tokyo.business_date, paris.business_date) == (date(2026, 9, 15), date(2026, 9, 14))


def test_a_guest_is_known_by_the_orders_contacts_and_the_bill(shop: Any, vendor: Any) -> None:
    guest, sale = shop().parse("orders", vendor("orders", "guest_gift"))

    assert isinstance(guest, Customer)
    assert guest.guest
    assert sale.buyer == guest.external_id == f"guest:{sale.external_id}"
    assert [i.value for i in guest.identifiers] == ["jiro.friend@example.jp", "+819011112222"]
    assert str(guest.name) == "山田 花子"


def test_who_receives_a_gift_identifies_nobody(shop: Any, vendor: Any) -> None:
    guest, sale = shop().parse("orders", vendor("orders", "guest_gift"))

    assert (sale.ship_to.name, sale.bill_to.name) == ("佐藤 次郎", "山田 花子")
    assert "06-1234-5678" not in [identifier.value for identifier in guest.identifiers]
    assert guest.addresses == ()


def test_a_sale_without_customer_and_contact_is_anonymous(shop: Any, vendor: Any) -> None:
    [sale] = shop().parse("orders", vendor("orders", "anonymous"))

    assert (sale.buyer, sale.ship_to, sale.spent.amount_minor) == (None, None, 1100)


def test_a_hidden_customer_makes_no_guest(shop: Any, vendor: Any) -> None:
    item = vendor("orders", "guest_gift") | {"withheld": ["customer"]}

    [sale] = shop().parse("orders", item)

    assert sale.buyer is None


def test_a_test_order_gives_nothing(shop: Any, vendor: Any) -> None:
    assert list(shop().parse("orders", vendor("orders", "test_order"))) == []


def test_the_settings_name_channels_tenders_and_preorders(shop: Any, vendor: Any) -> None:
    item = vendor("orders", "unpaid") | {"sourceName": "580111", "tags": ["Reserve"]}
    item["transactions"] = vendor("orders", "tax_included")["transactions"]
    item["transactions"][0]["gateway"] = "Fuku-Points"
    item["displayFulfillmentStatus"] = "UNFULFILLED"

    [sale] = orders(
        shop,
        item,
        channels={"580111": "phone"},
        tenders={"fuku-points": "points"},
        preorder_tags=["reserve"],
    )

    assert (sale.channel, sale.tenders[0].kind, sale.kind) == ("phone", "points", "preorder")
