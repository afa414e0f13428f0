"""Writes what the tills of the town know, as files."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from pathlib import Path
from typing import TypeVar

from tokui_contracts.pos.columns import CUSTOMERS, SALES, Cell, Layout
from tokui_contracts.pos.receipts import receipts
from tokui_contracts.town import Town

T = TypeVar("T")

_CHUNK = 50_000
"""Persons in one file, so that no file grows past what a reader takes."""

FILES: Mapping[Layout, tuple[str, str]] = {
    "plain": ("customers-{:02d}.csv", "sales-{:02d}.csv"),
    "smaregi": ("会員一覧-{:02d}.csv", "取引明細-{:02d}.csv"),
}
ENCODINGS: Mapping[Layout, str] = {"plain": "utf-8", "smaregi": "cp932"}


def write_export(town: Town, folder: Path, layout: Layout = "plain") -> list[Path]:
    """
    Write the stores' customers and sales into a folder; says which files. Streamed.

    `plain` is UTF-8, `smaregi` CP932. The files are as old as the town's `today`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names, written = FILES[layout], []
    for at, start in enumerate(range(0, town.size, _CHUNK), start=1):
        whose = range(start, min(start + _CHUNK, town.size))
        members = folder / names[0].format(at)
        _write(members, CUSTOMERS[layout], town.accounts("pos", whose), layout)
        sales = folder / names[1].format(at)
        _write(sales, SALES[layout], receipts(town.purchases("pos", whose)), layout)
        written += [members, sales]
    moment = town.today.astimezone(UTC).timestamp()
    for path in written:
        os.utime(path, (moment, moment))
    return written


def _write(
    path: Path, columns: Mapping[str, Callable[[T], Cell]], things: Iterable[T], layout: Layout
) -> None:
    with path.open("w", encoding=ENCODINGS[layout], newline="") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        makers = list(columns.values())
        rows.writerows([make(thing) for make in makers] for thing in things)
