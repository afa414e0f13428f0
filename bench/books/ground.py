"""What the benchmarks of points stand on: databases, bare commits, a place for what they found."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from tokui.store.engine import Store

RESULTS = Path(__file__).parents[1] / "RESULTS.md"
SINGLES = 300
"""Commits that are measured at a time."""


def seconds(work: Callable[[], object]) -> float:
    """Of wall time."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def commit(store: Store) -> None:
    """`SINGLES` of them, each of one row."""
    for _ in range(SINGLES):
        with store.write() as tx:
            tx.connection.exec_driver_sql("UPDATE counter SET value = value + 1 WHERE name = 'lot'")


def databases(folder: Path, name: str) -> Iterator[str]:
    """A new file; and an empty database of the server that is lent, if there is one."""
    yield f"sqlite:///{folder}/{name}.sqlite3"
    if lent := os.environ.get("TOKUI_TEST_POSTGRES"):
        admin = sa.create_engine(lent, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS bench_{name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE bench_{name} TEMPLATE template0")
        yield admin.url.set(database=f"bench_{name}").render_as_string(hide_password=False)


def keep(text: str, name: str) -> None:
    """Replace the section of that name; others stay."""
    own = re.compile(rf"\n*<!-- {name} -->.*<!-- /{name} -->\n*", re.DOTALL)
    rest = own.sub("\n\n", RESULTS.read_text(encoding="utf-8")).rstrip()
    RESULTS.write_text(
        f"{rest}\n\n<!-- {name} -->\n\n{text}\n\n<!-- /{name} -->\n", encoding="utf-8"
    )
