"""What was written on persons since a moment: figures only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.store.books import found as books
from tokui.store.engine import Transaction, among
from tokui.store.notes import HERE
from tokui.store.tables import (
    ConsentRow,
    EventRow,
    IdentifierRow,
    MessageRow,
    OrderRow,
    StepRow,
    columns,
)

ORDER, EVENT, CONSENT = columns(OrderRow), columns(EventRow), columns(ConsentRow)
MESSAGE, STEP, IDENTIFIER = columns(MessageRow), columns(StepRow), columns(IdentifierRow)


class Span(NamedTuple):
    """How many, and from when to when: microseconds since 1970."""

    number: int
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a kind a profile has."""

    profile_id: int
    kind: str
    span: Span


def since(tx: Transaction, homes: Mapping[int, int], at_us: int) -> list[Tally]:
    """
    Orders placed, notes and visits written here, consents kept, messages and points since then.

    Facts hang on customers, and points on numbers that customers bear, and neither ever moves; but
    who wrote them may have thought of someone else.

    Args:
        tx: A snapshot.
        homes: Customer → the profile to count it for.
        at_us: Microseconds since 1970.
    """
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for kind, query in _queries(tx.dialect).items():
        for customer_id, *span in tx.among(query, homes, since=at_us):
            found[homes[customer_id], kind].append(Span(*span))
    for profile_id, span in _points(tx, homes, at_us):
        found[profile_id, "points"].append(span)
    return [Tally(*key, _whole(spans)) for key, spans in sorted(found.items())]


def _points(tx: Transaction, homes: Mapping[int, int], at_us: int) -> Iterator[tuple[int, Span]]:
    """Which kind of identifier a programme goes by is its own affair: any may be one."""
    bearers: dict[str, set[int]] = defaultdict(set)
    for token, customer_id in tx.among(_borne(tx.dialect), homes):
        parts = token.split(":")
        for start in range(2, len(parts)):  # an issuer, and a value, may have colons
            bearers[":".join(parts[start:])].add(homes[customer_id])
    for number, *span in books.counted(tx, bearers, at_us):
        for profile_id in bearers[number]:
            yield profile_id, Span(*span)


def _whole(spans: list[Span]) -> Span:
    numbers, firsts, lasts = zip(*spans, strict=True)
    return Span(sum(numbers), min(firsts), max(lasts))


@cache
def _queries(dialect: str) -> dict[str, sa.Select[Any]]:
    begun = sa.select(sa.func.min(STEP.at)).where(STEP.message_id == MESSAGE.id)
    return {
        "order": _count(ORDER, ORDER.placed_at, dialect).where(ORDER.gone_at.is_(None)),
        "event": _count(EVENT, EVENT.occurred_at, dialect).where(EVENT.connection == HERE),
        "consent": _count(CONSENT, CONSENT.at, dialect),
        "message": _count(MESSAGE, begun.scalar_subquery(), dialect),
    }


def _count(at: Any, time: Any, dialect: str) -> sa.Select[Any]:
    query = sa.select(at.customer_id, sa.func.count(), sa.func.min(time), sa.func.max(time))
    recent = time >= sa.bindparam("since", type_=sa.BigInteger)
    return query.where(among(at.customer_id, dialect), recent).group_by(at.customer_id)


@cache
def _borne(dialect: str) -> sa.Select[Any]:
    query = sa.select(IDENTIFIER.token, IDENTIFIER.customer_id)
    return query.where(among(IDENTIFIER.customer_id, dialect))
