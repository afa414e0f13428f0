"""
Times one record's match and one search over a large store.

    python bench/identity/latency.py SET --strangers SET [--desk FOLDER] [--queries 1000]
        [--no-results]

The match is the real one: a page of one customer, committed as a dry run. Half of the customers are
in the store already under another id, half are of the other set, whom nobody knows. Every figure
stands beside a bare SELECT by key, on the same file by the driver alone. The store is loaded first
if FOLDER (bench/identity/.work/NAME) has none.
"""

import argparse
import csv
import gc
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, cast

import results
from desk import furnish, measured, tokui
from load import WORK
from shops import SOURCES, Records, RecordsSettings
from tokui.connector import Context, Item
from tokui.identity.search import find
from tokui.store.engine import Store
from tokui.sync.batch import SourceConnector, parse
from tokui.sync.commit import Ledger

STORE = "tokui.sqlite3"
BARE = "SELECT customer_id FROM identifier WHERE token = ?"


class Times(NamedTuple):
    """
    Milliseconds: median, 95th and 99th percentile, and the slowest.

    Attributes:
        cpu95: 95th percentile of the thread's own CPU time, which neighbours disturb less.
    """

    p50: float
    p95: float
    p99: float
    max: float
    cpu95: float


def timed(work: Callable[[str], object], over: Iterable[str]) -> Times:
    """Do it for each, the first fifty twice, and take the time of each."""
    every = list(over)
    for each in every[:50]:
        work(each)
    wall_ms, cpu_ms = [], []
    for each in every:
        began, began_cpu = time.perf_counter(), time.thread_time()
        work(each)
        cpu_ms.append((time.thread_time() - began_cpu) * 1000)
        wall_ms.append((time.perf_counter() - began) * 1000)
    wall_ms.sort()
    p50, p95, p99 = (wall_ms[int(len(wall_ms) * share)] for share in (0.5, 0.95, 0.99))
    return Times(p50, p95, p99, wall_ms[-1], sorted(cpu_ms)[int(len(cpu_ms) * 0.95)])


def bare(path: Path, tokens: Sequence[str]) -> Times:
    """The floor: the driver, one statement, one key."""
    database = sqlite3.connect(path)
    try:
        return timed(lambda token: database.execute(BARE, (token,)).fetchall(), tokens)
    finally:
        database.close()


def tokens(path: Path, count: int) -> list[str]:
    """Keys of identifiers, from all over the table."""
    database = sqlite3.connect(path)
    try:
        top = database.execute("SELECT max(customer_id) FROM identifier").fetchone()[0]
        rng, found = random.Random(5), list[str]()
        query = "SELECT token FROM identifier WHERE customer_id = ? LIMIT 1"
        while len(found) < count:
            found += [row[0] for row in database.execute(query, (rng.randint(1, top),))]
        return found
    finally:
        database.close()


def sample(records: Path, count: int) -> list[Item]:
    """Rows from all over a set."""
    rng, kept = random.Random(3), list[Item]()
    with records.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number < count:
                kept.append(row)
            elif (at := rng.randrange(number + 1)) < count:
                kept[at] = row
    return kept


def matches(store: Store, items: Sequence[Item]) -> Times:
    """One customer's commit, planned and rolled back."""
    pages = {str(number): item for number, item in enumerate(items)}
    connectors = {source: connector(source) for source in SOURCES}

    def match(number: str) -> None:
        item = {**pages[number], "source_id": f"new-{number}"}
        source = connectors[item["source"]]
        (stream,) = source.streams()
        ledger = Ledger(store, source.name, lease=None, run_id=None)
        ledger.commit(stream, parse(source, stream, [item]), None)

    return timed(match, pages)


def connector(source: str) -> SourceConnector:
    """A connection that is asked to map only; nothing of a context is used."""
    settings = RecordsSettings(path="none", source=source)
    one: object = Records(source, settings, cast("Context", SimpleNamespace()))
    return cast("SourceConnector", one)


def queries(items: Sequence[Item]) -> Mapping[str, list[str]]:
    """What a counter may type about these people, by kind."""
    named = [row for row in items if row["family"] and row["given"]]
    latin = [row for row in named if row["family"].isascii()]
    kanji = [row for row in named if not row["family"].isascii()]
    kana = [row for row in items if row["family_kana"] and row["given_kana"]]
    phones = [row["phone"] for row in items if row["phone"]]
    return {
        "e-mail": [row["email"] for row in items if row["email"]],
        "phone": phones,
        "member number": [row["member_card"] for row in items if row["member_card"]],
        "LINE id": [row["line_user_id"] for row in items if row["line_user_id"]],
        "name in kanji": [row["family"] + row["given"] for row in kanji],
        "name in kana": [f"{row['family_kana']} {row['given_kana']}" for row in kana],
        "name in Latin letters": [f"{row['family']} {row['given']}" for row in latin],
        "beginning of a name in kana": [row["family_kana"][:2] for row in kana],
        "last 4 digits of a phone": [phone[-4:] for phone in phones if phone.isascii()],
        "the source's own id": [row["source_id"] for row in items],
    }


def searches(store: Store, items: Sequence[Item], count: int) -> Iterator[tuple[str, Times, float]]:
    """Each kind of query with its times, and the share of queries that found somebody."""
    found: list[bool] = []

    def search(query: str) -> None:
        with store.read() as tx:
            found.append(bool(find(tx, query, SOURCES, 20)))

    for kind, words in queries(items).items():
        found.clear()
        times = timed(search, words[:count])
        yield kind, times, sum(found) / len(found)


def ready(records: Path, folder: Path) -> Path:
    """The store of a set, loaded and matched if it is not there."""
    if not (folder / STORE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        furnish(folder, records / "records.csv")
        measured(tokui("db", "upgrade"), folder)
        measured(tokui("sync"), folder)
    return folder / STORE


def main() -> None:
    """Measure, print, and keep."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("set", type=Path)
    options.add_argument("--strangers", type=Path)
    options.add_argument("--desk", type=Path)
    options.add_argument("--queries", type=int, default=1000)
    options.add_argument("--no-results", action="store_true")
    given = options.parse_args()
    path = ready(given.set, given.desk or WORK / given.set.name)
    known = sample(given.set / "records.csv", given.queries * 20)
    store = Store.open(f"sqlite:///{path}")
    gc.freeze()
    half = given.queries // 2
    unknown = sample(given.strangers / "records.csv", half) if given.strangers else known[half:]
    items = [*known[:half], *unknown[:half]]
    floor = bare(path, tokens(path, given.queries))
    lines = [("SELECT by key", floor, 1.0), ("match of one customer", matches(store, items), 1.0)]
    lines += searches(store, known, given.queries)
    store.close()
    kept = [{"what": what, "share": share, **times._asdict()} for what, times, share in lines]
    print("\n".join(results.latencies(kept)))
    if not given.no_results:
        results.keep_latency(given.set.name, kept)


if __name__ == "__main__":
    main()
