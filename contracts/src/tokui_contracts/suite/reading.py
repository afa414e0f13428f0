"""Checks of reading: every object once, from every cursor, at any time."""

import json
from datetime import timedelta

import pytest
from tokui.connector import Pull, Stream
from tokui.model import Record

from tokui_contracts.suite.engine import Run, Store, commit
from tokui_contracts.suite.rig import Rig, SourceFrame

MOST_ITEMS = 1000
YEAR = timedelta(days=365)


class ReadingChecks(SourceFrame):
    """Pages and cursors."""

    def test_every_object_arrives(self, rig: Rig) -> None:
        """
        A full run stores exactly what the vendor has, in pages of at most 1,000 items.

        How to fix: go on until the vendor says that there is no more; an empty or short page in the
        middle is not the end. Too few pages: lower the page size in the sandbox's `settings`.
        """
        for stream in rig.streams():
            store = Store()
            run = rig.run(stream, store)
            _expect_all(rig, stream, store, "by a full run")
            extra = store.ids(stream.kinds[0]) - rig.truth(stream)
            assert not extra, (
                f"{stream.name}: {sorted(extra)} came, and the vendor has no such thing"
            )
            assert len(run.items) <= run.pages * MOST_ITEMS, f"{stream.name}: pages are too large"
            assert run.pages >= 3 or not stream.incremental, (
                f"{stream.name}: {run.pages} pages prove nothing; the sandbox must give three"
            )

    def test_resume_after_every_page(self, rig: Rig) -> None:
        """
        Killed after any page, a new process goes on from that page's cursor and loses nothing.

        How to fix: a page's cursor says where *it* ends, not where the next one does; keep nothing
        that matters in `self`.
        """
        for stream in rig.streams():
            for page in range(1, rig.run(stream, Store()).pages + 1):
                store = Store()
                rig.run(stream, store, pages=page)
                rig.run(stream, store)
                _expect_all(rig, stream, store, f"when resumed after page {page}")

    def test_cursor_is_never_ahead_of_the_data(self, rig: Rig) -> None:
        """
        Pages that were read and not stored come again: from any cursor, all that follows it.

        How to fix: reading must change nothing, neither at the vendor (acknowledge, move or delete
        nothing) nor in a cursor that was handed out (make a new dict for each page).
        """
        for stream in rig.streams():
            source = rig.source()
            pages = list(source.pull(Pull(stream.name, None, rig.sandbox.now)))
            for stored in range(1, len(pages)):
                store, run = Store(), Run()
                for page in pages[:stored]:
                    commit(source, stream.name, page, store, run)
                rig.run(stream, store)
                _expect_all(rig, stream, store, f"with page {stored + 1} read but not stored")

    def test_cursor_never_passes_until(self, rig: Rig) -> None:
        """
        What changes after `ask.until` does not move the cursor past it.

        A change that becomes visible late, with a time between `until` and the newest seen, would
        never be read. How to fix: ask the vendor for changes up to `until`, or clamp the cursor to it.
        """
        until = rig.sandbox.now
        for stream in rig.incremental():
            early, *_, late = rig.some(stream, rig.sandbox.count)
            rig.sandbox.touch(stream.name, [late], until + 2 * YEAR)
            store = Store()
            rig.run(stream, store, until=until)
            before = rig.row(stream, store, early)
            rig.sandbox.touch(stream.name, [early], until + timedelta(seconds=1))
            rig.run(stream, store, until=until + 3 * YEAR)
            assert rig.row(stream, store, early) != before, (
                f"{stream.name}: a change one second after `until` was never read"
            )

    def test_far_future_cursor(self, rig: Rig) -> None:
        """
        A cursor later than `until` gives no items, or all of them; it is no error.

        It comes from a clock that was wrong, or a database moved between shops. How to fix: where the
        cursor is past `until`, yield nothing, or start over.
        """
        now = rig.sandbox.now
        for stream in rig.incremental():
            rig.sandbox.touch(stream.name, rig.truth(stream), now + 70 * YEAR)
            store = Store()
            rig.run(stream, store, until=now + 71 * YEAR)
            rig.sandbox.touch(stream.name, rig.truth(stream), now - timedelta(days=1))
            later = Store(cursors=store.cursors)
            run = rig.run(stream, later)
            assert not run.items or not rig.missing(stream, later), (
                f"{stream.name}: some items came and some did not"
            )

    def test_equal_times_across_a_page_edge(self, rig: Rig) -> None:
        """
        Objects that all changed at one moment are read once and for all, whatever page they are on.

        How to fix: page by (time, id), or by the vendor's own page token; start each run closed
        (`>=`), so that a change at the very moment of the cursor is read.
        """
        moment = rig.sandbox.now - timedelta(hours=1)
        for stream in rig.incremental():
            rig.sandbox.touch(stream.name, rig.truth(stream), moment)
            for page in range(1, rig.run(stream, Store()).pages + 1):
                store = Store()
                rig.run(stream, store, until=moment, pages=page)
                rig.run(stream, store, until=moment)
                _expect_all(rig, stream, store, f"of one moment, resumed after page {page}")
            first = rig.some(stream, 1)[0]
            before = rig.row(stream, store, first)
            rig.sandbox.touch(stream.name, [first], moment)
            rig.run(stream, store)
            assert rig.row(stream, store, first) != before, (
                f"{stream.name}: a change at the moment of the cursor was not read"
            )

    def test_changes_between_pages_are_seen(self, rig: Rig) -> None:
        """
        Objects that change while they are being read are seen by this run or the next one.

        How to fix: do not page by offset, since a change moves objects between pages; page by a key
        that does not move, and let the next run start at the start of this one.
        """
        now = rig.sandbox.now
        for stream in rig.incremental():
            store = Store()
            old: dict[str, Record | None] = {}

            def change(
                page: int,
                stream: Stream = stream,
                store: Store = store,
                old: dict[str, Record | None] = old,
            ) -> None:
                if page == 1:
                    read = store.ids(stream.kinds[0]) & rig.truth(stream)
                    old.update({moved: rig.row(stream, store, moved) for moved in read})
                    rig.sandbox.touch(stream.name, read, now + timedelta(seconds=1))

            rig.run(stream, store, until=now, committed=change)
            rig.run(stream, store, until=now + timedelta(hours=1))
            _expect_all(rig, stream, store, "when others changed in between")
            stale = [moved for moved in old if rig.row(stream, store, moved) == old[moved]]
            assert not stale, f"{stream.name}: changes of {stale} were never read"

    def test_since_loses_nothing(self, rig: Rig) -> None:
        """
        Without a cursor, all that changed at `ask.since` or later is read.

        How to fix: `since` is closed (`>=`), and it does not outrank a cursor.
        """
        since = rig.sandbox.now - timedelta(hours=1)
        for stream in rig.incremental():
            chosen = rig.some(stream, max(1, rig.sandbox.count // 2))
            rig.sandbox.touch(stream.name, chosen, since)
            store = Store()
            rig.run(stream, store, since=since)
            lost = set(chosen) - store.ids(stream.kinds[0])
            assert not lost, f"{stream.name}: {sorted(lost)} changed at `since` and did not come"

    def test_second_run_has_nothing_to_do(self, rig: Rig) -> None:
        """
        When nothing changed, the next run changes nothing and costs one page and one request.

        How to fix: do not start over, and ask for no count, schema or token before the first page.
        """
        for stream in rig.incremental():
            store = Store()
            rig.run(stream, store)
            before = rig.sandbox.requests() or 0
            run = rig.run(stream, store, until=rig.sandbox.now + timedelta(hours=1))
            cost = (rig.sandbox.requests() or 0) - before
            assert run.changed == 0, f"{stream.name}: {run.changed} records changed by themselves"
            assert run.pages <= 1, f"{stream.name}: {run.pages} pages"
            assert cost <= 1, f"{stream.name}: {cost} requests"

    def test_pages_are_plain_json(self, rig: Rig) -> None:
        """
        Items and cursors are JSON: what is stored and read again is the same.

        How to fix: strings for times and decimals, lists for tuples, and string keys only.
        """
        for stream in rig.streams():
            for page in rig.source().pull(Pull(stream.name, None, rig.sandbox.now)):
                for part in (page.cursor, *page.items):
                    try:
                        same = json.loads(json.dumps(part, allow_nan=False)) == part
                    except (TypeError, ValueError) as error:
                        pytest.fail(f"{stream.name}: an item or cursor is not JSON: {error}")
                    assert same, f"{stream.name}: an item or cursor comes back from JSON as another"


def _expect_all(rig: Rig, stream: Stream, store: Store, when: str) -> None:
    lost, all_of = rig.missing(stream, store), len(rig.truth(stream))
    assert not lost, f"{stream.name}: {len(lost)} of {all_of} lost {when}: {sorted(lost)}"
