"""Receipts to the yen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tokui.errors import SkipItem
from tokui.model import LineRef, Tender


def orders(shop, text, **settings):
    shop.use(**settings)
    shop.write("sales.csv", text)
    return shop.parse("sales")


def order(shop, columns, *rows, **settings):
    lines = "\n".join(f"R1,2026-09-01 10:00,{row}" for row in rows)
    [found] = orders(shop, f"receipt_id,sold_at,{columns}\n{lines}\n", **settings)
    return found


def test_eight_and_ten_percent_in_one_basket_tax_included(shop):
    found = order(
        shop,
        "title,quantity,unit_price,tax,tax_rate,tax_included,receipt_total",
        "おにぎり,2,162,24,軽減8%,内税,1424",
        "ワイン,1,1100,100,10%,内税,",
    )

    assert found.total_minor == found.spent.amount_minor == 1424
    assert [line.tax_rate for line in found.lines] == [Decimal("0.08"), Decimal("0.1")]


def test_tax_excluded_lines_add_their_tax(shop):
    found = order(
        shop,
        "quantity,unit_price,tax,tax_rate,tax_included,receipt_total",
        "3,150,36,8%,外税,1586",
        "1,1000,100,10%,外税,1586",
    )

    assert found.total_minor == 1586


def test_a_tax_of_the_receipt_is_shared_over_its_tax_excluded_lines(shop):
    found = order(
        shop,
        "quantity,unit_price,receipt_tax,tax_rate,tax_included,receipt_total",
        "3,150,136,8%,外税,1586",
        "1,1000,136,10%,外税,1586",
    )

    assert [line.tax_minor for line in found.lines] == [36, 100]
    assert found.total_minor == 1586


def test_a_discount_of_the_receipt_is_split_to_the_yen(shop):
    found = order(
        shop,
        "quantity,unit_price,line_discount,receipt_discount,receipt_total",
        "1,1000,0,100,1900",
        "1,1000,300,100,",
        "1,300,0,,",
    )

    assert [line.discount_minor for line in found.lines] == [50, 335, 15]
    assert found.spent.amount_minor == 1900


def test_shares_that_the_export_states_are_taken(shop):
    found = order(
        shop,
        "quantity,unit_price,receipt_discount,discount_share",
        "1,1000,100,70",
        "1,1000,100,30",
    )

    assert [line.discount_minor for line in found.lines] == [70, 30]


def test_shares_that_contradict_their_whole_are_refused(shop):
    with pytest.raises(
        SkipItem, match=r"sales\.csv line 2: column `discount_share` does not add up"
    ):
        order(shop, "quantity,unit_price,receipt_discount,discount_share", "1,1000,100,70")


def test_a_receipt_whose_lines_do_not_add_up_is_refused(shop):
    with pytest.raises(SkipItem, match="`receipt_total` is not what the lines add up to"):
        order(shop, "quantity,unit_price,receipt_total", "1,1000,999")


@pytest.mark.parametrize("row", ["返品,1,1000,100,R0", "return,-1,1000,-100,R0", ",-1,1000,100,R0"])
def test_a_partial_return_is_an_order_of_its_own_with_negative_lines(shop, row):
    found = order(shop, "line_type,quantity,unit_price,line_discount,returns_receipt", row)

    assert found.kind == "return"
    assert found.lines[0].quantity == -1
    assert found.lines[0].returns_line == LineRef(order="R0")
    assert found.spent.amount_minor == -900


def test_goods_bought_online_and_returned_at_the_till_point_into_the_other_connection(shop):
    found = order(
        shop,
        "quantity,unit_price,returns_receipt,returns_line,cash",
        "-1,5500,#1001,2,5500",
        returns=[{"pattern": "#(?P<order>[0-9]+)", "connection": "online"}],
    )

    assert found.lines[0].returns_line == LineRef(connection="online", order="1001", line="2")
    assert found.tenders == (Tender(kind="cash", amount_minor=-5500, label="cash"),)


def test_an_exchange_at_equal_price_is_worth_nothing(shop):
    found = order(shop, "sku,quantity,unit_price", "JEANS-M,-1,8800", "JEANS-L,1,8800")

    assert found.kind == "exchange"
    assert found.spent.amount_minor == 0


def test_a_void_counts_for_nothing(shop):
    found = order(shop, "state,quantity,unit_price", "取消,1,1000")

    assert (found.state, found.total_minor, found.spent.amount_minor) == ("voided", 1000, 0)


def test_a_void_that_follows_in_the_same_file_replaces_the_sale(shop):
    found = order(shop, "state,quantity,unit_price", "paid,1,1000", "voided,1,1000")

    assert (found.state, len(found.lines)) == ("voided", 1)


def test_points_pay_and_do_not_lessen_what_was_bought(shop):
    found = order(shop, "quantity,unit_price,cash,change,points", "1,1000,1000,500,500")

    assert found.spent.amount_minor == 1000
    assert [(tender.kind, tender.amount_minor) for tender in found.tenders] == [
        ("cash", 500),
        ("points", 500),
    ]


def test_a_hold_counts_once_it_is_picked_up(shop):
    head = "receipt_id,sold_at,state,quantity,unit_price\n"
    shop.write("sales-1.csv", head + "R1,2026-09-01 10:00,取り置き,1,3000\n")
    shop.sync()
    held = shop.orders()["R1"]
    shop.write("sales-2.csv", head + "R1,2026-09-01 10:00,引渡済,1,3000\n")
    shop.sync()
    picked_up = shop.orders()["R1"]

    assert (held.kind, held.state, held.spent.amount_minor) == ("hold", "open", 0)
    assert (picked_up.state, picked_up.spent.amount_minor) == ("picked_up", 3000)


def test_a_cancelled_preorder_counts_for_nothing(shop):
    found = order(shop, "state,quantity,unit_price", "preorder_cancelled,1,9000")

    assert (found.kind, found.state, found.spent.amount_minor) == ("preorder", "cancelled", 0)


def test_a_gift_card_is_turnover_when_it_is_spent_and_not_when_it_is_sold(shop):
    rows = "R1,2026-09-01 10:00,GC-5000,1,5000,\nR2,2026-09-02 10:00,TEA,1,5000,5000\n"
    sold, spent = orders(
        shop,
        "receipt_id,sold_at,sku,quantity,unit_price,gift_card\n" + rows,
        gift_cards=["GC-5000"],
    )

    assert (sold.total_minor, sold.spent.amount_minor) == (5000, 0)
    assert (spent.spent.amount_minor, spent.tenders[0].kind) == (5000, "gift_card")


def test_a_tax_free_sale_bears_no_tax(shop):
    found = order(shop, "quantity,unit_price,tax,tax_rate", "1,10000,0,免税")

    assert (found.total_minor, found.lines[0].tax_rate) == (10000, Decimal(0))


def test_two_identical_lines_both_stay(shop):
    found = order(shop, "title,quantity,unit_price", "茶,1,100", "茶,1,100")

    assert [line.line_id for line in found.lines] == ["1", "2"]
    assert found.total_minor == 200


def test_a_receipt_spread_over_the_file_comes_out_whole(shop):
    rows = "R1,2026-09-01 10:00,1,100\nR2,2026-09-01 10:05,1,200\nR1,2026-09-01 10:00,1,300\n"
    found = orders(shop, "receipt_id,sold_at,quantity,unit_price\n" + rows)

    assert {order.external_id: order.total_minor for order in found} == {"R1": 400, "R2": 200}


def test_a_receipt_without_an_id_is_known_by_day_time_and_register(shop):
    layout = {
        "extends": "plain",
        "sales": {"receipt": ["date", "time", "register", "no"]},
    }
    rows = "R7.4.1,25:30,2,0041,1,500\nR7.4.1,25:30,2,0041,1,300\n"
    [found] = orders(shop, "date,time,register,no,quantity,unit_price\n" + rows, layout=layout)

    assert found.external_id == "R7.4.1|25:30|2|0041"
    assert found.placed_at == datetime(2025, 4, 1, 16, 30, tzinfo=UTC)
    assert found.business_date == date(2025, 4, 1)


def test_the_shop_day_may_begin_at_five(shop):
    shop.use(day_starts=5)
    shop.write("sales.csv", "receipt_id,sold_at,quantity,unit_price\nR1,2026-09-02 01:30,1,1\n")

    [found] = shop.parse("sales")

    assert found.business_date == date(2026, 9, 1)


def test_store_and_staff_that_the_export_names_come_too(shop):
    columns = "store_id,store_name,staff_id,staff_name,quantity,unit_price"
    rows = f"receipt_id,sold_at,{columns}\nR1,2026-09-01 10:00,S1,銀座店,7,佐藤,1,100\n"

    location, staff, found = orders(shop, rows)

    assert (location.name, staff.display_name) == ("銀座店", "佐藤")
    assert (found.location, found.staff) == ("S1", "7")


def test_barcodes_are_articles_and_in_store_codes_are_not(shop):
    found = order(shop, "barcode,quantity,unit_price", "4901234567894,1,100", "2000000000015,1,100")

    assert [line.gtin for line in found.lines] == ["4901234567894", None]
    assert [line.sku for line in found.lines] == ["4901234567894", "2000000000015"]
