"""The log of decisions on who is who, and what each of them moved. Append-only."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from pydantic import JsonValue
from pydantic_core import to_json

from tokui.model import moment
from tokui.store import answers
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, DecisionRow, MoveRow, columns

AT, MOVE, CUSTOMER = columns(DecisionRow), columns(MoveRow), columns(CustomerRow)


class Move(NamedTuple):
    """A customer on its way from one profile to another; `from_id` None: it had none yet."""

    customer_id: int
    from_id: int | None
    to_id: int


class Decided(NamedTuple):
    """
    A decision to be written.

    Attributes:
        kind: As in `DecisionRow`.
        actor: `rule`, `batch`, `source` or `staff:NAME`.
        rule: Name and version of the rule; None for people's and sources' own word.
        profile_id: The profile that stays, or that others left.
        evidence: Reasons, without personal data.
        moves: Whom it moves.
        between: The pair of customers whose likeness decided; an undo of an earlier decision
            follows it.
        reverts: The decision that it takes back.
    """

    kind: str
    actor: str
    rule: str | None
    profile_id: int | None
    evidence: JsonValue = None
    moves: Sequence[Move] = ()
    between: tuple[int, int] | None = None
    reverts: int | None = None


class Decision(NamedTuple):
    """A decision of the log, with its number and time; the rest as in `Decided`."""

    id: int
    kind: str
    actor: str
    rule: str | None
    profile_id: int | None
    evidence: JsonValue
    moves: Sequence[Move]
    between: tuple[int, int] | None
    reverts: int | None
    at: datetime


def append(tx: Transaction, decided: Sequence[Decided]) -> list[int]:
    """Write decisions and their moves; the numbers that they got. The links are the caller's work."""
    ids = list(tx.allocate("row", len(decided)))
    tx.upsert(
        DecisionRow, [_row(tx, number, each) for number, each in zip(ids, decided, strict=True)]
    )
    tx.upsert(
        MoveRow,
        [
            (move.customer_id, number, move.from_id, move.to_id)
            for number, each in zip(ids, decided, strict=True)
            for move in each.moves
        ],
    )
    return ids


def one(tx: Transaction, decision_id: int) -> Decision | None:
    """The decision of that number."""
    return next(iter(some(tx, [decision_id])), None)


def some(tx: Transaction, ids: Iterable[int]) -> list[Decision]:
    """The decisions of these numbers, the first one first."""
    wanted = set(ids)
    moves = defaultdict(list)
    for number, *move in tx.among(_moves_of(tx.dialect), wanted):
        moves[number].append(Move(*move))
    return [_decision(row, moves) for row in tx.among(_some(tx.dialect), wanted)]


def about(
    tx: Transaction, customers: Iterable[int] = (), profiles: Iterable[int] = ()
) -> list[Decision]:
    """What moved, or speaks of, any of these customers and profiles; the first one first."""
    people = set(customers)
    found = {number for (number,) in tx.among(_moving(tx.dialect), people)} if people else set()
    found |= {number for (number,) in tx.among(_naming(tx.dialect), set(profiles))}
    return some(tx, found)


def of_profile(tx: Transaction, profile_id: int) -> list[Decision]:
    """A profile's history: all that names it, or moved or holds the customers that it has now."""
    query = sa.select(CUSTOMER.id).where(CUSTOMER.profile_id == profile_id)
    people = [row_id for (row_id,) in tx.all(query)]
    found = {each.id: each for each in about(tx, people, [profile_id])}
    holding = {each.decision_id for each in answers.touching(tx, people)}
    found.update((each.id, each) for each in some(tx, holding - found.keys()))
    return [found[number] for number in sorted(found)]


def taken_back(log: Iterable[Decision]) -> dict[int, int]:
    """Decisions that do not count → by which one; whoever takes that one back lets them count again."""
    return not_counting({each.id: each.reverts for each in log if each.reverts})


def not_counting(reverts: Mapping[int, int], also: int | None = None) -> dict[int, int]:
    """The same of decisions → the one that each takes back; as if one more were taken back `also`."""
    found: dict[int, int] = {} if also is None else {also: 0}
    for number, target in sorted(reverts.items(), reverse=True):
        if number not in found:
            found.setdefault(target, number)
    return found


def misplaced(tx: Transaction, limit: int = 100) -> list[tuple[int, int, int]]:
    """
    Customers that are elsewhere than the log says: id, profile, and where the last move led.

    One walk along the moves, whatever their number.
    """
    last = (
        sa.select(MOVE.customer_id, sa.func.max(MOVE.decision_id).label("decision_id"))
        .group_by(MOVE.customer_id)
        .subquery()
    )
    query = (
        sa.select(CUSTOMER.id, CUSTOMER.profile_id, MOVE.to_id)
        .join_from(last, MoveRow, _same_move(last.c))
        .join(CustomerRow, CUSTOMER.id == last.c.customer_id)
        .where(CUSTOMER.profile_id != MOVE.to_id)
        .order_by(CUSTOMER.id)
    )
    return [tuple(row) for row in tx.all(query.limit(limit))]


def _same_move(other: Any) -> Any:
    return sa.and_(MOVE.customer_id == other.customer_id, MOVE.decision_id == other.decision_id)


def _row(tx: Transaction, number: int, each: Decided) -> tuple[Any, ...]:
    evidence = to_json(each.evidence).decode()
    left, right = each.between or (None, None)
    head = (number, each.kind, each.actor, each.rule, each.profile_id)
    return (*head, left, right, evidence, each.reverts, tx.now_us)


def _decision(row: Any, moves: Mapping[int, Sequence[Move]]) -> Decision:
    number, kind, actor, rule, profile_id, left, right, evidence, reverts, at = row
    said = cast("JsonValue", json.loads(evidence))
    between = None if left is None or right is None else (left, right)
    mine = tuple(moves.get(number, ()))
    head = (number, kind, actor, rule, profile_id)
    return Decision(*head, said, mine, between, reverts, moment(at))


def names(decisions: Iterable[Decision]) -> Iterator[int]:
    """Every profile that they speak of."""
    for each in decisions:
        if each.profile_id is not None:
            yield each.profile_id
        for move in each.moves:
            yield move.to_id
            if move.from_id is not None:
                yield move.from_id


@cache
def _some(dialect: str) -> sa.Select[Any]:
    return sa.select(*AT).where(among(AT.id, dialect)).order_by(AT.id)


@cache
def _moves_of(dialect: str) -> sa.Select[Any]:
    query = sa.select(MOVE.decision_id, MOVE.customer_id, MOVE.from_id, MOVE.to_id)
    return query.where(among(MOVE.decision_id, dialect)).order_by(MOVE.customer_id)


@cache
def _moving(dialect: str) -> sa.Select[Any]:
    return sa.select(MOVE.decision_id).where(among(MOVE.customer_id, dialect)).distinct()


@cache
def _naming(dialect: str) -> sa.Select[Any]:
    return sa.select(AT.id).where(among(AT.profile_id, dialect))
