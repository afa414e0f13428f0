"""
One database, SQLite or PostgreSQL, with one writer at a time.

Write transactions are serialised on both: `BEGIN IMMEDIATE` on SQLite, an advisory lock on
PostgreSQL. So keys are given out, links decided and changes numbered in the order of commits.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from tokui.errors import StoreError
from tokui.model import microseconds
from tokui.store import driver, statements
from tokui.store.tables import CounterRow, columns
from tokui.store.trouble import mapped

WRITER_LOCK = 0x746F6B7569  # "tokui"; any fixed number does

STREAMED = 10_000
"""Rows in memory at a time, where there are many."""

Row = tuple[Any, ...]

_FIRST = itemgetter(0)


class Transaction:
    """
    One transaction, read or write. Not shared between threads.

    Attributes:
        connection: For SQL of the store's own modules.
        dialect: `sqlite` or `postgresql`.
        now_us: When it began, microseconds since 1970.
    """

    def __init__(self, connection: sa.Connection, now_us: int) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.now_us = now_us

    def all(self, query: sa.Executable, **given: Any) -> Sequence[Any]:
        """Every row of a query."""
        return self.connection.execute(query, given).all()

    def stream(
        self, query: sa.Executable, given: Mapping[str, object] | None = None
    ) -> Iterator[Any]:
        """
        Every row of a query, a part of them in memory at a time.

        As SQLite's driver gives them, which reads when it is asked: SQLAlchemy's rows cost more.
        """
        options = {"stream_results": True, "yield_per": STREAMED}
        if self.dialect == "sqlite":
            with self.connection.execute(query, given) as found:
                yield from chain.from_iterable(iter(lambda: found.cursor.fetchmany(STREAMED), []))
        else:
            with self.connection.execute(query, given, execution_options=options) as found:
                yield from chain.from_iterable(found.partitions())

    def among(self, query: sa.Executable, values: Iterable[object], **given: Any) -> Sequence[Any]:
        """
        Every row of a query that has `among(column, …)` in it.

        As the driver gives them: SQLAlchemy's rows cost more than the database's work.
        """
        many = list(values)
        if not many:
            return ()
        found = self.connection.execute(query, {"among": self.as_one(many), **given})
        rows: Sequence[Any] = found.cursor.fetchall()
        found.close()
        return rows

    def named(self, query: sa.Executable, values: Iterable[object], **given: Any) -> Sequence[Any]:
        """The same, for few rows, with their columns by name."""
        many = list(values)
        return self.all(query, among=self.as_one(many), **given) if many else ()

    def upsert(self, table: type[SQLModel], rows: Sequence[Row]) -> None:
        """
        Write rows, each a tuple in the order of the table's columns.

        A row whose primary key is there already is overwritten. The statement is compiled once from
        the table and run by `executemany` on the driver: SQLAlchemy's own costs twice as much.
        Columns that all rows leave empty are left out: SQLite's driver is slow to hand a None over. The
        rows go in the order of their first column, so that neighbours meet their page of the B-tree.
        """
        if rows:
            rows = sorted(rows, key=_FIRST)
            full = _full(rows)
            statement = statements.upsert(table, full, self.dialect)
            many = rows if len(full) == len(rows[0]) else list(map(itemgetter(*full), rows))
            self.connection.connection.cursor().executemany(statement, many)

    def update(self, table: type[SQLModel], names: tuple[str, ...], rows: Sequence[Row]) -> None:
        """Overwrite these columns of rows that are there; each row gives them, then its key."""
        if rows:
            statement = statements.update(table, names, self.dialect)
            self.connection.connection.cursor().executemany(statement, rows)

    def delete(self, table: type[SQLModel], column: str, values: Iterable[object]) -> None:
        """Delete the rows that have one of the values in a column; the column needs an index."""
        many = list(values)
        if many:
            matches = among(columns(table)[column], self.dialect)
            self.connection.execute(sa.delete(table).where(matches), {"among": self.as_one(many)})

    def as_one(self, values: list[object]) -> object:
        """Many values as the one parameter of `among`."""
        return values if self.dialect == "postgresql" else json.dumps(values)

    def allocate(self, name: str, count: int) -> Iterator[int]:
        """Give out `count` integer keys that were never given out before."""
        if not count:
            return iter(())
        cursor = self.connection.connection.cursor()
        cursor.execute(statements.bump(self.dialect), (name, count))
        (last,) = cursor.fetchone() or (0,)
        return iter(range(last - count + 1, last + 1))

    def allocated(self, name: str) -> int:
        """The last key given out; 0 before the first."""
        counter = columns(CounterRow)
        query = sa.select(counter.value).where(counter.name == name)
        return self.connection.execute(query).scalar() or 0


def _full(rows: Sequence[Row]) -> tuple[int, ...]:
    """The places in which any row has something; all, if it were but one."""
    every = range(len(rows[0]))
    empty = [at for at in every if rows[0][at] is None]
    empty = [at for at in empty if set(map(itemgetter(at), rows)) == {None}]
    full = tuple([at for at in every if at not in empty])
    return full if len(full) > 1 else tuple(every)


def among(column: Any, dialect: str) -> Any:
    """
    `column IN (…)` for any number of values, given as the one parameter `among`.

    SQLAlchemy's own `in_` spends more on each value than the database does.
    """
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam("among", type_=sa.ARRAY(column.type)))
    return column.in_(
        sa.select(sa.func.json_each(sa.bindparam("among")).table_valued("value").c.value)
    )


def listed(column: Any, dialect: str) -> Any:
    """The values of the one parameter `among` as a table with the column `value`, of a column's type."""
    values: sa.BindParameter[Any] = sa.bindparam("among")
    if dialect == "postgresql":
        values = sa.bindparam("among", type_=sa.ARRAY(column.type))
        return sa.func.unnest(values).table_valued("value").render_derived(name="wanted")
    return sa.func.json_each(values).table_valued("value", name="wanted")


class Store:
    """
    The database.

    Attributes:
        engine: For `tokui.store` only.
    """

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self._now = now
        self._writer = threading.Lock()

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> "Store":
        """
        Connect to `sqlite:///file` or `postgresql+psycopg://…`; creates no tables.

        Raises:
            StoreError: No such kind of database.
        """
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(driver.sqlite(parsed), now)
        if parsed.get_backend_name() == "postgresql":
            return cls(driver.postgresql(parsed), now)
        raise StoreError(
            f"cannot keep data in {parsed.get_backend_name()}",
            who="store",
            todo="use a sqlite:/// or postgresql+psycopg:// URL",
        )

    def close(self) -> None:
        """Close all connections; one that a thread left behind still uses, when it gives it back."""
        sa.event.listen(self.engine.pool, "checkin", lambda _, record: record.invalidate())
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One snapshot. Never blocks a writer, never sees half of one."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with mapped(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(**options)
            with connection.begin():
                yield Transaction(connection, self.now_us())

    @contextmanager
    def write(self, *, durable: bool = True, dry_run: bool = False) -> Iterator[Transaction]:
        """
        One write transaction: all of it, or nothing.

        Args:
            durable: Wait until it survives a power cut. False is enough for what can be read again
                from its source: a power cut may undo the last commits, whole.
            dry_run: Roll back at the end.

        Raises:
            StoreBusy: Another process held the store for longer than 10 s.
            StoreFull: No space; nothing was written.
        """
        with mapped(), self._writer, self.engine.connect() as connection:
            driver.begin(connection, durable)
            with connection.begin() as transaction:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
                yield Transaction(connection, self.now_us())
                if dry_run:
                    transaction.rollback()

    def now_us(self) -> int:
        """The present moment, microseconds since 1970."""
        return microseconds(self._now())
