"""What a batch pass over the customers reads, and how it writes where they belong."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tokui.store import dirty, feed
from tokui.store.decisions import Move
from tokui.store.engine import Transaction, among
from tokui.store.tables import (
    AliasRow,
    ChangeRow,
    CustomerRow,
    IdentifierRow,
    SharedValueRow,
    columns,
)

CUSTOMER, CHANGE, ALIAS = columns(CustomerRow), columns(ChangeRow), columns(AliasRow)
IDENTIFIER, SHARED = columns(IdentifierRow), columns(SharedValueRow)

ABOUT_PEOPLE = ("customer", "merged", "split", "answer")
"""Changes after which a profile's customers have to be looked at again."""


class Watch:
    """
    Which profiles others change while a pass is at work.

    Attributes:
        profiles: On these something changed that identity depends on.
    """

    def __init__(self, tx: Transaction) -> None:
        self.profiles: set[int] = set()
        self._after(tx)

    def look(self, tx: Transaction) -> set[int]:
        """Take in what was committed since the last look."""
        changed = sa.select(CHANGE.profile_id).distinct()
        changed = changed.where(CHANGE.seq > self._change, CHANGE.what.in_(ABOUT_PEOPLE))
        self.profiles.update(profile_id for (profile_id,) in tx.all(changed))
        demoted = sa.select(SHARED.token).where(SHARED.decision_id > self._row)
        if tokens := [token for (token,) in tx.all(demoted)]:
            self.profiles.update(row[0] for row in tx.among(_bearing(tx.dialect), tokens))
        return self.profiles

    def passed(self, tx: Transaction) -> None:
        """What this transaction wrote is the pass's own."""
        self._after(tx)

    def _after(self, tx: Transaction) -> None:
        self._change, self._row = feed.last(tx), tx.allocated("row")


def highest(tx: Transaction) -> int:
    """The highest id of a customer; 0 when there is none."""
    return tx.connection.execute(sa.select(sa.func.max(CUSTOMER.id))).scalar() or 0


def every(tx: Transaction, after: int = 0, until: int | None = None) -> Iterator[Any]:
    """Every customer as (id, connection, profile id, features, gone at), by id; or some ids."""
    names = ("id", "connection", "profile_id", "features", "gone_at")
    query = sa.select(*(CUSTOMER[name] for name in names)).where(CUSTOMER.id > after)
    some = query if until is None else query.where(CUSTOMER.id <= until)
    yield from tx.stream(some.order_by(CUSTOMER.id))


def ids(tx: Transaction) -> Iterator[int]:
    """Every customer's id, ascending."""
    return (row_id for (row_id,) in tx.stream(sa.select(CUSTOMER.id).order_by(CUSTOMER.id)))


def homes(tx: Transaction) -> Iterator[tuple[int, int]]:
    """Every customer as (profile id, customer id), in this order."""
    query = sa.select(CUSTOMER.profile_id, CUSTOMER.id).order_by(CUSTOMER.profile_id, CUSTOMER.id)
    yield from tx.stream(query)


def companions(tx: Transaction, customers: Collection[int]) -> Sequence[Any]:
    """All customers of the profiles of these, as (profile id, customer id), in this order."""
    return tx.among(_companions(tx.dialect), customers)


def count(tx: Transaction) -> int:
    """How many customers there are, those of old included."""
    return tx.connection.execute(sa.select(sa.func.count(CUSTOMER.profile_id))).scalar_one()


def people(tx: Transaction, customers: Collection[int]) -> Sequence[Any]:
    """Customers as (id, connection, external id, profile id, features, gone at)."""
    return tx.among(_people(tx.dialect), customers)


def place(tx: Transaction, moves: Iterable[Move]) -> None:
    """Let customers be where they are moved; they are settled by that."""
    rows = [(move.to_id, move.customer_id) for move in moves]
    tx.update(CustomerRow, ("profile_id",), rows)
    dirty.settle(tx, [customer_id for _, customer_id in rows])


def rename(tx: Transaction, aliases: Mapping[int, int]) -> None:
    """Let these profile ids, and all that meant them, mean others."""
    meant = tx.among(_meaning(tx.dialect), aliases) if aliases else ()
    rows = {name: aliases[into] for name, into in meant} | dict(aliases)
    tx.upsert(AliasRow, list(rows.items()))


@cache
def _people(dialect: str) -> sa.Select[Any]:
    names = ("id", "connection", "external_id", "profile_id", "features", "gone_at")
    query = sa.select(*(CUSTOMER[name] for name in names))
    return query.where(among(CUSTOMER.id, dialect))


@cache
def _bearing(dialect: str) -> sa.Select[Any]:
    bearers = sa.select(IDENTIFIER.customer_id).where(among(IDENTIFIER.token, dialect))
    return sa.select(CUSTOMER.profile_id).where(CUSTOMER.id.in_(bearers))


@cache
def _meaning(dialect: str) -> sa.Select[Any]:
    return sa.select(ALIAS.profile_id, ALIAS.into_id).where(among(ALIAS.into_id, dialect))


@cache
def _companions(dialect: str) -> sa.Select[Any]:
    theirs = sa.select(CUSTOMER.profile_id).where(among(CUSTOMER.id, dialect))
    query = sa.select(CUSTOMER.profile_id, CUSTOMER.id).where(CUSTOMER.profile_id.in_(theirs))
    return query.order_by(CUSTOMER.profile_id, CUSTOMER.id)
