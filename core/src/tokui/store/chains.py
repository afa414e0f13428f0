"""
Chains: append-only logs whose lines are numbered without gaps, each sealed to the one before it.

A general primitive; only the core writes. A line may carry transfers: they stand in the books when it
stands in the chain, and neither stands without the other. Whoever appends says which line they have
seen last, so what was decided on it still holds when it is written.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from pydantic import JsonValue

from tokui.connector import Transfer
from tokui.failpoint import failpoint
from tokui.store.books import Raced, post_all, sql
from tokui.store.engine import Store, Transaction
from tokui.store.tables import ChainRow, columns

CHAIN = columns(ChainRow)


@dataclass(frozen=True, slots=True)
class Sealed:
    """
    One line.

    Attributes:
        n: From 0; it is in the body, too.
        hash: Seals it, and all before it.
    """

    n: int
    body: Mapping[str, JsonValue]
    hash: str


def canonical(body: Mapping[str, JsonValue]) -> str:
    """The one text of a body that is hashed."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def seal(before: Sealed | None, body: Mapping[str, JsonValue]) -> Sealed:
    """The line that follows another, or begins a chain."""
    n = before.n + 1 if before else 0
    numbered = {**body, "n": n}
    text = (before.hash if before else "") + canonical(numbered)
    return Sealed(n, numbered, sha256(text.encode()).hexdigest())


def last(tx: Transaction, chain: str) -> Sealed | None:
    """The newest line; None of a chain that has none."""
    return _one(tx, _lines(chain).order_by(CHAIN.n.desc()).limit(1))


def first(tx: Transaction, chain: str) -> Sealed | None:
    """The line that began it."""
    return _one(tx, _lines(chain).where(CHAIN.n == 0))


def keyed(tx: Transaction, chain: str, key: str) -> Sealed | None:
    """The line that was appended under a key."""
    return _one(tx, _lines(chain).where(CHAIN.key == key))


def lines(tx: Transaction, chain: str) -> Iterator[Sealed]:
    """All of them, in order."""
    return (_sealed(*row) for row in tx.stream(_lines(chain).order_by(CHAIN.n)))


def count(tx: Transaction, chain: str) -> int:
    """How many lines it has."""
    newest = last(tx, chain)
    return newest.n + 1 if newest else 0


def broken(tx: Transaction, chain: str) -> int | None:
    """The number of the first line that is not as it was written; None where all are."""
    before, wrong = None, list[int]()
    for n, line in enumerate(lines(tx, chain)):
        body = {name: value for name, value in line.body.items() if name != "n"}
        if line.n != n or line != seal(before, body):
            wrong.append(n)
        before = line
    return min(wrong, default=None)


def append(
    store: Store,
    chain: str,
    after: Sealed | None,
    key: str,
    body: Mapping[str, JsonValue],
    actor: str,
    transfers: Sequence[Transfer] = (),
) -> Sealed:
    """
    Add a line and post its transfers, all in one transaction.

    Args:
        store: It is durable there when this returns.
        chain: Which.
        after: The line seen last.
        key: No two lines of a chain have the same.
        body: What it says; its number is added.
        actor: Who says so.
        transfers: All of them are posted, or nothing is written.

    Raises:
        Raced: Another line came first, or the key has one already: look again.
        PolicyRefusal: The books refuse one of the transfers.
    """
    new = seal(after, body)
    with store.write() as tx:
        _append(tx, chain, after, key, actor, new)
        post_all(tx, transfers)
        failpoint("chain.commit")
    failpoint("chain.committed")
    return new


def _append(
    tx: Transaction, chain: str, after: Sealed | None, key: str, actor: str, new: Sealed
) -> None:
    row = (chain, new.n, key, canonical(new.body), new.hash, actor, tx.now_us)
    if last(tx, chain) != after or not sql.insert(tx, ChainRow, [row]):
        raise Raced("another line came first", who=chain, todo="try again")
    failpoint("chain.appended")


def _lines(chain: str) -> sa.Select[Any]:
    return sa.select(CHAIN.n, CHAIN.body, CHAIN.hash).where(CHAIN.chain == chain)


def _one(tx: Transaction, query: sa.Select[Any]) -> Sealed | None:
    return next((_sealed(*row) for row in tx.all(query)), None)


def _sealed(n: int, body: str, hash_: str) -> Sealed:
    return Sealed(n, json.loads(body), hash_)
