"""Cells of a row, read with errors that name the column and never what is in it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar
from unicodedata import is_normalized, normalize

from tokui.connector import Item

from tokui_pos.amounts import excel_float, lost_zeros
from tokui_pos.dates import DateOrder, to_moment, zone
from tokui_pos.encoding import GETA
from tokui_pos.layout import ROW

T = TypeVar("T")


class BadCell(ValueError):
    """A cell that cannot be understood."""

    def __init__(self, column: str | None, why: object) -> None:
        super().__init__(f"column `{column}` {why}")


def text(row: Item, column: str | None) -> str:
    """The cell without spaces around it; empty when the column is not in the layout or the file."""
    value: str | None = row.get(column) if column else None
    return value.strip() if value else ""


def read(row: Item, column: str | None, how: Callable[[str], T]) -> T | None:
    """
    The cell as `how` understands it; None when it is blank.

    Raises:
        BadCell: `how` raised ValueError.
    """
    value = text(row, column)
    return _understood(value, column, how) if value else None


def _understood(value: str, column: str | None, how: Callable[[str], T]) -> T:
    try:
        return how(value)
    except ValueError as error:
        raise BadCell(column, error) from None


def word(row: Item, column: str | None, words: Mapping[str, T]) -> T | None:
    """
    What the cell's word means; None when it is blank and blank means nothing.

    Raises:
        BadCell: The layout does not know the word.
    """
    value = text(row, column)
    if value not in words:
        if value:
            raise BadCell(column, "has a word that the layout does not know")
        return None
    return words[value]


def kana(row: Item, column: str | None) -> str | None:
    """A reading in full-width kana, whatever the export writes."""
    value = text(row, column)
    return (value if is_normalized("NFKC", value) else normalize("NFKC", value)) or None


def row_key(row: Item, columns: tuple[str, ...]) -> str:
    """
    The key of a row: the values of the key columns joined by `|`, or a hash of all cells.

    Raises:
        BadCell: The key is blank, or damaged.
    """
    if columns == (ROW,):
        cells = "\x1f".join(str(value) for name, value in row.items() if name[:1] != "@")
        return blake2b(cells.encode(), digest_size=16).hexdigest()
    parts = [text(row, column) for column in columns]
    for column, part in zip(columns, parts, strict=True):
        if GETA in part or excel_float(part):
            raise BadCell(column, "is no key any more: some of it is lost")
    if not any(parts):
        raise BadCell(columns[0], "is blank, but it is the key")
    return "|".join(parts)


def check_widths(row: Item, widths: Mapping[str, int]) -> None:
    """
    Refuse numbers that a spreadsheet has shortened.

    Raises:
        BadCell: A column of `widths` has fewer digits than it must have.
    """
    for column, width in widths.items():
        value = text(row, column)
        if excel_float(value) or lost_zeros(value, width):
            raise BadCell(column, f"should have {width} digits: a spreadsheet has damaged it")


class Clock:
    """Reads moments of one export."""

    def __init__(self, timezone: str, order: DateOrder) -> None:
        self.zone = zone(timezone)
        self.order = order

    def instant(self, row: Item, column: str | None) -> datetime | None:
        """The moment in that cell, UTC; None when it is blank."""
        return read(row, column, lambda value: to_moment(value, self.order, self.zone)[0])

    def version(self, row: Item, column: str | None, modified_us: int) -> datetime | int:
        """Orders the states of a record: its own update time, else when the file was last changed."""
        return self.instant(row, column) or modified_us


class Head:
    """What belongs to a receipt as a whole; it may stand in each of its rows, or in one."""

    def __init__(self, rows: Sequence[Item]) -> None:
        self.rows = rows
        self.first = rows[0]
        self._columns = frozenset().union(*rows)

    def text(self, column: str | None) -> str:
        """
        The one value of that column.

        Raises:
            BadCell: Rows of the receipt contradict one another.
        """
        if not column or column not in self._columns:
            return ""
        if len(self.rows) == 1:
            return text(self.first, column)
        values = {value for row in self.rows if (value := text(row, column))}
        if len(values) > 1:
            raise BadCell(column, "differs between rows of one receipt")
        return values.pop() if values else ""

    def read(self, column: str | None, how: Callable[[str], T]) -> T | None:
        """
        The one value of that column as `how` understands it; None when it is blank.

        Raises:
            BadCell: `how` raised ValueError, or rows contradict one another.
        """
        value = self.text(column)
        return _understood(value, column, how) if value else None
