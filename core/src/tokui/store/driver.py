"""What SQLite and PostgreSQL are told, so that both behave alike."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from tokui.store.trouble import BUSY_TIMEOUT_S


def sqlite(url: sa.URL) -> sa.Engine:
    """A file, which is made with its folder where there is none, or memory."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})

    @sa.event.listens_for(engine, "connect")
    def _connect(driver: sqlite3.Connection, _: object) -> None:
        driver.isolation_level = None  # tokui says BEGIN itself
        driver.execute("PRAGMA journal_mode=WAL")
        driver.execute("PRAGMA cache_size=-8000")  # KiB, for what a commit looks at and writes
        driver.execute("PRAGMA wal_autocheckpoint=4000")  # pages: those of every commit go once

    @sa.event.listens_for(engine, "begin")
    def _begin_snapshot(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.info.pop("begin", "BEGIN"))

    return engine


def postgresql(url: sa.URL) -> sa.Engine:
    """A server; nobody waits for a lock there for longer than for a file."""
    own = url.query.get("options", "")
    options = f"-c lock_timeout={int(BUSY_TIMEOUT_S * 1000)} {own if isinstance(own, str) else ''}"
    return sa.create_engine(url, connect_args={"options": options}, pool_pre_ping=True)


def begin(connection: sa.Connection, durable: bool) -> None:
    """The next transaction of this connection writes."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - narrows the type
        driver.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.info["begin"] = "BEGIN IMMEDIATE"
