"""
Measures a day of orders through the followers of points, and writes its section of `bench/RESULTS.md`.

    POSTGRES_FSYNC=on .ci/postgres python bench/books/day.py     all of it; without a server, SQLite alone
    python bench/books/day.py --orders 5000                      a small one, prints only

All people have a card, and some buy. Their arrival and their first day are followed along the change feed,
as a sync does it; the second day is earned by a pass over everybody, as `tokui points earn` does it;
then the books are held to the facts, as `tokui points reconcile` does it. Beside it, in the same store:
as many earnings posted by themselves, and a loop of bare commits.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ground import SINGLES, commit, databases, keep, seconds
from tokui.cli.sync import tune_gc
from tokui.config import read
from tokui.connector import Earn, IdentifierRule, Member, Posted
from tokui.hub import Hub
from tokui.identity.rules import Rules, Trust
from tokui.model import Customer, Identifier, Order, OrderLine, Product, Record, Variant
from tokui.store import schema
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch
from tokui.sync.earn import earn, followers
from tokui.sync.follow import Follower

CLUB = """
[connections.shop]
use = "pos-csv"

[plugins.points.programmes.club]
earns_from = ["shop"]
issuer = "card"
tiers = [{ name = "regular" }, { name = "gold", spend = 300_000, rate = 2 }]
rules = [{ name = "denim", categories = ["denim"], times = 2 }]
"""
CARD = IdentifierRule("member_no", "unique", "card")
RULES = Rules("shop", {"member_no": CARD}, link=False)
TRUST = Trust({"shop": 1}, {("shop", "member_no"): "card"})
PAGE = 1_000
ARTICLES = 500
NOON = datetime(2026, 11, 1, 3, tzinfo=UTC)


class Took(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} ({self.cpu:.1f})"


class Measured(NamedTuple):
    """What one database did, for all orders of a day."""

    database: str
    orders: int
    arrived: Took
    followed: Took
    earned: Took
    reconciled: Took
    posted: Took
    bare_s: float


def took(work: Callable[[], object]) -> Took:
    """Of this process; a server's own work is in the wall time alone."""
    began = time.process_time()
    wall = seconds(work)
    return Took(wall, time.process_time() - began)


def write(store: Store, records: Sequence[Record]) -> None:
    """As a sync does it, page by page."""
    for at in range(0, len(records), PAGE):
        batch = Batch()
        for each in records[at : at + PAGE]:
            if isinstance(each, Customer):
                batch.customers.append(entry(each))
            else:
                batch.others.setdefault(type(each), []).append(entry(each))
        with store.write(durable=False) as tx:
            write_batch(tx, RULES, batch)


def person(number: int) -> Customer:
    """One with a card."""
    card = Identifier(kind="member_no", value=f"29{number:011}", issuer="card")
    return Customer(external_id=str(number), source_version=1, identifiers=(card,))


def articles() -> Iterator[Record]:
    """Every fifth is of denim."""
    for n in range(ARTICLES):
        yield Product(external_id=f"p{n}", title="x", category="hats" if n % 5 else "denim")
        yield Variant(external_id=f"v{n}", product=f"p{n}")


def order(day: int, number: int, buyers: int) -> Order:
    """Of a line or two."""
    lines = [
        OrderLine(
            line_id=str(n),
            quantity=1,
            unit_price_minor=3_000 + number % 97 * 100,
            tax_minor=300,
            variant=f"v{(number + n) % ARTICLES}",
        )
        for n in range(1 + number % 2)
    ]
    return Order(
        external_id=f"{day}-{number}",
        state="paid",
        placed_at=NOON + timedelta(days=day, seconds=number % 30_000),
        currency="JPY",
        buyer=str(number * 7 % buyers),
        lines=tuple(lines),
    )


def measure(url: str, options: argparse.Namespace, folder: Path) -> Measured:
    """All of it on one database."""
    store = Store.open(url)
    schema.upgrade(store)
    (folder / "tokui.toml").write_text(CLUB, encoding="utf-8")
    hub = Hub.load(read(folder / "tokui.toml"), connections=())
    count, buyers = options.orders, options.orders * 3 // 5
    write(store, [*articles(), *map(person, range(count * 2))])
    arrived = took(partial(_follow, store, hub))
    write(store, [order(0, n, buyers) for n in range(count)])
    followed = took(partial(_follow, store, hub))
    write(store, [order(1, n, buyers) for n in range(count)])
    earned = took(partial(_earn, store, hub, count))
    reconciled = took(partial(_reconcile, store, hub))
    assert not (faults := Books(store).check()), faults
    again = [
        Earn(f"again:{n}", Member("again", f"29{n * 7 % buyers:011}"), 50, "bought")
        for n in range(count * 3 // 2)
    ]
    posted = took(partial(_post, store, again))
    bare = seconds(partial(commit, store)) * count / SINGLES
    store.close()
    name = store.engine.dialect.name
    found = Measured(name, count, arrived, followed, earned, reconciled, posted, bare)
    print(row(found), flush=True)
    return found


def _follow(store: Store, hub: Hub) -> None:
    for name, hear in followers(hub).items():
        follower = Follower(store, name, hear, TRUST)
        follower.start()
        follower.finish(60)
        assert follower.failure is None, follower.failure


def _earn(store: Store, hub: Hub, count: int) -> None:
    assert sum(1 for _ in earn(store, hub, TRUST)) == count * 3 // 2


def _reconcile(store: Store, hub: Hub) -> None:
    assert not list(earn(store, hub, TRUST, dry_run=True))


def _post(store: Store, again: Sequence[Earn]) -> None:
    assert all(isinstance(each, Posted) for each in Books(store).post_many(again))


def row(m: Measured) -> str:
    """One line of the table."""
    speed, share = m.orders / m.followed.wall, m.followed.wall / m.bare_s
    return (
        f"| {m.database} | {m.arrived} | {m.followed} | {speed:,.0f} | {share:.2f} | {m.earned} "
        f"| {m.reconciled} | {m.posted} | {m.bare_s:.1f} |"
    )


def section(measured: Sequence[Measured]) -> str:
    """What is written."""
    count = measured[0].orders
    head = (
        f"## A day of orders\n\nWritten by `POSTGRES_FSYNC=on .ci/postgres python bench/books/day.py`: "
        f"Python {platform.python_version()}, {os.cpu_count()} cores. {count:,} orders a day, of a line "
        f"or two, by {count * 3 // 5:,} members of {count * 2:,} people. The people arrive along the "
        f"change feed, then the first day's orders; those of the second are earned by `points earn`; "
        f"`points reconcile` looks at all of it. Beside them, in the same store, as many earnings posted "
        f"by themselves, and a bare durable commit for each order. Seconds, and in brackets "
        f"those of CPU; the machine's load was {os.getloadavg()[1]:.1f}.\n\n"
    )
    names = (
        "database|people|the feed|orders/s|× bare commits|earn|reconcile|posting alone|bare commits"
    ).split("|")
    table = [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *map(row, measured)]
    return head + "\n".join(table)


def main() -> None:
    """Measure; write, unless it was a small one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=100_000)
    options = parser.parse_args()
    tune_gc()
    with tempfile.TemporaryDirectory() as folder:
        urls = databases(Path(folder), "day")
        measured = [measure(url, options, Path(folder)) for url in urls]
    text = section(measured)
    print(text)
    if len(sys.argv) == 1:
        keep(text, "day")


if __name__ == "__main__":
    main()
