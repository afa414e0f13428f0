import csv

import pytest
from tokui_contracts.pos import ENCODINGS, write_export
from tokui_contracts.town import TODAY, Town

TOWN = Town(300, 5)
KEYS = {"plain": ("customer_id", "receipt_id"), "smaregi": ("会員ID", "取引ID")}


def rows(path, layout):
    with path.open(encoding=ENCODINGS[layout], newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=["plain", "smaregi"])
def layout(request):
    return request.param


def test_every_member_is_written_once(tmp_path, layout):
    members, _ = write_export(TOWN, tmp_path, layout)

    ids = [row[KEYS[layout][0]] for row in rows(members, layout)]
    assert ids == [account.external_id for account in TOWN.accounts("pos")]
    assert all(id_.startswith("0") for id_ in ids)


def test_every_sale_and_return_has_its_receipt(tmp_path, layout):
    _, sales = write_export(TOWN, tmp_path, layout)

    receipts = {row[KEYS[layout][1]] for row in rows(sales, layout)}
    sold = list(TOWN.purchases("pos"))
    assert len(receipts) == len(sold) + sum(1 for sale in sold if sale.returned)
    assert {sale.external_id for sale in sold} <= receipts


def test_a_receipt_states_what_it_comes_to(tmp_path):
    _, sales = write_export(TOWN, tmp_path, "plain")

    totals, lines = {}, {}
    for row in rows(sales, "plain"):
        receipt = row["receipt_id"]
        totals.setdefault(receipt, int(row["receipt_total"] or 0))
        amount = int(row["quantity"]) * int(row["unit_price"]) - int(row["discount_share"] or 0)
        lines[receipt] = lines.get(receipt, 0) + amount
    assert totals == lines


def test_goods_that_came_back_name_their_sale(tmp_path):
    _, sales = write_export(TOWN, tmp_path, "plain")

    written = rows(sales, "plain")
    sold = {(row["receipt_id"], row["line_no"]) for row in written if row["line_type"] == "sale"}
    back = [row for row in written if row["line_type"] == "return"]
    assert back
    assert all((row["returns_receipt"], row["returns_line"]) in sold for row in back)


def test_files_are_as_old_as_the_town(tmp_path, layout):
    for path in write_export(TOWN, tmp_path, layout):
        assert path.stat().st_mtime == TODAY.timestamp()


def test_tills_write_as_tills_do(tmp_path):
    members, _ = write_export(TOWN, tmp_path, "smaregi")

    text = members.read_text("cp932")
    assert "ｻﾄｳ" in text
    assert "昭和" in text
    assert "髙" in text or "﨑" in text or "澤" in text
