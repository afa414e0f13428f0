"""The connector `pos-csv` keeps the contract of a source."""

import csv
import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue
from tokui_contracts import Sandbox, SourceContract
from tokui_pos.csv import PosCsv

Row = dict[str, str]


class Till(Sandbox):
    """A folder with one file for each customer and each receipt; an export has the columns it has."""

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
        self._edits = 0
        at = self.now - timedelta(days=9)
        for number in range(1, count + 1):
            self._write("customers", f"m{number}", [customer(number)], at)
            self._write("sales", f"r{number}", receipt(number), at)

    def truth(self) -> Mapping[str, Collection[str]]:
        return {stream: self._ids(stream) for stream in ("customers", "sales")}

    def touch(self, stream: str, external_id: str, at: datetime) -> None:
        self._edits += 1
        rows = [row | {"note": f"{self._edits}"} for row in self._read(stream, external_id)]
        self._write(stream, external_id, rows, at)

    def remove(self, stream: str, external_id: str) -> None:
        self._file(stream, external_id).unlink()

    def spoil(self, stream: str, external_id: str) -> bool:
        wrong = {"birthday": "someday"} if stream == "customers" else {"quantity": "a few"}
        rows = [row | wrong for row in self._read(stream, external_id)]
        self._write(stream, external_id, rows, self.now - timedelta(days=1))
        return True

    def personal(self) -> Sequence[str]:
        return ["狩野カナリ", "kanari", "090-0000-46"]

    def _ids(self, stream: str) -> list[str]:
        return [path.stem.split("-")[1] for path in self.folder.glob(f"{stream}-*.csv")]

    def _file(self, stream: str, external_id: str) -> Path:
        return self.folder / f"{stream}-{external_id}.csv"

    def _read(self, stream: str, external_id: str) -> list[Row]:
        with self._file(stream, external_id).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _write(self, stream: str, external_id: str, rows: list[Row], at: datetime) -> None:
        path = self._file(stream, external_id)
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
        "phone": f"090-0000-46{number:02}",
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
