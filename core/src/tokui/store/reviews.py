"""Pairs of customers that people should look at."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from pydantic import JsonValue
from pydantic_core import to_json
from sqlmodel import SQLModel

from tokui.model import moment
from tokui.store import answers
from tokui.store.answers import Pair
from tokui.store.engine import Transaction, among
from tokui.store.tables import AnswerRow, CustomerRow, ReviewRow, columns

AT, SAID, CUSTOMER = columns(ReviewRow), columns(AnswerRow), columns(CustomerRow)


class Question(NamedTuple):
    """
    A pair to be asked about; figures as in `ReviewRow`.

    Attributes:
        pair: The two customers.
        evidence: What is known, without personal data.
    """

    pair: Pair
    score: int
    gain: int
    reason: str
    evidence: JsonValue = None


class Review(NamedTuple):
    """A question that waits for its answer, and since when."""

    question: Question
    at: datetime


def put(tx: Transaction, asked: Sequence[Question]) -> None:
    """
    Ask, unless it is answered.

    A pair that waits already takes the newer figures, and keeps its time.
    """
    if asked:
        ends = {customer for each in asked for customer in each.pair}
        _write(tx, asked, _waiting(tx, ends))


def replace(tx: Transaction, customers: Collection[int], asked: Sequence[Question]) -> None:
    """Ask this, and nothing else, about these customers; as `put` does."""
    waiting = _waiting(tx, customers) if customers else {}
    drop(tx, waiting.keys() - {each.pair for each in asked})
    if asked:
        _write(tx, asked, waiting)


def _waiting(tx: Transaction, customers: Collection[int]) -> dict[Pair, int]:
    """What is asked about any of these customers, since when."""
    found = tx.among(_pairs(tx.dialect), customers)
    return {(left, right): at for left, right, at in found}


def _write(tx: Transaction, asked: Sequence[Question], since: Mapping[Pair, int]) -> None:
    ends = {customer for each in asked for customer in each.pair}
    answered = {each.pair for each in answers.touching(tx, ends)}
    tx.upsert(
        ReviewRow,
        [
            (
                *each.pair,
                each.score,
                each.gain,
                each.reason,
                to_json(each.evidence).decode(),
                since.get(each.pair, tx.now_us),
            )
            for each in asked
            if each.pair not in answered
        ],
    )


def ranked(tx: Transaction, limit: int = 100) -> list[Review]:
    """What is worth most first; at most `limit`."""
    order = (AT.gain.desc(), AT.left_id, AT.right_id)
    return [_review(*row) for row in tx.all(sa.select(*AT).order_by(*order).limit(limit))]


def pairs(tx: Transaction) -> Sequence[Any]:
    """Everything that is asked."""
    return tx.all(sa.select(AT.left_id, AT.right_id))


def count(tx: Transaction) -> int:
    """How many wait."""
    return tx.connection.execute(sa.select(sa.func.count()).select_from(ReviewRow)).scalar_one()


def touching(tx: Transaction, customers: Collection[int]) -> list[Review]:
    """What is asked about any of these customers."""
    return [_review(*row) for row in tx.among(answers.of_either(ReviewRow, tx.dialect), customers)]


def drop(tx: Transaction, pairs: Iterable[Pair]) -> None:
    """Ask no more about these."""
    gone = sa.delete(ReviewRow).where(
        AT.left_id == sa.bindparam("left"), AT.right_id == sa.bindparam("right")
    )
    if many := [{"left": left, "right": right} for left, right in pairs]:
        tx.connection.execute(gone, many)


def drop_about(tx: Transaction, customers: Collection[int]) -> None:
    """Ask no more about customers who are there no more."""
    for end in ("left_id", "right_id"):
        tx.delete(ReviewRow, end, customers)


def drop_within(tx: Transaction, profiles: Collection[int]) -> None:
    """Ask no more about two customers who are both of one of these profiles."""
    if not profiles:
        return
    query = sa.select(CUSTOMER.id, CUSTOMER.profile_id)
    rows = tx.among(query.where(among(CUSTOMER.profile_id, tx.dialect)), profiles)
    drop_settled(tx, {row[0]: row[1] for row in rows})


def drop_settled(tx: Transaction, home: Mapping[int, int]) -> None:
    """The same for customers of whom it is known which profile they have."""
    asked = (each.question.pair for each in touching(tx, home.keys())) if home else ()
    drop(tx, [both for both in asked if home.get(both[0], 0) == home.get(both[1], -1)])


def pointless(tx: Transaction, limit: int = 100) -> list[Pair]:
    """Pairs that need no answer: they have it, one profile has both, or one is there no more."""
    customer = SQLModel.metadata.tables["customer"]
    left, right = customer.alias(), customer.alias()
    query = (
        sa.select(AT.left_id, AT.right_id)
        .select_from(ReviewRow)
        .outerjoin(left, left.c.id == AT.left_id)
        .outerjoin(right, right.c.id == AT.right_id)
        .outerjoin(AnswerRow, sa.and_(SAID.left_id == AT.left_id, SAID.right_id == AT.right_id))
        .where(
            sa.or_(
                SAID.verdict.is_not(None),
                left.c.id.is_(None),
                right.c.id.is_(None),
                left.c.gone_at.is_not(None),
                right.c.gone_at.is_not(None),
                left.c.profile_id == right.c.profile_id,
            )
        )
    )
    return [tuple(row) for row in tx.all(query.limit(limit))]


def _review(
    left: int, right: int, score: int, gain: int, reason: str, evidence: str, at: int
) -> Review:
    said = cast("JsonValue", json.loads(evidence))
    return Review(Question((left, right), score, gain, reason, said), moment(at))


@cache
def _pairs(dialect: str) -> sa.CompoundSelect[Any]:
    query = sa.select(AT.left_id, AT.right_id, AT.at)
    left, right = (query.where(among(end, dialect)) for end in (AT.left_id, AT.right_id))
    return sa.union(left, right)
