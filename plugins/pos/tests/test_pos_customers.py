"""Customers out of an export, and the two layouts that ship."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import Pull
from tokui.errors import ConfigError, SkipItem
from tokui.model import Consent, Identifier, PartialDate
from tokui_contracts.context import NOON, context
from tokui_pos.csv import PosCsv
from tokui_pos.layout import load

FIXTURES = Path(__file__).parent / "fixtures"
DM = {"column": "DM", "contact": "post", "granted": ["可"], "denied": ["不可"]}


def customers(shop, text, **settings):
    shop.use(**settings)
    shop.write("customers.csv", text)
    return shop.parse("customers")


def one(shop, columns, row, **settings):
    [found] = customers(shop, f"customer_id,{columns}\nC1,{row}\n", **settings)
    return found


def smaregi(stream, **settings):
    told = PosCsv.Settings(folder=str(FIXTURES), layout="smaregi", settle_s=0, **settings)
    pos = PosCsv("ginza", told, context("ginza"))
    pages = pos.pull(Pull(stream, None, until=NOON))
    return [record for page in pages for item in page.items for record in pos.parse(stream, item)]


def test_a_smaregi_member_is_a_customer():
    hanako, consent, sato, refusal = smaregi("customers", consents=[DM], member_issuer="ginza-card")

    assert (hanako.external_id, str(hanako.name)) == ("101", "山田 花子")
    assert hanako.name.kana == "ヤマダ ハナコ"
    assert hanako.birthday == PartialDate(year=1985, month=4, day=12)
    assert hanako.identifiers == (
        Identifier(kind="member_no", value="00001234", issuer="ginza-card"),
        Identifier(kind="phone", value="03-1234-5678"),
        Identifier(kind="phone", value="090-1234-5678"),
        Identifier(kind="email", value="hanako@example.com"),
    )
    assert (hanako.gender, hanako.tags, hanako.note) == ("female", ("ゴールド",), "猫がお好き")
    assert (hanako.addresses[0].postal_code, hanako.addresses[0].country) == ("100-0005", "JP")
    assert (sato.gender, sato.addresses) == (None, ())
    assert [type(consent), consent.state, refusal.state] == [Consent, "granted", "denied"]
    assert consent.evidence == "import"


def test_what_proves_a_consent_is_said_in_the_settings():
    _, consent, *_ = smaregi("customers", consents=[{**DM, "evidence": "form"}])

    assert (consent.state, consent.evidence) == ("granted", "form")


def test_smaregi_transactions_are_orders_and_money_moves_are_not():
    orders = [record for record in smaregi("sales") if record.kind_name == "order"]
    exchange, void = orders

    assert (exchange.external_id, exchange.buyer, exchange.kind) == ("9001", "101", "exchange")
    assert [line.quantity for line in exchange.lines] == [2, -1]
    assert exchange.total_minor == 2 * (1080 - 80) - 100 - 100 == 1800
    assert sum(tender.amount_minor for tender in exchange.tenders) == 1800
    assert (void.state, void.buyer) == ("voided", None)


def test_without_a_setting_no_consent_is_read():
    assert {record.kind_name for record in smaregi("customers")} == {"customer"}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_the_same_customer_comes_out_of_every_encoding(shop, encoding):
    text = 'customer_id,"family_name",given_name,address1\nC1,髙橋,浩二,"〜２－１\nビル"\n'
    text = text.replace("〜", "～") if encoding == "cp932" else text
    shop.write("customers.csv", text, encoding)

    [found] = shop.parse("customers")

    assert (found.name.family, found.addresses[0].line1) == ("髙橋", "〜２－１\nビル")


def test_names_with_gaiji_show_geta_and_identifiers_with_gaiji_are_none(shop, caplog):
    raw = (
        b"customer_id,family_name,email,phone\nC1,"
        b"\xf0\x40\x8d\xe8,\xf0\x41@example.com,0312345678\n"
    )
    shop.write("customers.csv", raw)
    caplog.set_level("INFO")

    [item] = shop.sync("customers")

    found = shop.customers()["C1"]
    assert found.name.family == "〓崎"
    assert [identifier.kind for identifier in found.identifiers] == ["phone"]
    assert item["@raw"]["family_name"] == "f0408de8"
    assert "customers.csv: 2 cells hold characters that cannot be shown" in caplog.text


def test_a_birthday_may_lack_its_year(shop):
    assert one(shop, "birthday", "4月12日").birthday == PartialDate(month=4, day=12)


@pytest.mark.parametrize(
    ("columns", "row", "why"),
    [
        ("phone", "9012345678", "`phone` lacks its leading zero"),
        ("phone", "9.01235E+09", "`phone` was a long number"),
        ("member_no", "4.90123E+12", "`member_no` should have 8 digits"),
        ("member_no", "1234", "`member_no` should have 8 digits"),
        ("birthday", "85/4/12", "`birthday` is not a date"),
        ("gender", "？？", "`gender` has a word that the layout does not know"),
        ("email,phone", "a@example.com", "has 2 columns where the header has 3"),
    ],
)
def test_a_damaged_row_is_refused_with_file_and_line_and_nothing_personal(shop, columns, row, why):
    with pytest.raises(SkipItem) as refused:
        one(shop, columns, row, widths={"member_no": 8})

    assert refused.value.what.startswith("customers.csv line 2: ")
    assert why in refused.value.what
    assert row not in str(refused.value)


def test_one_bad_row_costs_one_row(shop):
    rows = "".join(f"C{n},山田,0312345678\n" for n in range(20))
    shop.write(
        "customers.csv", f'customer_id,family_name,phone\n{rows}C20,山"田\nC21,"佐藤,x\nC22,鈴木,\n'
    )
    shop.sync("customers")

    assert len(shop.customers()) == 21
    assert shop.refused == [
        "customers.csv line 22: has 2 columns where the header has 3",
        "customers.csv line 23: opens a quote that is never closed",
    ]


def test_a_stray_quote_swallows_no_row_below_it(shop):
    rows = "".join(f'C{n},山田,"備考{n}"\n' for n in range(2000))
    shop.write("customers.csv", f'customer_id,family_name,note\nX,"山田,\n{rows}')
    shop.sync("customers")

    assert len(shop.customers()) == 2000
    assert len(shop.refused) == 1


def test_the_content_of_a_row_can_be_its_key(shop):
    layout = {"extends": "plain", "customers": {"id": ["@row"]}}
    rows = "family_name,phone\n山田,0311112222\n佐藤,0311113333\n山田,0311112222\n"
    found = customers(shop, rows, layout=layout)

    assert len({record.external_id for record in found}) == 2


def test_several_columns_can_be_the_key(shop):
    layout = {"extends": "plain", "customers": {"id": ["store_id", "no"]}}
    [found] = customers(shop, "store_id,no,name\n01,007,山田花子\n", layout=layout)

    assert (found.external_id, found.name.display) == ("01|007", "山田花子")


def test_tabs_titles_and_files_without_a_header(shop):
    layout = {"extends": "plain", "header": ["customer_id", "name"], "skip_lines": 1}
    shop.use(layout=layout, delimiter="\t")
    shop.write("customers.tsv", "会員一覧\nC1\t山田花子\n")

    [found] = shop.parse("customers")

    assert (found.external_id, found.name.display) == ("C1", "山田花子")


@pytest.mark.parametrize(
    "layout",
    [
        "nowhere",
        Path("missing.toml"),
        {"customers": {"files": "*.csv"}},
        {"custmers": {}},
        {"extends": "gone"},
    ],
)
def test_a_wrong_layout_says_what_to_correct(layout):
    with pytest.raises(ConfigError, match="layout"):
        load(layout)


@given(
    st.dictionaries(
        st.sampled_from(
            ["family_name", "phone", "email", "birthday", "gender", "note", "updated_at"]
        ),
        st.text(),
    )
)
def test_whatever_stands_in_the_cells_a_row_is_mapped_or_refused(cells):
    pos = PosCsv("till", PosCsv.Settings(folder="."), context("till"))
    item = {"@file": "customers.csv", "@line": 2, "@modified": 1, "customer_id": "C1", **cells}

    outcomes = [_outcome(pos, item), _outcome(pos, item)]

    assert outcomes[0] == outcomes[1]
    assert str(outcomes[0]).startswith("customers.csv line 2: ") or outcomes[0].external_id == "C1"


def _outcome(pos, item):
    try:
        [found] = pos.parse("customers", item)
    except SkipItem as refused:
        return refused.what
    return found
