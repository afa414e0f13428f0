"""What is in the folder: zips, refused files, checks, reading again, privacy."""

import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from tokui.config import read
from tokui.connector import CAPABILITIES, Pull
from tokui.errors import PolicyRefusal, SkipItem, Unavailable
from tokui.hub import Hub
from tokui_contracts.context import NOON, context
from tokui_pos.csv import PosCsv
from tokui_pos.settings import PosCsvSettings

SALES = "receipt_id,sold_at,quantity,unit_price\nR1,2026-09-01 10:00,1,100\n"
CUSTOMERS = "customer_id,name,phone\nC1,山田花子,0312345678\nC2,佐藤,\n"


def pack(shop, name, members):
    path = shop.folder / name
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    shop.touch(path)


def test_files_inside_a_zip_are_read_once(shop):
    pack(shop, "export.zip", {"2026/sales.csv": SALES, "customers.csv": CUSTOMERS})

    assert len(shop.sync("sales")) == 1
    assert len(shop.sync("customers")) == 2
    assert shop.sync("sales") == []


def test_japanese_names_that_windows_packs_are_understood(shop):
    shop.use(layout={"extends": "plain", "sales": {"files": ["売上*.csv"]}})
    pack(shop, "export.zip", {"AAAA.csv": SALES})
    path = shop.folder / "export.zip"
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "売上.csv".encode("cp932")))
    shop.touch(path)

    [item] = shop.sync("sales")

    assert item["@file"] == "export.zip/売上.csv"


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"sales.csv": SALES + " " * 3_000_000}, "is packed more than 100 times"),
        ({"../sales.csv": SALES}, "has a path that leads out of its zip"),
        ({"/sales.csv": SALES}, "has a path that leads out of its zip"),
        ({"inner.zip": b"PK"}, "is an archive inside an archive"),
        ({f"{n}.csv": "" for n in range(1001)}, "holds more than 1000 files"),
    ],
)
def test_a_dangerous_zip_is_refused_once_and_the_rest_goes_on(shop, members, why):
    shop.use(layout={"sales": shop.pos.layout.sales.model_dump()})
    pack(shop, "bad.zip", members)
    shop.write("sales.csv", SALES)
    shop.sync("sales")
    shop.sync("sales")

    assert len(shop.refused) == 1
    assert why in shop.refused[0]
    assert list(shop.orders()) == ["R1"]


def test_a_file_over_the_limit_is_refused_until_the_limit_is_raised(shop):
    shop.use(max_file_bytes=20)
    shop.write("sales.csv", SALES)
    shop.sync()
    assert shop.refused == ["sales.csv: is larger than `max_file_bytes`"]

    shop.use(max_file_bytes=2000)
    shop.sync()

    assert list(shop.orders()) == ["R1"]


def test_a_line_of_more_than_a_mebibyte_refuses_its_file_once(shop):
    shop.write("sales.csv", SALES + "R2," + "x" * (1 << 20) + "\n")
    shop.write("sales-2.csv", SALES.replace("R1", "R3"))
    shop.sync()

    assert "has a line of more than 1 MiB at line 3" in shop.refused[0]
    assert list(shop.orders()) == ["R3"]
    assert shop.sync() == []


def test_a_file_that_lacks_a_column_is_refused_by_name(shop):
    shop.write("sales.csv", "receipt_id,sold_at\nR1,2026-09-01\n")
    shop.sync()

    assert shop.refused == ["sales.csv: lacks the columns quantity, unit_price"]


def test_a_broken_row_inside_a_receipt_refuses_the_whole_receipt(shop):
    head = "receipt_id,sold_at,title,quantity,unit_price\n"
    rows = "R1,2026-09-01,a,1,100\nR1,2026-09-01,b,c,1,100\nR1,2026-09-01,d,1,100\nR2,2026-09-01,e,1,5\n"
    shop.write("sales.csv", head + rows)
    shop.sync()

    assert list(shop.orders()) == ["R2"]
    assert shop.refused == ["sales.csv line 3: has 6 columns where the header has 5"]


def test_a_broken_row_of_nobody_is_refused_alone(shop):
    shop.write("sales.csv", SALES + "合計,100\n" + "R2,2026-09-01 10:00,1,200\n,,1,5\n")
    shop.sync()

    assert sorted(shop.orders()) == ["R1", "R2"]
    assert shop.refused == [
        "sales.csv line 3: has 2 columns where the header has 4",
        "sales.csv line 5: has no receipt number",
    ]


def test_exports_that_were_pasted_together_do_not_double_a_receipt(shop):
    shop.write("sales.csv", SALES + SALES)
    shop.sync()

    assert len(shop.orders()["R1"].lines) == 1


def test_a_folder_that_is_not_there_may_come_back(shop):
    shop.use(folder=str(shop.folder / "gone"))

    with pytest.raises(Unavailable, match="cannot be listed"):
        shop.sync()


def test_other_files_and_half_open_spreadsheets_are_left_alone(shop):
    shop.write("~$sales.csv", SALES)
    shop.write(".sales.csv", SALES)
    shop.write("notes.txt", "hello")

    assert shop.sync() == []


def test_reading_again_by_id_takes_the_newest_file(shop):
    shop.write("sales-1.csv", SALES)
    shop.write("sales-2.csv", SALES.replace(",100", ",200"))

    [item] = shop.pos.fetch("sales", ["R1", "R9"])

    assert item["@file"] == "sales-2.csv"


def test_check_says_what_is_found(shop):
    shop.write("customers.csv", CUSTOMERS.encode("cp932").replace(b"\n", b"\r\n"))
    shop.write("sales.csv", "receipt_id,quantity\n")
    shop.write("memo.txt", "x")

    found = {finding.what: finding.level for finding in shop.pos.check()}

    assert found["customers.csv: 2 customers, read as cp932"] == "ok"
    assert found["sales.csv lacks the columns unit_price"] == "problem"
    assert found["memo.txt fits no pattern and is not read"] == "warning"


def test_check_names_columns_that_are_not_read_and_what_they_may_be_meant_for(shop):
    shop.write("customers.csv", CUSTOMERS.replace("phone", "tel"))
    shop.write("sales.csv", SALES)

    [warning] = [each.what for each in shop.pos.check() if each.level == "warning"]

    assert warning.startswith("customers.csv has columns that are not read: tel; the layout would")
    assert "phone" in warning


def test_check_of_a_missing_folder_is_a_problem(shop):
    shop.use(folder=str(shop.folder / "gone"))

    assert [finding.level for finding in shop.pos.check()] == ["problem"]


def test_export_gives_the_rows_of_these_customers(shop):
    shop.write("customers.csv", CUSTOMERS)
    shop.write(
        "sales.csv", SALES.replace("sold_at", "customer_id,sold_at").replace("R1,", "R1,C1,")
    )

    found = shop.pos.export(["C1"])

    assert [row["customer_id"] for row in found["customers"]] == ["C1"]
    assert len(found["sales"]) == 1


def test_erase_is_refused_while_a_file_still_holds_the_customer(shop):
    path = shop.write("customers.csv", CUSTOMERS)
    with pytest.raises(PolicyRefusal, match=r"1 rows or receipts: customers\.csv"):
        shop.pos.erase(["C1"])

    path.unlink()

    assert shop.pos.erase(["C1"]).erased == {}


def test_streams_are_those_of_the_layout(shop):
    assert [stream.name for stream in shop.pos.streams()] == ["customers", "sales"]
    shop.use(layout={"customers": {"files": "*.csv", "id": "no"}})
    assert [stream.name for stream in shop.pos.streams()] == ["customers"]


def test_the_connector_is_a_source_a_custodian_and_checkable():
    assert {name for name, kind in CAPABILITIES.items() if issubclass(PosCsv, kind)} == {
        "source",
        "custodian",
        "checkable",
    }


def test_parse_names_a_refused_file_as_its_reason(shop):
    with pytest.raises(SkipItem, match=r"a\.csv: cannot be read"):
        shop.pos.parse("sales", {"@file": "a.csv", "@line": 0, "@error": "cannot be read"})


def test_the_readme_lists_every_setting_with_its_default():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| `?(.*?)`? \|", readme, re.MULTILINE))

    fields = PosCsvSettings.model_fields
    assert list(listed) == list(fields)
    for name, field in fields.items():
        told = "required" if field.is_required() else str(field.default)
        assert listed[name] == told, name


def test_paths_start_at_the_folder_of_tokui_toml(tmp_path):
    config = tmp_path / "tokui.toml"
    config.write_text(
        '[connections.till]\nuse = "pos-csv"\nfolder = "exports"\nlayout_file = "till.toml"\n'
    )
    (tmp_path / "till.toml").write_text('extends = "plain"\nsales.files = "receipts*.csv"\n')
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "receipts.csv").write_text(SALES)

    till = Hub.load(read(config)).connector("till", lambda name, _: context(name))

    assert [len(page.items) for page in till.pull(Pull("sales", None, until=NOON))] == [1]
