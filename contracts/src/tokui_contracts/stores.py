"""
Pytest fixtures: a fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL needs a server: its URL stands in `TOKUI_TEST_POSTGRES`. Without one those tests are
skipped, and counted; with `TOKUI_REQUIRE_POSTGRES=1` or `CI=true` they fail instead.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel
from tokui.store import schema
from tokui.store.engine import Store

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.Engine]:
    """The server that is lent to the tests; databases may be made and dropped there."""
    url = os.environ.get("TOKUI_TEST_POSTGRES")
    if not url:
        _without_server()
    admin = sa.create_engine(str(url), isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: sa.Engine) -> Iterator[sa.Engine]:
    """A database with all tables, which each test finds empty."""
    name = f"tokui_{os.getpid()}"
    _run(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0")
    database = sa.create_engine(postgres_server.url.set(database=name))
    _migrate(_text(database.url))
    yield database
    database.dispose()
    _run(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty ledger."""
    if request.param == "sqlite":
        file = tmp_path / "tokui.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    database: sa.Engine = request.getfixturevalue("postgres_database")
    with database.begin() as connection:
        _empty(connection)
    yield _text(database.url)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty ledger."""
    opened = Store.open(store_url)
    before = set(threading.enumerate())
    yield opened
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith(("sync-", "follow-")):  # given up by its run, let go by its test
            thread.join(30)
    opened.close()


def empty(store: Store) -> None:
    """Delete every row: a fresh ledger for the next example of a property."""
    with store.write() as tx:
        _empty(tx.connection)


def _empty(connection: sa.Connection) -> None:
    every = [str(sa.delete(each)) for each in reversed(SQLModel.metadata.sorted_tables)]
    at_once = connection.dialect.name == "postgresql"  # one round trip to the server
    for statement in ["; ".join(every)] if at_once else every:
        connection.exec_driver_sql(statement)


def _without_server() -> None:
    reason = "no PostgreSQL: set TOKUI_TEST_POSTGRES, or run `.ci/postgres make test`"
    if os.environ.get("TOKUI_REQUIRE_POSTGRES") == "1" or os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _migrate(url: str) -> None:
    store = Store.open(url)
    schema.upgrade(store)
    store.close()


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


def _run(server: sa.Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
