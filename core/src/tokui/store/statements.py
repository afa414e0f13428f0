"""SQL for `executemany` on the driver, each statement compiled once from its table."""

from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from tokui.store.tables import CounterRow, columns

_PARAMSTYLE = {"postgresql": "format", "sqlite": "qmark"}


@cache
def _dialect(name: str) -> Any:
    """The dialect's module, imported when it is used: PostgreSQL's takes 50 ms."""
    return import_module(f"sqlalchemy.dialects.{name}")


@cache
def bump(dialect: str) -> str:
    """Add to a counter, or start it; gives back the sum. Parameters: name, how many."""
    counter = columns(CounterRow)
    start = _dialect(dialect).insert(CounterRow)
    more = counter.value + start.excluded.value
    bumped = start.on_conflict_do_update(index_elements=["name"], set_={"value": more})
    return _positional(bumped.returning(counter.value), dialect)


@cache
def upsert(table: type[SQLModel], full: tuple[int, ...], dialect: str) -> str:
    """
    Write a row over the one with its key. Parameters: the columns at the places of `full`, in order.

    All other columns become NULL.
    """
    keys = [column.name for column in columns(table) if column.primary_key]
    others = [column.name for column in columns(table) if not column.primary_key]
    given = [column for at, column in enumerate(columns(table)) if at in full]
    values: dict[Any, Any] = {column: sa.bindparam(column.name) for column in given}
    statement = _dialect(dialect).insert(table).values(values)
    fresh = {name: statement.excluded[name] for name in others}
    if fresh:
        written = statement.on_conflict_do_update(index_elements=keys, set_=fresh)
    else:
        written = statement.on_conflict_do_nothing()
    return _positional(written, dialect)


@cache
def update(table: type[SQLModel], names: tuple[str, ...], dialect: str) -> str:
    """Overwrite columns of the row with a key. Parameters: the columns, then the key."""
    at = columns(table)
    key = [column == sa.bindparam(f"key_{column.name}") for column in at if column.primary_key]
    fresh: dict[Any, Any] = {at[name]: sa.bindparam(f"new_{name}") for name in names}
    statement = sa.update(table).where(*key).ordered_values(*fresh.items())
    return _positional(statement, dialect)


def _positional(statement: sa.ClauseElement, dialect: str) -> str:
    """The statement's text for the driver, with its parameters in the order of writing."""
    style = _dialect(dialect).dialect(paramstyle=_PARAMSTYLE[dialect])
    return str(statement.compile(dialect=style))
