"""Whether links, aliases, answers and the log agree: questions that the database answers whole."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import SQLModel

from tokui.store.answers import Pair, Verdict
from tokui.store.engine import Transaction
from tokui.store.tables import AliasRow, AnswerRow, CustomerRow, MoveRow, columns

CUSTOMER, ALIAS, ANSWER = columns(CustomerRow), columns(AliasRow), columns(AnswerRow)
MOVE = columns(MoveRow)

LIMIT = 1000
"""At most so many rows of an answer: what is wrong a thousand times is not better known by more."""


def unexplained(tx: Transaction) -> list[int]:
    """Profiles with several customers of whom the log says nothing: only its founder needs no move."""
    moved = sa.exists().where(MOVE.customer_id == CUSTOMER.id)
    query = sa.select(CUSTOMER.profile_id).where(~moved).group_by(CUSTOMER.profile_id)
    crowded = query.having(sa.func.count() > 1).order_by(CUSTOMER.profile_id)
    return [profile for (profile,) in tx.all(crowded.limit(LIMIT))]


def dangling(tx: Transaction) -> list[int]:
    """Old profile ids that mean a profile without customers."""
    alive = sa.exists().where(CUSTOMER.profile_id == ALIAS.into_id)
    query = sa.select(ALIAS.profile_id).where(~alive).order_by(ALIAS.profile_id)
    return [profile for (profile,) in tx.all(query.limit(LIMIT))]


def ambiguous(tx: Transaction) -> list[int]:
    """Profile ids that mean another profile, and have customers of their own."""
    alive = sa.exists().where(CUSTOMER.profile_id == ALIAS.profile_id)
    query = sa.select(ALIAS.profile_id).where(alive).order_by(ALIAS.profile_id)
    return [profile for (profile,) in tx.all(query.limit(LIMIT))]


def lost(tx: Transaction) -> list[int]:
    """Profile ids that customers left, and that mean nothing now."""
    alive = sa.exists().where(CUSTOMER.profile_id == MOVE.from_id)
    known = sa.exists().where(ALIAS.profile_id == MOVE.from_id)
    query = sa.select(MOVE.from_id).distinct().where(MOVE.from_id.is_not(None), ~alive, ~known)
    return [profile for (profile,) in tx.all(query.order_by(MOVE.from_id).limit(LIMIT))]


def disobeyed(tx: Transaction) -> Iterator[tuple[Pair, Verdict]]:
    """Answers that the links do not follow."""
    customer = SQLModel.metadata.tables["customer"]
    left, right = customer.alias(), customer.alias()
    together = left.c.profile_id == right.c.profile_id
    query = (
        sa.select(ANSWER.left_id, ANSWER.right_id, ANSWER.verdict)
        .select_from(AnswerRow)
        .join(left, left.c.id == ANSWER.left_id)
        .join(right, right.c.id == ANSWER.right_id)
        .where(together != (ANSWER.verdict == "same"))
        .order_by(ANSWER.left_id, ANSWER.right_id)
    )
    for one, other, verdict in tx.all(query.limit(LIMIT)):
        yield (one, other), verdict
