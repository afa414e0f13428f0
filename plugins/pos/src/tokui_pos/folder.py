"""The folder of exports as pages: which files are ready, what of them is new, and what is refused."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import IO

from tokui.connector import Context, Item, Page, Pull

from tokui_pos.encoding import detect
from tokui_pos.files import Export, listed, matching, moment, refused_archives, transcoded
from tokui_pos.layout import ROW, CustomerLayout, Layout, SalesLayout
from tokui_pos.progress import Content, Mark, Progress, survey
from tokui_pos.reading import Cut, Reading
from tokui_pos.rows import Unopened, Unreadable
from tokui_pos.settings import PosCsvSettings

PAGE_ITEMS = 500
PATIENCE_S = 60
"""How long a run waits at most for files to become quiet."""

WITHOUT_MEANING = {"folder", "layout", "layout_file", "settle_s", "last_line_s"}
"""Settings that do not decide what a file means; the layout is looked at as it was loaded."""

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
        for export in self._quiet(exports):
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
    def reading(self, export: Export, stream: str, before: Mark | None = None) -> Iterator[Reading]:
        """
        A reading of that file, from where the mark left it if the file still begins so.

        Raises:
            Unreadable: It cannot be opened, its encoding is not clear, or its header is wrong.
        """
        with export.opened() as raw:
            source, size, encoding = self._decoded(export, raw)
            yield Reading(export, source, size, self._cut(stream), encoding, before)

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

    def _quiet(self, exports: Sequence[Export]) -> Iterator[Export]:
        """Those that nobody is writing to; young ones come last, after a wait to see whether they change."""
        settle_s, now = self._settings.settle_s, self._ctx.now()
        young = [export for export in exports if export.quiet_s(now) < settle_s]
        yield from (export for export in exports if export not in young)
        if not young:
            return
        left_s = settle_s - min(export.quiet_s(self._ctx.now()) for export in young)
        if 0 < left_s <= PATIENCE_S:
            self._ctx.stop.wait(left_s, f"{young[-1].name} may still be being written")
        writing = [export for export in young if left_s > PATIENCE_S or export.changed()]
        yield from (export for export in young if export not in writing)
        if writing:
            self._ctx.log.warning(
                "%d files are still being written, %s among them; the next run reads them",
                len(writing),
                writing[-1].name,
            )

    def _ready(self, export: Export, ask: Pull, progress: Progress) -> Iterator[Page]:
        try:
            if export.refused:
                raise Unopened(export.refused)
            with export.opened() as raw:
                content = survey(raw, export.modified_us)
            yield from self._read(export, content, ask, progress)
        except Unreadable as why:
            mark = Mark(f"refused {export.modified_us} {why}")
            yield from self._refuse(export, str(why), mark, progress)

    def _read(
        self, export: Export, content: Content, ask: Pull, progress: Progress
    ) -> Iterator[Page]:
        before = progress.mark(export.name, content)
        if not before and _too_old(export, ask):
            before = content.done()
        if before and before.whole == content.whole and before.done:
            progress.marks[export.name] = before
            return
        try:
            with self.reading(export, ask.stream, before) as reading:
                reading.shorter = content.shortens(before, reading.head)
                yield from self._pages(export, content, reading, progress)
        except Unopened:
            raise
        except Unreadable as why:
            yield from self._refuse(export, str(why), content.done(), progress)

    def _refuse(self, export: Export, why: str, mark: Mark, progress: Progress) -> Iterator[Page]:
        """Report the file once, as an item that no mapping accepts."""
        if progress.marks.get(export.name) != mark and export.path.exists():
            self._ctx.log.warning("%s %s", export.name, why)
            progress.marks[export.name] = mark
            item = {"@file": export.name, "@line": 0, "@error": why}
            yield Page((item,), progress.cursor())

    def _pages(
        self, export: Export, content: Content, reading: Reading, progress: Progress
    ) -> Iterator[Page]:
        name, before = export.name, progress.marks.get(export.name)
        final = export.quiet_s(self._ctx.now()) >= self._settings.last_line_s
        for items in _batches(reading.items(final=final)):
            self._ctx.stop.check()
            if export.changed():
                break
            progress.marks[name] = reading.mark(content)
            yield Page(items, progress.cursor())
        if export.changed():
            self._ctx.log.info("%s changed while it was read; it will be read again", name)
            progress.put(name, before)
            return
        progress.marks[name] = reading.mark(content)
        self._tell(reading, name, new=before is None or before.whole != content.whole)

    def _tell(self, reading: Reading, name: str, *, new: bool) -> None:
        log = self._ctx.log
        if reading.shorter and new:
            log.warning("%s has lost lines at its end; what is stored of them stays", name)
        if reading.strange:
            log.warning("%s: %d cells hold characters that cannot be shown", name, reading.strange)

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
        settings = self._settings.model_dump_json(exclude=WITHOUT_MEANING)
        return blake2b(
            (settings + self._layout.model_dump_json()).encode(), digest_size=8
        ).hexdigest()


def _too_old(export: Export, ask: Pull) -> bool:
    return bool(ask.cursor is None and ask.since and moment(export.modified_us) < ask.since)


def _batches(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    """As many as make a page; before the rest turns out to be unreadable, those that were read."""
    batch: list[Item] = []
    unreadable = None
    try:
        for item in items:
            batch.append(item)
            if len(batch) == PAGE_ITEMS:
                yield batch
                batch = []
    except Unreadable as why:
        unreadable = why
    if batch:
        yield batch
    if unreadable:
        raise unreadable
