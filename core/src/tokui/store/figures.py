"""How many customers, profiles and open questions there are."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from tokui.store import dirty
from tokui.store.engine import Transaction
from tokui.store.tables import AnswerRow, CustomerRow, ReviewRow, SharedValueRow, columns

CUSTOMER, REVIEW = columns(CustomerRow), columns(ReviewRow)
ANSWER, SHARED = columns(AnswerRow), columns(SharedValueRow)


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The state of who is who.

    Attributes:
        customers: Records of persons that their sources still have.
        profiles: Persons that these are.
        sizes: Customers of a profile → profiles of that size.
        shared: Kind of identifier → values that say nothing of who somebody is.
        questions: Reason → pairs that people are asked about.
        answers: Verdict → pairs that somebody, or the source itself, has answered.
        dirty: Customers that the next batch pass looks at.
    """

    customers: int
    profiles: int
    sizes: dict[int, int]
    shared: dict[str, int]
    questions: dict[str, int]
    answers: dict[str, int]
    dirty: int


def figures(tx: Transaction) -> Figures:
    """Count; walks over all customers once."""
    sizes = _sizes(tx)
    return Figures(
        customers=sum(size * many for size, many in sizes.items()),
        profiles=sum(sizes.values()),
        sizes=sizes,
        shared=_shared(tx),
        questions=_by(tx, REVIEW.reason),
        answers=_by(tx, ANSWER.verdict),
        dirty=dirty.count(tx),
    )


def _sizes(tx: Transaction) -> dict[int, int]:
    living = sa.select(sa.func.count().label("size")).where(CUSTOMER.gone_at.is_(None))
    each = living.group_by(CUSTOMER.profile_id).subquery()
    query = sa.select(each.c.size, sa.func.count()).group_by(each.c.size).order_by(each.c.size)
    return {row[0]: row[1] for row in tx.all(query)}


def _shared(tx: Transaction) -> dict[str, int]:
    kinds = (token.partition(":")[0] for (token,) in tx.all(sa.select(SHARED.token)))
    return dict(sorted(Counter(kinds).items()))


def _by(tx: Transaction, column: "sa.ColumnElement[str]") -> dict[str, int]:
    query = sa.select(column, sa.func.count()).group_by(column).order_by(column)
    return {row[0]: row[1] for row in tx.all(query)}
