"""The connector `pos-csv` keeps the contract of a source."""

import csv
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue
from tokui_contracts import Sandbox, SourceContract
from tokui_pos.csv import PosCsv

Row = dict[str, str]
THREE_PAGES = 1100


class Till(Sandbox):
    """
    A folder of exports: one of all customers, and one for each receipt.

    What changes later is exported again, beside the older files. An export has the columns it has.
    """

    may_lack = (
        "customers.birthday",
        "customers.email",
        "customers.family_name",
        "customers.given_name",
        "customers.phone",
        "customers.rank",
        "sales.@rows.sku",
        "sales.@rows.title",
    )

    def settings(self) -> Mapping[str, JsonValue]:
        return {"folder": str(self.folder), "settle_s": 0, "last_line_s": 0}

    def wrong_settings(self) -> Mapping[str, JsonValue]:
        self.cannot("a folder asks for no credentials")

    def fill(self, count: int) -> None:
        self.rows = {
            "customers": {f"m{number}": [customer(number)] for number in range(THREE_PAGES)},
            "sales": {f"r{number}": receipt(number) for number in range(count)},
        }
        self.exports = 0
        at = self.now - timedelta(days=9)
        self.export("customers", self.rows["customers"], at)
        for external_id in self.rows["sales"]:
            self.export("sales", [external_id], at)

    def truth(self) -> Mapping[str, Collection[str]]:
        return self.rows

    def touch(self, stream: str, ids: Collection[str], at: datetime) -> None:
        self.edit(stream, ids, {"note": f"as of export {self.exports}"})
        self.export(stream, ids, at)

    def remove(self, stream: str, external_id: str) -> None:
        for file in self.folder.glob(f"{stream}-*.csv"):
            file.unlink()
        del self.rows[stream][external_id]
        self.export(stream, self.rows[stream], self.now - timedelta(days=9))

    def spoil(self, stream: str, external_id: str) -> bool:
        wrong = {"birthday": "someday"} if stream == "customers" else {"quantity": "a few"}
        self.edit(stream, [external_id], wrong)
        self.export(stream, [external_id], self.now - timedelta(days=1))
        return True

    def personal(self) -> Sequence[str]:
        return ["狩野カナリ", "kanari", "-4649"]

    def edit(self, stream: str, ids: Collection[str], cells: Row) -> None:
        for external_id in ids:
            self.rows[stream][external_id] = [row | cells for row in self.rows[stream][external_id]]

    def export(self, stream: str, ids: Collection[str], at: datetime) -> None:
        self.exports += 1
        path = self.folder / f"{stream}-{self.exports}.csv"
        rows = [row for external_id in ids for row in self.rows[stream][external_id]]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        os.utime(path, (at.timestamp(), at.timestamp()))


def customer(number: int) -> Row:
    return {
        "customer_id": f"m{number}",
        "family_name": "狩野",
        "given_name": f"狩野カナリ{number}",
        "phone": f"090-{number:04}-4649",
        "email": f"kanari{number}@example.jp",
        "birthday": "1990-05-04",
        "rank": "松",
        "note": "",
    }


def receipt(number: int) -> list[Row]:
    return [
        {
            "receipt_id": f"r{number}",
            "sold_at": "2026-05-20 11:30:00",
            "customer_id": f"m{number}",
            "store_id": "s1",
            "store_name": "銀座店",
            "staff_id": "e1",
            "staff_name": "狩野カナリ",
            "line_no": f"{line}",
            "sku": f"A-{line}",
            "title": "靴下",
            "quantity": "2",
            "unit_price": "1100",
            "cash": "4400",
            "note": "",
        }
        for line in (1, 2)
    ]


class TestPosCsv(SourceContract):
    connector = PosCsv
    sandbox = Till
