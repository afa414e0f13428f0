"""Parcels: the messages of one provider call, under one key."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from tokui.model import microseconds
from tokui.store.engine import Transaction, among
from tokui.store.lease import is_dead, myself
from tokui.store.messages import Message, State, read
from tokui.store.tables import MessageRow, ParcelRow, columns
from tokui.store.tables.outreach import LOOSE

AT, MESSAGE = columns(ParcelRow), columns(MessageRow)

LEASE_S = 330
"""Longer than any call may take; a holder that died on this machine is found out before."""

ParcelState: TypeAlias = Literal["waiting", "leased", "done"]


class Box(NamedTuple):
    """A parcel as it is kept; fields as in `ParcelRow`, times in microseconds since 1970."""

    id: int
    connection: str
    key: str
    state: ParcelState = "waiting"
    token: int = 0
    owner: str | None = None
    lease_until: int | None = None
    tries: int = 0
    first_tried_at: int | None = None
    doubtful: bool = False
    due_at: int = 0


class Now(NamedTuple):
    """A parcel, and the states of its messages by their ids."""

    box: Box
    states: dict[int, State]


def enqueue(
    tx: Transaction, messages: Iterable[Message], most_addresses: int, rng: Random
) -> list[int]:
    """
    Put queued messages into parcels, each with a key of its own; the ids of the parcels.

    Messages that say the same share one, up to `most_addresses`; no address is in it twice. The outbox
    does it by itself with what is queued and has none.
    """
    groups = list(_together(messages, most_addresses, tx.now_us))
    ids = list(tx.allocate("parcel", len(groups)))
    boxes, homes = [], []
    for number, members in zip(ids, groups, strict=True):
        due_us = max(microseconds(each.due_at) for each in members)
        boxes.append(Box(number, members[0].connection, new_key(rng), due_at=due_us))
        homes += [(number, each.id) for each in members]
    put(tx, boxes)
    tx.update(MessageRow, ("parcel_id",), homes)
    return ids


def new_key(rng: Random) -> str:
    """A UUID of the fourth kind."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def put(tx: Transaction, boxes: Sequence[Box]) -> None:
    """Write parcels as they are now."""
    tx.upsert(ParcelRow, boxes)


def leased(box: Box, now_us: int) -> Box:
    """The parcel in this process's hands for one more try, under a new token."""
    return box._replace(
        state="leased",
        tries=box.tries + 1,
        token=box.token + 1,
        owner=myself(),
        lease_until=now_us + LEASE_S * 1_000_000,
        first_tried_at=box.first_tried_at or now_us,
    )


def tried_at(box: Box) -> int:
    """When a leased parcel may first have been sent: with this lease, if none before left a doubt."""
    leased_at = (box.lease_until or 0) - LEASE_S * 1_000_000
    return (box.first_tried_at or leased_at) if box.doubtful else leased_at


def loose(
    tx: Transaction, connection: str, until_us: int, most: int, only: Collection[int] | None = None
) -> list[Message]:
    """Messages that are due and have no parcel, those that wait longest first."""
    query = _loose(tx.dialect, only is not None)
    given = {"connection": connection, "until_us": until_us, "most": most}
    return [read(row) for row in _rows(tx, query, only, given)]


def due(
    tx: Transaction, connection: str, until_us: int, most: int, only: Collection[int] | None = None
) -> list[Box]:
    """Parcels that wait and are due, those that wait longest first; `only` those of some messages."""
    query = _due(tx.dialect, only is not None)
    given = {"connection": connection, "until_us": until_us, "most": most}
    return [Box(*row) for row in _rows(tx, query, only, given)]


def _rows(
    tx: Transaction,
    query: sa.Executable,
    only: Collection[int] | None,
    given: Mapping[str, object],
) -> Sequence[Any]:
    return tx.all(query, **given) if only is None else tx.among(query, only, **given)


def now(tx: Transaction, ids: Collection[int]) -> dict[int, Now]:
    """Parcels by their ids, each with the states of its messages."""
    found: dict[int, Now] = {}
    for row in tx.among(_now(tx.dialect), ids) if ids else ():
        *box, message_id, state = row
        states = found.setdefault(row[0], Now(Box(*box), {})).states
        if message_id is not None:
            states[message_id] = state
    return found


def members(tx: Transaction, ids: Collection[int]) -> dict[int, list[Message]]:
    """The messages of these parcels, in whatever state, in the order of their ids."""
    found: dict[int, list[Message]] = {number: [] for number in ids}
    for row in tx.among(_members(tx.dialect), ids) if ids else ():
        message = read(row)
        found[message.parcel_id or 0].append(message)
    return found


def stray(tx: Transaction, connection: str) -> list[Box]:
    """Parcels whose call nobody waits for any more: its process died, or its time is long over."""
    query = sa.select(*AT).where(AT.connection == connection, AT.state == "leased")
    boxes = (Box(*row) for row in tx.all(query.order_by(AT.id)))
    return [
        each for each in boxes if (each.lease_until or 0) <= tx.now_us or is_dead(str(each.owner))
    ]


def _together(messages: Iterable[Message], most: int, now_us: int) -> Iterator[Sequence[Message]]:
    """Messages that say the same at the same time, so many at a time."""
    open_ones: dict[tuple[object, ...], dict[str, Message]] = {}
    for each in messages:
        due_us = max(now_us, microseconds(each.due_at))
        says = (each.connection, each.content, each.purpose, each.topic, each.language, due_us)
        members = open_ones.setdefault(says, {})
        if len(members) == most or each.address in members:
            yield [*members.values()]
            members = open_ones[says] = {}
        members[each.address] = each
    yield from ([*members.values()] for members in open_ones.values())


@cache
def _members(dialect: str) -> sa.Select[Any]:
    mine = sa.select(*MESSAGE).where(among(MESSAGE.parcel_id, dialect))
    return mine.order_by(MESSAGE.id)


@cache
def _now(dialect: str) -> sa.Select[Any]:
    both = sa.select(*AT, MESSAGE.id, MESSAGE.state)
    both = both.join_from(ParcelRow, MessageRow, MESSAGE.parcel_id == AT.id, isouter=True)
    return both.where(among(AT.id, dialect))


@cache
def _loose(dialect: str, has_only: bool) -> sa.Select[Any]:
    query = sa.select(*MESSAGE).where(
        sa.text(LOOSE),
        MESSAGE.connection == sa.bindparam("connection"),
        MESSAGE.due_at <= sa.bindparam("until_us", type_=sa.BigInteger),
    )
    query = query.where(among(MESSAGE.id, dialect)) if has_only else query
    most = sa.bindparam("most", type_=sa.Integer)
    return query.order_by(MESSAGE.due_at, MESSAGE.id).limit(most)


@cache
def _due(dialect: str, has_only: bool) -> sa.Select[Any]:
    query = sa.select(*AT).where(
        AT.connection == sa.bindparam("connection"),
        AT.state == "waiting",
        AT.due_at <= sa.bindparam("until_us", type_=sa.BigInteger),
    )
    homes = sa.select(MESSAGE.parcel_id).where(among(MESSAGE.id, dialect))
    query = query.where(AT.id.in_(homes)) if has_only else query
    most = sa.bindparam("most", type_=sa.Integer)
    return query.order_by(AT.due_at, AT.id).limit(most)
