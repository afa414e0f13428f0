"""Rows of a sales file, grouped into the runs of adjacent rows that belong to one receipt. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tokui_pos.rows import Row


@dataclass(slots=True)
class Receipt:
    """
    Adjacent rows of one receipt.

    Attributes:
        key: Which part of the file (a repeated header begins another), and the receipt's key.
        rows: From its first to its last; broken rows in between belong to it.
        after: Broken and blank rows up to the next receipt, whose receipt nobody knows.
    """

    key: tuple[int, str]
    rows: list[Row]
    after: list[Row]


def receipts(rows: Iterable[Row], names: Sequence[str], key: Sequence[str]) -> Iterator[Receipt]:
    """
    Group the rows behind the header.

    The first one has no rows, only what stands `after` the header.

    Args:
        rows: In the order of the file.
        names: Its columns.
        key: Those that make the receipt's key.
    """
    places = [names.index(name) for name in key]
    part, now = 0, Receipt((0, ""), [], [])
    for row in rows:
        if row.cells == names:
            part, row.cells = part + 1, []
        found = (part, _key(row, places))
        if row.cells and not row.error and not found[1]:
            row.error = "has no receipt number"
        if now.rows and found == now.key and row.cells:
            now.rows += [*now.after, row]
            now.after = []
        elif row.error or not row.cells:
            now.after.append(row)
        else:
            yield now
            now = Receipt(found, [row], [])
    yield now


def _key(row: Row, places: Sequence[int]) -> str:
    cells = row.cells
    found = [cells[place].strip() if place < len(cells) else "" for place in places]
    return "|".join(found) if any(found) else ""
