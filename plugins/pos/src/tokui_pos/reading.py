"""
One file on its way into items.

A customer is one row. A receipt is all rows of its key, wherever they stand in the file: a first pass
notes where receipts begin, those in several places are gathered and come first, the rest follows in the
file's order. The first pass holds about 50 bytes a receipt, the gathering at most `MAX_GATHERED` rows.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import IO

from tokui.connector import Item

from tokui_pos.encoding import decoder, shown
from tokui_pos.files import Export
from tokui_pos.progress import Hash, Mark
from tokui_pos.rows import Lines, Row, Unreadable, header, split

MAX_GATHERED = 100_000
RAW_SHOWN = 4096


@dataclass(frozen=True, slots=True)
class Cut:
    """
    How a stream's files are cut into items.

    Attributes:
        delimiter: Between columns.
        names: Column names of files without a header.
        skip: Lines above the header.
        needed: Columns without which nothing can be understood.
        receipt: Columns of the receipt's key; empty: every row is an item.
    """

    delimiter: str
    names: tuple[str, ...] | None
    skip: int
    needed: tuple[str, ...]
    receipt: tuple[str, ...] = ()


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


class Reading:
    """
    Items of one file, from a mark on.

    Attributes:
        at: Bytes that are done with once all items so far are stored.
        line: Number of the line that begins there.
        strange: Cells so far that hold characters which cannot be shown.
        finished: Nothing at the end waits for more.
        older_us: As in a mark; set before reading.
        names: Columns, once the header is read.
        encoding: What the bytes are read as.
    """

    def __init__(
        self, export: Export, source: IO[bytes], size: int, cut: Cut, mark: Mark, running: Hash
    ) -> None:
        self.at = mark.at
        self.line = mark.line
        self.strange = 0
        self.finished = False
        self.older_us = 0
        self._since_us = mark.since_us or export.modified_us
        self._export, self._source, self._size, self._cut = export, source, size, cut
        self._running = running
        self.encoding = mark.encoding
        self._text = decoder(mark.encoding)
        self.names: list[str] = []

    def items(self, *, final: bool) -> Iterator[Item]:
        """
        Read on. `final`: a last record without line end, or with an open quote, is taken as it is.

        Raises:
            Unreadable: The rest of the file cannot be read.
        """
        lines, names = self._top()
        if names is None:
            return
        if missing := [name for name in self._cut.needed if name not in names]:
            raise Unreadable(f"lacks the columns {', '.join(missing)}")
        self.names = names
        if not self.at:
            self._source.seek(0)
            self._done(self._source.read(lines.at), lines.at, lines.line)
        yield from self._receipts(final) if self._cut.receipt else self._rows(final)

    def sealed(self) -> Mark:
        """What a cursor may hold of it now."""
        return Mark(
            at=self.at,
            at_hash=self._running.hexdigest(),
            line=self.line,
            encoding=self.encoding,
            size=self._export.size,
            since_us=self._since_us,
            older_us=self.older_us,
        )

    def _lines(self, at: int = 0, line: int = 1) -> Lines:
        return Lines(self._source, self._size, self._text, at, line)

    def _top(self) -> tuple[Lines, list[str] | None]:
        """The lines after the header, and the column names."""
        lines = self._lines()
        return lines, header(lines, self._cut.delimiter, self._cut.skip, self._cut.names)

    def _split(self, lines: Lines, final: bool) -> Iterator[Row]:
        rows = split(lines, self._cut.delimiter, len(self.names), final=final)
        for row in rows:
            if row.cells == self.names:
                row.cells = []
            yield row

    def _done(self, raw: bytes, at: int, line: int) -> None:
        self._running.update(raw)
        self.at, self.line = at, line

    def _advance(self, rows: Sequence[Row]) -> None:
        if rows:
            last = rows[-1]
            self._done(b"".join(row.raw for row in rows), last.end, last.line + last.lines)

    # --- customers: a row is an item -------------------------------------------------------------

    def _rows(self, final: bool) -> Iterator[Item]:
        lines = self._lines(self.at, self.line)
        for row in self._split(lines, final):
            self._advance((row,))
            if row.cells or row.error:
                yield self._about(last=not row.raw.endswith(b"\n")) | self._cells(row)
        self.finished = lines.at == self._size

    def _about(self, *, last: bool) -> dict[str, object]:
        modified_us = self._export.modified_us
        if last and self.older_us:
            modified_us = self.older_us
        return {"@file": self._export.name, "@modified": modified_us}

    def _cells(self, row: Row) -> dict[str, object]:
        if row.error:
            text = row.raw[:RAW_SHOWN].decode(self.encoding, "replace")
            return {"@line": row.line, "@error": row.error, "@raw": text.replace("\0", "\ufffd")}
        cells, strange = shown(row.cells, self.encoding)
        found: dict[str, object] = dict(zip(self.names, cells, strict=True))
        found["@line"] = row.line
        if strange:
            self.strange += len(strange)
            found["@raw"] = {self.names[index]: raw for index, raw in strange.items()}
        return found

    # --- sales: a receipt is an item -------------------------------------------------------------

    def _receipts(self, final: bool) -> Iterator[Item]:
        scattered = self._scattered(final)
        if scattered:
            yield from self._gathered(scattered, final)
        lines = self._lines(self.at, self.line)
        before: Receipt | None = None
        for receipt in self._runs(lines, final):
            if before:
                self._advance(before.rows + before.after)
                yield from self._emit(before, scattered)
            before = receipt
        if before:
            yield from self._emit(before, scattered, last=True)
        self.finished = lines.at == self._size

    def _emit(self, receipt: Receipt, scattered: set[int], *, last: bool = False) -> Iterator[Item]:
        if receipt.rows and receipt.rows[0].start not in scattered:
            yield self._item(receipt.rows, last=last)
        for row in receipt.after:
            if row.error:
                yield self._item([row])

    def _item(self, rows: Sequence[Row], *, last: bool = False) -> Item:
        shown_rows = [self._cells(row) for row in rows if row.cells or row.error]
        return self._about(last=last) | {"@rows": shown_rows}

    def _runs(self, lines: Lines, final: bool) -> Iterator[Receipt]:
        places = [self.names.index(name) for name in self._cut.receipt]
        part, now = 0, Receipt((0, ""), [], [])
        for row in split(lines, self._cut.delimiter, len(self.names), final=final):
            if row.cells == self.names:
                part, row.cells = part + 1, []
            key = (part, _key(row, places))
            if row.cells and not row.error and not key[1]:
                row.error = "has no receipt number"
            if now.rows and key == now.key and row.cells:
                now.rows += [*now.after, row]
                now.after = []
            elif row.error or not row.cells:
                now.after.append(row)
            else:
                yield now
                now = Receipt(key, [row], [])
        yield now

    def _scattered(self, final: bool) -> set[int]:
        """Where the runs of those receipts begin that have several, one of them not yet read."""
        keys, starts = array("q"), array("Q")
        for receipt in self._runs(self._top()[0], final):
            if receipt.rows:
                keys.append(hash(receipt.key))
                starts.append(receipt.rows[0].start)
        ordered = sorted(keys)
        twice = {key for key, after in pairwise(ordered) if key == after}
        if not twice:
            return set()
        new = {key for key, at in zip(keys, starts, strict=True) if key in twice and at >= self.at}
        return {at for key, at in zip(keys, starts, strict=True) if key in new}

    def _gathered(self, scattered: set[int], final: bool) -> Iterator[Item]:
        held: dict[tuple[int, str], list[Row]] = {}
        count = 0
        for receipt in self._runs(self._top()[0], final):
            if receipt.rows and receipt.rows[0].start in scattered:
                held.setdefault(receipt.key, []).extend(receipt.rows)
                count += len(receipt.rows)
                if count > MAX_GATHERED:
                    raise Unreadable(
                        "is not in the order of its receipts; export it sorted by them"
                    )
        for rows in held.values():
            yield self._item(rows)


def _key(row: Row, places: Sequence[int]) -> str:
    cells = row.cells
    found = [cells[place].strip() if place < len(cells) else "" for place in places]
    return "|".join(found) if any(found) else ""
