"""The folder of exports as pages: which files are ready, what of them is new, and what is refused."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import IO
from zipfile import BadZipFile

from tokui.connector import Context, Item, Page, Pull

from tokui_pos.encoding import detect
from tokui_pos.files import Export, listed, matching, moment, refused_archives, transcoded
from tokui_pos.layout import ROW, CustomerLayout, Layout, SalesLayout
from tokui_pos.progress import Mark, Progress, digest, new_hash, resume
from tokui_pos.reading import Cut, Reading
from tokui_pos.rows import Unreadable
from tokui_pos.settings import PosCsvSettings

PAGE_ITEMS = 500

Part = CustomerLayout | SalesLayout


class Folder:
    """Reads the exports of one connection."""

    def __init__(self, settings: PosCsvSettings, layout: Layout, ctx: Context) -> None:
        self._settings = settings
        self._layout = layout
        self._ctx = ctx
        self.parts: dict[str, Part] = {
            name: part
            for name, part in (("customers", layout.customers), ("sales", layout.sales))
            if part
        }

    def exports(self, stream: str) -> list[Export]:
        """
        The stream's files, oldest change first. Archives that are refused unseen go to the first stream.

        Raises:
            Unavailable: The folder cannot be listed.
        """
        every = listed(self._settings.folder, self._settings.max_file_bytes)
        found = matching(every, self.parts[stream].files)
        first = stream == next(iter(self.parts))
        return found + [one for one in refused_archives(every) if first and one not in found]

    def pages(self, ask: Pull) -> Iterator[Page]:
        """
        What is new since the cursor.

        Raises:
            Unavailable: The folder cannot be listed.
        """
        progress = Progress(ask.cursor, self._fingerprint())
        exports = self.exports(ask.stream)
        if not exports:
            return  # a share that is not mounted looks like this: forget nothing
        last = ask.cursor
        for export in exports:
            self._ctx.stop.check()
            for page in self._ready(export, ask, progress):
                last = page.cursor
                yield page
        progress.keep(export.name for export in exports)
        if progress.cursor() != last and (progress.marks or last):
            yield Page((), progress.cursor())

    def scan(self, stream: str) -> Iterator[Item]:
        """All items of the files as they are now, oldest change first; what cannot be read is left out."""
        for export in self.exports(stream):
            self._ctx.stop.check()
            if not export.refused:
                try:
                    with self.reading(export, stream) as reading:
                        yield from reading.items(final=True)
                except Unreadable:
                    self._ctx.log.warning("%s cannot be read", export.name)

    @contextmanager
    def reading(self, export: Export, stream: str, known: Sequence[Mark] = ()) -> Iterator[Reading]:
        """
        A reading of that file, from the longest beginning that is known.

        Raises:
            Unreadable: It cannot be opened, or its encoding is not clear.
        """
        with opened(export) as raw:
            source, size, encoding = self._decoded(export, raw)
            mark, running = Mark(encoding=encoding), new_hash()
            if known:
                mark, running = resume(source, size, encoding, known)
            yield Reading(export, source, size, self._cut(stream), mark, running)

    def _decoded(self, export: Export, raw: IO[bytes]) -> tuple[IO[bytes], int, str]:
        encoding = self._settings.encoding
        try:
            encoding = detect(raw) if encoding == "auto" else encoding  # type: ignore[assignment]
        except ValueError as error:
            raise Unreadable(str(error)) from None
        if encoding != "utf-16":
            return raw, export.size, encoding
        source = transcoded(raw)
        return source, source.seek(0, 2), "utf-8"

    def _ready(self, export: Export, ask: Pull, progress: Progress) -> Iterator[Page]:
        if export.quiet_s(self._ctx.now()) < self._settings.settle_s:
            self._ctx.log.info("%s is still being written; left for the next run", export.name)
            return
        try:
            if export.refused:
                raise Unreadable(export.refused)
            yield from self._read(export, ask, progress)
        except Unreadable as why:
            yield from self._refuse(export, str(why), progress)

    def _refuse(self, export: Export, why: str, progress: Progress) -> Iterator[Page]:
        """Report the file once, as an item that no mapping accepts."""
        self._ctx.log.warning("%s %s", export.name, why)
        mark = Mark(size=export.size, whole=f"refused {export.modified_us} {why}")
        if progress.marks.get(export.name) != mark and export.path.exists():
            progress.marks[export.name] = mark
            item = {"@file": export.name, "@line": 0, "@error": why}
            yield Page((item,), progress.cursor())

    def _read(self, export: Export, ask: Pull, progress: Progress) -> Iterator[Page]:
        known, before = list(progress.known()), progress.marks.get(export.name)
        with opened(export) as raw:
            whole = digest(raw, export.size)
        done = next(
            (mark for mark in known if (mark.size, mark.whole) == (export.size, whole)), None
        )
        if (
            done is None
            and ask.cursor is None
            and ask.since
            and moment(export.modified_us) < ask.since
        ):
            done = Mark(size=export.size, whole=whole, since_us=export.modified_us)
        if done:
            progress.marks[export.name] = done
            return
        with self.reading(export, ask.stream, known) as reading:
            reading.older_us = self._older(export, before, reading.at)
            final = export.quiet_s(self._ctx.now()) >= self._settings.last_line_s
            last: Sequence[Item] = ()
            for items, mark in _batches(reading, final):
                self._ctx.stop.check()
                if last:
                    yield Page(last, progress.cursor())
                if export.changed():
                    break
                last, progress.marks[export.name] = items, mark
            if self._close(export, reading, whole, progress) and last:
                yield Page(last, progress.cursor())

    def _older(self, export: Export, before: Mark | None, at: int) -> int:
        """The version of the last record, where it may be what is left of a file that was cut."""
        if before is None or before.size < export.size:
            return 0
        if before.size == export.size:
            return before.older_us if at >= before.at else 0
        self._ctx.log.warning("%s is shorter than what was read of it", export.name)
        rewritten = at < before.at <= export.size
        return 0 if rewritten else before.since_us - 1

    def _close(self, export: Export, reading: Reading, whole: str, progress: Progress) -> bool:
        """Settle how far the file is done with; False when it changed while it was read."""
        if export.changed():
            self._ctx.log.info("%s changed while it was read; it will be read again", export.name)
            progress.marks.pop(export.name, None)
            return False
        mark = reading.sealed()
        if reading.finished:
            mark = replace(mark, whole=whole, older_us=0)
        progress.marks[export.name] = mark
        if reading.strange:
            self._ctx.log.warning(
                "%s: %d cells hold characters that cannot be shown", export.name, reading.strange
            )
        return True

    def _cut(self, stream: str) -> Cut:
        part = self.parts[stream]
        shared = (self._settings.delimiter, self._layout.header, self._layout.skip_lines)
        if isinstance(part, CustomerLayout):
            return Cut(*shared, needed=tuple(name for name in part.id if name != ROW))
        columns = part.columns
        needed = {*part.receipt, columns.quantity, columns.unit_price}
        if not (columns.placed_at and columns.date):
            needed |= {columns.placed_at or columns.date or ""} - {""}
        return Cut(*shared, tuple(sorted(needed)), part.receipt)

    def _fingerprint(self) -> str:
        """Of all that decides what a file means; when it changes, every file is read again."""
        settings = self._settings.model_dump_json(exclude={"folder", "settle_s", "last_line_s"})
        return blake2b(
            (settings + self._layout.model_dump_json()).encode(), digest_size=8
        ).hexdigest()


@contextmanager
def opened(export: Export) -> Iterator[IO[bytes]]:
    """
    The file's bytes.

    Raises:
        Unreadable: Now or while it is read: no permission, a broken zip.
    """
    try:
        with export.opened() as source:
            yield source
    except (
        OSError,
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Unreadable(f"cannot be read ({type(error).__name__})") from None


def _batches(reading: Reading, final: bool) -> Iterator[tuple[Sequence[Item], Mark]]:
    """Items of a page, and the mark that is true once they are stored."""
    items = reading.items(final=final)
    while batch := tuple(islice(items, PAGE_ITEMS)):
        yield batch, reading.sealed()
