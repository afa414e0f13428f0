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
from tokui_pos.progress import Content, Mark, begun, new_hash
from tokui_pos.receipts import Receipt, receipts
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


class Reading:
    """
    Items of one file, from where it was left.

    Attributes:
        encoding: What the bytes are read as.
        names: Columns; none while the header is not whole.
        head: Hash of the beginning, up to the end of the first row; empty before there is one.
        shorter: The file has lost lines at its end, so its last record may have lost rows: it is given
            version 0, so that it does not replace what is stored. Set before reading.
        at: Bytes that are done with once all items so far are stored.
        line: Number of the line that begins there.
        strange: Cells so far that hold characters which cannot be shown.
        finished: Nothing at the end waits for more.

    Raises:
        Unreadable: The header cannot be read, or lacks a column that is needed.
    """

    def __init__(
        self,
        export: Export,
        source: IO[bytes],
        size: int,
        cut: Cut,
        encoding: str,
        before: Mark | None,
    ) -> None:
        self._export, self._source, self._size, self._cut = export, source, size, cut
        self.encoding = encoding
        self._text = decoder(encoding)
        self.names: list[str] = []
        self.head = ""
        self.shorter = False
        self.at, self.line, self._running = 0, 1, new_hash()
        self._next = b""  # the row at `at`, if it has been looked at
        self.strange = 0
        self.finished = False
        self._begin()
        if before and before.encoding == encoding and self.at < before.at and before.seen <= size:
            self._resume(before)

    def items(self, *, final: bool) -> Iterator[Item]:
        """
        Read on. `final`: a last record without line end, or with an open quote, is taken as it is.

        Raises:
            Unreadable: The rest of the file cannot be read.
        """
        if not self.names:
            return iter(())
        return self._receipts(final) if self._cut.receipt else self._rows(final)

    def mark(self, content: Content) -> Mark:
        """What a cursor may hold of it now."""
        seen = self._running.copy()
        seen.update(self._next)
        return Mark(
            whole=content.whole,
            lines=content.lines,
            modified_us=content.modified_us,
            done=self.finished,
            shorter=self.shorter,
            head=self.head,
            at=self.at,
            line=self.line,
            seen=self.at + len(self._next),
            seen_hash=seen.hexdigest(),
            encoding=self.encoding,
        )

    def _begin(self) -> None:
        lines, names = self._top()
        if names is None:
            return
        if missing := [name for name in self._cut.needed if name not in names]:
            raise Unreadable(f"lacks the columns {', '.join(missing)}")
        self.names, self.at, self.line = names, lines.at, lines.line
        self._running = begun(self._source, self.at)
        if first := next(self._split(self._lines(self.at, self.line), final=False), None):
            self.head = begun(self._source, first.end).hexdigest()

    def _resume(self, before: Mark) -> None:
        if begun(self._source, before.seen).hexdigest() == before.seen_hash:
            self.at, self.line = before.at, before.line
            self._running = begun(self._source, before.at)

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

    def _advance(self, rows: Sequence[Row]) -> None:
        if rows:
            last = rows[-1]
            self._running.update(b"".join(row.raw for row in rows))
            self.at, self.line = last.end, last.line + last.lines

    # --- customers: a row is an item -------------------------------------------------------------

    def _rows(self, final: bool) -> Iterator[Item]:
        lines = self._lines(self.at, self.line)
        for row in self._split(lines, final):
            whole = row.raw.endswith(b"\n")
            if whole:
                self._advance((row,))
            if row.cells or row.error:
                yield self._about(last=not whole) | self._cells(row)
        self.finished = lines.at == self._size

    def _about(self, *, last: bool) -> dict[str, object]:
        version = 0 if last and self.shorter else self._export.modified_us
        return {"@file": self._export.name, "@modified": version}

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
                self._next = receipt.rows[0].raw
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
        rows = split(lines, self._cut.delimiter, len(self.names), final=final)
        return receipts(rows, self.names, self._cut.receipt)

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
