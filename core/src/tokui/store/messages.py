"""Messages to persons as they stand; what becomes of them is written by `tokui.store.turns`."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

import sqlalchemy as sa

from tokui.model import Purpose, microseconds, moment
from tokui.store.engine import Transaction, among
from tokui.store.tables import CustomerRow, MessageRow, StepRow, columns

AT, CUSTOMER, STEP = columns(MessageRow), columns(CustomerRow), columns(StepRow)

State: TypeAlias = Literal[
    "draft",
    "queued",
    "deferred",
    "sending",
    "sent",
    "delivered",
    "refused",
    "failed",
    "unknown",
    "cancelled",
]
WAITING: tuple[State, ...] = ("queued", "deferred")
"""What the outbox may still send, once it is due."""

_ANY_WAITING = sa.select(sa.literal(1)).where(AT.state.in_(WAITING)).limit(1)


class New(NamedTuple):
    """
    A message that is to be drafted; fields as in `MessageRow`.

    Attributes:
        content: JSON of the channel's `Content`, validated.
        due_at: Not before then; None is at once. Aware.
    """

    customer_id: int
    connection: str
    point: str
    address: str
    content: str
    author: str
    purpose: Purpose = "service"
    topic: str | None = None
    language: str = "ja"
    template: str | None = None
    campaign: str | None = None
    due_at: datetime | None = None


class Message(NamedTuple):
    """A message as it stands; fields as in `MessageRow`, times aware, UTC."""

    id: int
    customer_id: int
    connection: str
    point: str
    address: str
    purpose: Purpose
    topic: str | None
    language: str
    template: str | None
    content: str
    campaign: str | None
    author: str
    approved_by: str | None
    state: State
    rule: str | None
    reason: str | None
    due_at: datetime
    parcel_id: int | None
    provider_id: str | None
    sent_at: datetime | None
    at: datetime


class Denied(NamedTuple):
    """
    Why a message must not go out now.

    Attributes:
        rule: As in `StepRow`.
        reason: A short code, or a plugin's own words.
        until: Not before then, and it is asked again; None refuses it for good. Aware.
        held: Nobody could say whether it may go out: it waits, and is asked again. `until` is None.
    """

    rule: str
    reason: str
    until: datetime | None = None
    held: bool = False


class Step(NamedTuple):
    """What happened to a message; fields as in `StepRow`, the time aware, UTC."""

    state: str
    rule: str | None
    reason: str | None
    actor: str | None
    at: datetime


class Waiting(NamedTuple):
    """
    How many messages wait for the same reason.

    Attributes:
        due_at: When the first of them is due. Aware, UTC.
    """

    connection: str
    state: State
    rule: str | None
    reason: str | None
    messages: int
    due_at: datetime


class Tally(NamedTuple):
    """How many messages a connection has in a state."""

    connection: str
    state: State
    messages: int


def get(tx: Transaction, message_id: int) -> Message | None:
    """One message; None when there is no such."""
    return next(iter(these(tx, [message_id])), None)


def these(tx: Transaction, ids: Collection[int]) -> list[Message]:
    """Messages by their ids, in the order of ids."""
    query = sa.select(*AT).where(among(AT.id, tx.dialect)).order_by(AT.id)
    return [read(row) for row in (tx.among(query, ids) if ids else ())]


def find(
    tx: Transaction,
    *,
    state: State | None = None,
    connection: str | None = None,
    campaign: str | None = None,
    profile_id: int | None = None,
    limit: int | None = 100,
) -> list[Message]:
    """Messages that are all that is asked for, the newest first."""
    query = sa.select(*AT).order_by(AT.id.desc()).limit(limit)
    wanted = {"state": state, "connection": connection, "campaign": campaign}
    query = query.where(*(AT[name] == value for name, value in wanted.items() if value is not None))
    if profile_id is not None:
        whose = sa.select(CUSTOMER.id).where(CUSTOMER.profile_id == profile_id)
        query = query.where(AT.customer_id.in_(whose))
    return [read(row) for row in tx.all(query)]


def of_points(tx: Transaction, points: Collection[str], states: Collection[State]) -> list[Message]:
    """Messages to these contact points that are in one of the states."""
    query = _of_points(tx.dialect, tuple(states))
    return [read(row) for row in (tx.among(query, points) if points else ())]


def any_waiting(tx: Transaction) -> bool:
    """Is there anything that the outbox may still send?"""
    return tx.connection.execute(_ANY_WAITING).first() is not None


def sent_counts(
    tx: Transaction, profile_ids: Collection[int], purpose: Purpose, since: datetime
) -> dict[int, int]:
    """
    How many messages went, or may have gone, to each of these profiles, by all connections.

    What is being sent counts. A profile that got none is left out.
    """
    given = {"purpose": purpose, "since_us": microseconds(since)}
    rows = tx.among(_sent_counts(tx.dialect), profile_ids, **given) if profile_ids else ()
    return dict(map(tuple, rows))


def tally(tx: Transaction) -> list[Tally]:
    """How many messages each connection has in each state."""
    query = sa.select(AT.connection, AT.state, sa.func.count()).group_by(AT.state, AT.connection)
    return sorted(Tally(*row) for row in tx.all(query))


def waiting(tx: Transaction) -> list[Waiting]:
    """What waits, and why; the most first."""
    same = (AT.connection, AT.state, AT.rule, AT.reason)
    query = sa.select(*same, sa.func.count(), sa.func.min(AT.due_at)).group_by(*same)
    found = tx.all(query.where(AT.state.in_(WAITING)).order_by(sa.func.count().desc(), *same))
    return [
        Waiting(connection, state, rule, reason, count, moment(due_us))
        for connection, state, rule, reason, count, due_us in found
    ]


def due(tx: Transaction, connection: str, until_us: int, after: int, limit: int) -> list[Message]:
    """Messages that wait and are due, in the order of ids, behind one of them."""
    query = sa.select(*AT).where(AT.connection == connection, AT.state.in_(WAITING))
    query = query.where(AT.due_at <= until_us, AT.id > after).order_by(AT.id)
    return [read(row) for row in tx.all(query.limit(limit))]


def steps(tx: Transaction, message_id: int) -> list[Step]:
    """What happened to a message, in that order."""
    query = sa.select(STEP.state, STEP.rule, STEP.reason, STEP.actor, STEP.at)
    mine = query.where(STEP.message_id == message_id).order_by(STEP.id)
    return [
        Step(state, rule, reason, actor, moment(at))
        for state, rule, reason, actor, at in tx.all(mine)
    ]


@cache
def _of_points(dialect: str, states: tuple[State, ...]) -> sa.Select[Any]:
    query = sa.select(*AT).where(among(AT.point, dialect), AT.state.in_(states))
    return query.order_by(AT.id)


@cache
def _sent_counts(dialect: str) -> sa.Select[Any]:
    both = sa.select(CUSTOMER.profile_id, sa.func.count()).join_from(
        CustomerRow, MessageRow, CUSTOMER.id == AT.customer_id
    )
    lately = AT.sent_at >= sa.bindparam("since_us")
    mine = both.where(among(CUSTOMER.profile_id, dialect), lately)
    return mine.where(AT.purpose == sa.bindparam("purpose")).group_by(CUSTOMER.profile_id)


def read(row: Any) -> Message:
    """A row of the table as a message."""
    values = dict(zip(Message._fields, row, strict=True))
    times = {
        name: None if (us := values[name]) is None else moment(us)
        for name in ("due_at", "sent_at", "at")
    }
    return Message(**{**values, **times})
