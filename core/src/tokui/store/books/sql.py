"""
Many rows by one statement, each under a condition; the database says how many it wrote.

PostgreSQL takes the rows as one array for each column, which costs a fifth of a statement for each row;
SQLite takes a row at a time, which costs it nothing.
"""

from collections.abc import Sequence
from functools import cache

from sqlmodel import SQLModel

from tokui.store.engine import Row, Transaction
from tokui.store.tables import columns

Names = tuple[str, ...]


def insert(tx: Transaction, table: type[SQLModel], rows: Sequence[Row]) -> bool:
    """Write rows, in the order of the table's columns; True when no key of them was taken."""
    return _run(tx, _insert(table, tx.dialect), rows)


def swap(
    tx: Transaction, table: type[SQLModel], names: Names, seen: Names, rows: Sequence[Row]
) -> bool:
    """
    Overwrite columns of rows that are still as they were seen; True when all of them were.

    Each row gives the new values, its id, and the values seen.
    """
    return _run(tx, _update(table, names, seen, tx.dialect), rows)


def add(tx: Transaction, table: type[SQLModel], name: str, rows: Sequence[Row]) -> bool:
    """Add to a column; each row says how much, and its id."""
    return _run(tx, _update(table, (name,), (), tx.dialect, more=True), rows)


def _run(tx: Transaction, statement: str, rows: Sequence[Row]) -> bool:
    if not rows:
        return True
    cursor = tx.connection.connection.cursor()
    if tx.dialect == "postgresql":
        cursor.execute(statement, [list(each) for each in zip(*rows, strict=True)])
    else:
        cursor.executemany(statement, rows)
    return bool(cursor.rowcount == len(rows))


@cache
def _insert(table: type[SQLModel], dialect: str) -> str:
    names = tuple(column.name for column in columns(table))
    return (
        f"INSERT INTO {table.__tablename__} ({', '.join(names)}) "
        f"{_values(table, names, dialect)} ON CONFLICT DO NOTHING"
    )


def _values(table: type[SQLModel], names: Names, dialect: str) -> str:
    if dialect == "postgresql":
        return f"SELECT * FROM {_arrays(table, names)}"  # noqa: S608 - names of our own tables
    return f"VALUES ({', '.join('?' for _ in names)})"


@cache
def _update(
    table: type[SQLModel], names: Names, seen: Names, dialect: str, more: bool = False
) -> str:
    own, given = table.__tablename__, ("id", *seen)
    if dialect == "postgresql":
        fresh = [f"now{n}" for n in range(len(names))]
        was = [f"was{n}" for n in range(len(given))]
        source = f" FROM {_arrays(table, (*names, *given))} AS seen ({', '.join((*fresh, *was))})"
    else:
        fresh, was, source = ["?"] * len(names), ["?"] * len(given), ""
    plus = [f"{own}.{name} + " if more else "" for name in names]
    sets = ", ".join(
        f"{name} = {old}{new}" for name, old, new in zip(names, plus, fresh, strict=True)
    )
    same = " AND ".join(f"{own}.{name} = {old}" for name, old in zip(given, was, strict=True))
    return f"UPDATE {own} SET {sets}{source} WHERE {same}"  # noqa: S608


def _arrays(table: type[SQLModel], names: Names) -> str:
    """A table out of one parameter for each column."""
    at = columns(table)
    types = (str(at[name].type).partition(" COLLATE ")[0] for name in names)
    return f"unnest({', '.join(f'%s::{each}[]' for each in types)})"
