"""
Measures the books, and writes their section of `bench/RESULTS.md`.

    POSTGRES_FSYNC=on .ci/postgres python bench/books/books.py     all of it; without a server, SQLite alone
    python bench/books/books.py --orders 5000 --entries 100000 --rounds 1    a small one, prints only

Single transfers and bare commits run in turn, round by round, on the same database; a ratio is the
median of the rounds' own. A bare commit is one durable transaction that writes one row. The entries of
the lookup are made by the database itself, as members who earned again and again.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from ground import SINGLES, commit, databases, keep, seconds
from tokui.connector import Earn, Member, Posted, Redeem
from tokui.store import schema
from tokui.store.books import Books
from tokui.store.engine import Store

LOOKUPS = 3000
PER_MEMBER = 20
END = datetime(2027, 12, 31, 15, tzinfo=UTC)

# Member n of 1..M has a lot for each of PER_MEMBER earnings; each earning has two lines.
BULK = {
    "account": """
        SELECT 10 + n, 'bulk', CAST(n AS TEXT), 'points', 100 * {per}, 1 FROM {members}
        UNION ALL SELECT 1, 'bulk', '', 'issued', -100 * {per} * CAST({count} AS BIGINT), 1""",
    "transfer": """
        SELECT {id}, 'bulk:' || {id}, 'x', 'earn', 10 + n, NULL, NULL, 100, 100, 100 * (m + 1), '', 0
        FROM {members}, {months}""",
    "lot": "SELECT {id}, 10 + n, {id}, 100, 100, 0, 0, {end} + m FROM {members}, {months}",
    "entry": """
        SELECT {id}, 0, 1, {id}, -100 FROM {members}, {months}
        UNION ALL SELECT {id}, 1, 10 + n, {id}, 100 FROM {members}, {months}""",
}
SERIES = {
    "sqlite": "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {0}) "
    "SELECT i - {2} AS {1} FROM s) AS of_{1}",
    "postgresql": "(SELECT i - {2} AS {1} FROM generate_series(1, {0}) i) AS of_{1}",
}


class Measured(NamedTuple):
    """What one database did; times in seconds, rates a second."""

    database: str
    bare: Sequence[float]
    single: Sequence[float]
    batch_s: Sequence[float]
    orders: int
    entries: int
    lookups: Sequence[float]
    selects: Sequence[float]

    @property
    def ratio(self) -> float:
        """Single transfers against bare commits."""
        return statistics.median(s / b for s, b in zip(self.single, self.bare, strict=True))


def member(number: int) -> Member:
    """One of sixty thousand."""
    return Member("club", f"29{number % 60_000:011}")


def earnings(count: int, day: str) -> list[Earn]:
    """A day of orders, a line each."""
    return [
        Earn(f"{day}:{n}:1", member(n * 7), n % 500 + 50, "bought", expires_at=END)
        for n in range(count)
    ]


def measure(url: str, options: argparse.Namespace) -> Measured:
    """All of it on one database."""
    store = Store.open(url)
    schema.upgrade(store)
    books = Books(store)
    batch = [seconds(partial(_earn, books, options.orders, f"day{n}")) for n in range(2)]
    bare, single = [], []
    for number in range(options.rounds):
        bare.append(SINGLES / seconds(partial(commit, store)))
        single.append(SINGLES / seconds(partial(_redeem, books, number)))
    members = options.entries // 2 // PER_MEMBER
    _fill(store, members)
    lookups, selects = _look(store, books, members)
    faults = books.check() if options.check else []
    assert not faults, faults
    store.close()
    dialect = store.engine.dialect.name
    entries = 2 * members * PER_MEMBER
    return Measured(dialect, bare, single, batch, options.orders, entries, lookups, selects)


def _earn(books: Books, count: int, day: str) -> None:
    answers = books.post_many(earnings(count, day))
    assert all(isinstance(each, Posted) for each in answers)


def _redeem(books: Books, number: int) -> None:
    for n in range(SINGLES):
        books.post(Redeem(f"till:{number}:{n}", member(n * 7), 1, "till"))


def _fill(store: Store, members: int) -> None:
    """Rows of many members, behind those that are there."""
    series, offset = SERIES[store.engine.dialect.name], 100_000_000
    given = {
        "per": PER_MEMBER,
        "count": members,
        "end": int(END.timestamp() * 1e6),
        "id": f"({offset} + n * {PER_MEMBER} + m)",
        "members": series.format(members, "n", f"(-{offset})"),
        "months": series.format(PER_MEMBER, "m", 1),
    }
    with store.write(durable=False) as tx:
        for table, select in BULK.items():
            rows = select.format(**given).replace("SELECT 1, 'bulk'", f"SELECT {offset}, 'bulk'")
            rows = rows.replace("0, 1, ", f"0, {offset}, ") if table == "entry" else rows
            tx.connection.exec_driver_sql(f"INSERT INTO {table} {rows}")
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _look(store: Store, books: Books, members: int) -> tuple[list[float], list[float]]:
    """Balances of members here and there, each beside a bare SELECT of its account."""
    lookups, selects = [], []
    for n in range(LOOKUPS):
        number = 100_000_000 + n * 7919 % members + 1
        selects.append(seconds(partial(_select, store, number)))
        lookups.append(seconds(partial(_balance, books, number)))
    return lookups, selects


def _select(store: Store, number: int) -> None:
    query = (
        "SELECT balance FROM account WHERE unit = 'bulk' AND holder = :holder AND kind = 'points'"
    )
    with store.read() as tx:
        row = tx.connection.execute(sa.text(query), {"holder": str(number)}).one()
    assert row == (100 * PER_MEMBER,)


def _balance(books: Books, number: int) -> None:
    assert books.balance(Member("bulk", str(number))).points == 100 * PER_MEMBER


def percentile(times: Sequence[float], share: int) -> float:
    """In milliseconds."""
    return statistics.quantiles(times, n=100)[share - 1] * 1000


def row(m: Measured) -> str:
    """One line of the table."""
    ratios = sorted(s / b for s, b in zip(m.single, m.bare, strict=True))
    best = min(m.batch_s)
    return (
        f"| {m.database} | {statistics.median(m.bare):,.0f} | {statistics.median(m.single):,.0f} "
        f"| {m.ratio:.2f} ({ratios[0]:.2f} - {ratios[-1]:.2f}) "
        f"| {m.batch_s[0]:.1f}, {m.batch_s[1]:.1f} | {m.orders / best:,.0f} "
        f"| {percentile(m.lookups, 50):.2f} | {percentile(m.lookups, 99):.2f} "
        f"| {percentile(m.selects, 50):.2f} | {percentile(m.selects, 99):.2f} |"
    )


def section(measured: Sequence[Measured], rounds: int) -> str:
    """What is written."""
    head = (
        f"## Books\n\nWritten by `POSTGRES_FSYNC=on .ci/postgres python bench/books/books.py`: Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, {rounds} rounds of {SINGLES}. SQLite "
        f"with synchronous=FULL and the server with fsync, both on a disk. {measured[0].orders:,} earnings "
        f"of a day in one batch, to 60,000 members, twice: the members are new, then known. Balances "
        f"of {LOOKUPS:,} members among {measured[0].entries:,} lines, {PER_MEMBER} lots each, beside "
        f"a SELECT of the account's row in a snapshot of its own.\n\n"
    )
    names = (
        "database|bare commits/s|transfers/s|× bare (min - max)|day of orders s|earns/s"
        "|balance p50 ms|p99 ms|SELECT p50 ms|p99 ms"
    ).split("|")
    table = [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *map(row, measured)]
    return head + "\n".join(table)


def main() -> None:
    """Measure; write, unless it was a small one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="let the books be checked at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(url, options) for url in databases(Path(folder), "books")]
    text = section(measured, options.rounds)
    print(text)
    if len(sys.argv) == 1:
        keep(text, "books")


if __name__ == "__main__":
    main()
