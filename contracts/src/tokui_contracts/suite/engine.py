"""A sync engine in one page: what the core does with pages, on dictionaries instead of a database."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tokui.connector import Cursor, Item, Page, Pull, Source
from tokui.errors import FatalError, Stopped
from tokui.model import Record

Key = tuple[str, str]
MOST_REPEATS = 3
MOST_PAGES = 200


@dataclass
class Store:
    """
    What is stored, and where each stream stands.

    Attributes:
        rows: Records by kind and key.
        cursors: By stream.
    """

    rows: dict[Key, Record] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def put(self, record: Record) -> bool:
        """Keep the record unless a newer one is there; True when something changed."""
        key = (record.kind_name, record.key)
        old = self.rows.get(key)
        if old == record or (old is not None and _older(record, old)):
            return False
        self.rows[key] = record
        return True

    def ids(self, kind: type[Record]) -> set[str]:
        """External ids of all records of a kind."""
        return {row.external_id for row in self.rows.values() if type(row) is kind}


@dataclass
class Run:
    """
    What one run did.

    Attributes:
        pages: How many were committed.
        items: All items of those pages.
        records: All records that were made of them.
        changed: Records that differed from what was stored.
        quarantined: Items that could not be parsed, each with its error.
    """

    pages: int = 0
    items: list[Item] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    changed: int = 0
    quarantined: list[tuple[Item, Exception]] = field(default_factory=list)


def sync(
    source: Source,
    ask: Pull,
    store: Store,
    *,
    pages: int | None = None,
    committed: Callable[[int], None] = lambda _: None,
) -> Run:
    """
    Read a stream into the store, each page with its cursor.

    Args:
        source: The connector.
        ask: What to read.
        store: Filled.
        pages: Die after so many.
        committed: Called after each commit with the number of pages so far.

    Raises:
        FatalError: The same page, items and cursor, came too often.
        AssertionError: There is no end to the pages.
    """
    run, seen = Run(), Counter[str]()
    for page in source.pull(ask):
        _guard(page, seen)
        commit(source, ask.stream, page, store, run)
        committed(run.pages)
        if run.pages == pages:
            break
    return run


def commit(source: Source, stream: str, page: Page, store: Store, run: Run) -> None:
    """Parse a page item by item; store what can be stored, and the cursor."""
    for item in page.items:
        for record in parse(source, stream, item, run):
            run.records.append(record)
            run.changed += store.put(record)
    run.pages += 1
    run.items += page.items
    store.cursors[stream] = json.loads(json.dumps(page.cursor))


def parse(source: Source, stream: str, item: Item, run: Run) -> Iterable[Record]:
    """All records of an item, or none and an entry in the quarantine."""
    try:
        return list(source.parse(stream, item))
    except (FatalError, Stopped):
        raise
    except Exception as error:
        run.quarantined.append((item, error))
        return ()


def _guard(page: Page, seen: Counter[str]) -> None:
    mark = json.dumps([list(page.items), page.cursor], sort_keys=True, default=repr)
    seen[mark] += 1
    if seen[mark] > MOST_REPEATS:
        raise FatalError(f"the same page came {MOST_REPEATS} times")
    assert seen.total() <= MOST_PAGES, f"after {MOST_PAGES} pages there is still no end"


def _older(record: Record, old: Record) -> bool:
    new_us, old_us = record.version_us, old.version_us
    return new_us is not None and old_us is not None and new_us < old_us
