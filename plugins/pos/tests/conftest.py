"""A shop with a folder of exports, and a store that keeps records by key as the core does."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tokui.connector import Item, Page, Pull
from tokui.errors import SkipItem
from tokui.model import Customer, Order, Record
from tokui_contracts.context import NOON, Waits, context
from tokui_pos.csv import PosCsv

START_US = int(NOON.timestamp()) * 1_000_000 - 3_600_000_000 * 24


@dataclass
class Pause(Waits):
    """A wait that passes no time, in which something may happen."""

    happens: Callable[[], object] = lambda: None

    def wait(self, seconds: float, why: str) -> None:
        self.happens()
        super().wait(seconds, why)


class Shop:
    """
    Writes files, pulls from them, and stores what comes.

    Attributes:
        stored: Records by kind and key; an older version never overwrites a newer one.
        refused: Why items were refused.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.clock_us = START_US
        self.cursors: dict[str, Any] = {}
        self.stored: dict[tuple[str, str], Record] = {}
        self.refused: list[str] = []
        self.use(**settings)

    def use(self, **settings: Any) -> None:
        told = {"folder": str(self.folder)} | settings
        self.stop = Pause()
        ctx = context("till", stop=self.stop)
        self.pos = PosCsv("till", PosCsv.Settings.model_validate(told), ctx)

    @property
    def waits(self) -> list[tuple[float, str]]:
        return self.stop.waits

    def while_waiting(self, happens: Callable[[], object]) -> None:
        self.stop.happens = happens

    def write(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        raw = content.encode(encoding) if isinstance(content, str) else content
        path = self.folder / name
        path.write_bytes(raw)
        self.touch(path)
        return path

    def touch(self, path: Path) -> None:
        """Every change is a second later than the one before."""
        self.clock_us += 1_000_000
        os.utime(path, ns=(self.clock_us * 1000, self.clock_us * 1000))

    def writing(self, path: Path) -> None:
        """As if the file had been changed just now."""
        now_ns = int((NOON - timedelta(seconds=1)).timestamp()) * 1_000_000_000
        os.utime(path, ns=(now_ns, now_ns))

    def pages(self, stream: str) -> Iterable[Page]:
        return self.pos.pull(Pull(stream, self.cursors.get(stream), until=NOON))

    def sync(self, stream: str = "sales", pages: int | None = None) -> list[Item]:
        """Pull and store, page by page; stop after some pages as if killed."""
        items: list[Item] = []
        for number, page in enumerate(self.pages(stream), 1):
            for item in page.items:
                self.store(stream, item)
            items += page.items
            self.cursors[stream] = page.cursor
            if number == pages:
                break
        return items

    def store(self, stream: str, item: Item) -> None:
        try:
            records = self.pos.parse(stream, item)
        except SkipItem as why:
            self.refused.append(why.what)
            return
        for record in records:
            old = self.stored.get((record.kind_name, record.key))
            if old is None or (record.version_us or 0) >= (old.version_us or 0):
                self.stored[record.kind_name, record.key] = record

    def parse(self, stream: str) -> list[Record]:
        """All records of the files, unstored; a refused item fails the test."""
        found = [item for page in self.pages(stream) for item in page.items]
        return [record for item in found for record in self.pos.parse(stream, item)]

    def orders(self) -> dict[str, Order]:
        return {key: found for (_, key), found in self.stored.items() if isinstance(found, Order)}

    def lines(self) -> dict[str, list[int]]:
        """The unit prices of each order's lines."""
        return {
            key: [line.unit_price_minor for line in order.lines]
            for key, order in self.orders().items()
        }

    def customers(self) -> dict[str, Customer]:
        return {
            key: found for (_, key), found in self.stored.items() if isinstance(found, Customer)
        }


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def shop_class() -> type[Shop]:
    return Shop
