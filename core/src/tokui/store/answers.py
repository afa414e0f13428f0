"""What people, and the sources themselves, said of two customers: it holds whatever rules say."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel

from tokui.store.engine import Transaction, among
from tokui.store.tables import AnswerRow, columns

AT = columns(AnswerRow)

Verdict = Literal["same", "different"]
Pair = tuple[int, int]
"""Two customer ids, the lower first."""

SOURCE = "source"


class Answer(NamedTuple):
    """
    An answer in force.

    Attributes:
        pair: The two customers.
        actor: `source` or `staff:NAME`.
        decision_id: The decision that gave it.
    """

    pair: Pair
    verdict: Verdict
    actor: str
    decision_id: int


def pair(one: int, other: int) -> Pair:
    """The key of two customers, whichever comes first."""
    return (one, other) if one < other else (other, one)


def put(tx: Transaction, said: Sequence[Answer]) -> None:
    """Keep answers, each over an older one; a source's never over a person's."""
    human = {each.pair for each in touching(tx, _ends(said)) if each.actor != SOURCE}
    tx.upsert(
        AnswerRow,
        [
            (*each.pair, each.verdict, each.actor, each.decision_id)
            for each in said
            if each.actor != SOURCE or each.pair not in human
        ],
    )


def lift(tx: Transaction, pairs: Iterable[Pair]) -> None:
    """Take answers back."""
    gone = sa.delete(AnswerRow).where(
        AT.left_id == sa.bindparam("left"), AT.right_id == sa.bindparam("right")
    )
    if many := [{"left": left, "right": right} for left, right in pairs]:
        tx.connection.execute(gone, many)


def touching(tx: Transaction, customers: Collection[int]) -> list[Answer]:
    """The answers on any of these customers, by pair."""
    if not customers:
        return []
    return [
        Answer((left, right), *rest)
        for left, right, *rest in tx.among(of_either(AnswerRow, tx.dialect), customers)
    ]


def within(tx: Transaction, customers: Collection[int]) -> dict[Pair, Verdict]:
    """What is said of these customers among themselves."""
    here = set(customers)
    return {
        each.pair: each.verdict
        for each in touching(tx, here)
        if each.pair[0] in here and each.pair[1] in here
    }


def every(tx: Transaction) -> list[Answer]:
    """All answers in force, by pair."""
    query = sa.select(*AT).order_by(AT.left_id, AT.right_id)
    return [Answer((left, right), *rest) for left, right, *rest in tx.all(query)]


def _ends(said: Iterable[Answer]) -> set[int]:
    return {customer for each in said for customer in each.pair}


@cache
def of_either(table: type[SQLModel], dialect: str) -> sa.Select[Any]:
    """
    Rows of a table of pairs that are about any of these customers, by pair.

    Either end is found by its own index; UNION sorts out what is found by both.
    """
    at = columns(table)
    left = sa.select(*at).where(among(at.left_id, dialect))
    right = sa.select(*at).where(among(at.right_id, dialect))
    both = sa.union(left, right).subquery()
    return sa.select(both).order_by(both.c.left_id, both.c.right_id)
