"""
Pytest fixtures: a fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL needs a server: its URL stands in `TOKUI_TEST_POSTGRES`. Without one those tests are
skipped, and counted; with `TOKUI_REQUIRE_POSTGRES=1` or `CI=true` they fail instead.
"""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from tokui.store import schema
from tokui.store.engine import Store

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

_numbers = count(1)


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
def postgres_template(postgres_server: sa.Engine) -> Iterator[str]:
    """Name of a PostgreSQL database with all tables and no rows."""
    name = f"tokui_template_{os.getpid()}"
    _run(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0")
    _migrate(_url(postgres_server, name))
    yield name
    _drop(postgres_server, name)


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty ledger."""
    if request.param == "sqlite":
        file = tmp_path / "tokui.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    template: str = request.getfixturevalue("postgres_template")
    server: sa.Engine = request.getfixturevalue("postgres_server")
    name = f"tokui_{os.getpid()}_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _url(server, name)
    _drop(server, name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty ledger."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


def _without_server() -> None:
    reason = "no PostgreSQL: set TOKUI_TEST_POSTGRES, or run `.ci/postgres make test`"
    if os.environ.get("TOKUI_REQUIRE_POSTGRES") == "1" or os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _migrate(url: str) -> None:
    store = Store.open(url)
    schema.upgrade(store)
    store.close()


def _url(server: sa.Engine, database: str) -> str:
    return server.url.set(database=database).render_as_string(hide_password=False)


def _drop(server: sa.Engine, name: str) -> None:
    _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(server: sa.Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
