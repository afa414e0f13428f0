"""Parcels: the messages of one provider call, under one key."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from uuid import UUID

from tokui.model import microseconds
from tokui.store.engine import Transaction
from tokui.store.messages import Message
from tokui.store.tables import MessageRow, ParcelRow


def enqueue(
    tx: Transaction, messages: Iterable[Message], most_addresses: int, rng: Random
) -> list[int]:
    """
    Put queued messages into parcels, each with a key of its own; the ids of the parcels.

    Messages that say the same share one, up to `most_addresses`; no address is in it twice. The outbox
    does it by itself with what is queued and has none.
    """
    parcels = list(_together(messages, most_addresses))
    ids = list(tx.allocate("parcel", len(parcels)))
    rows, homes = [], []
    for number, members in zip(ids, parcels, strict=True):
        due_us = max(microseconds(each.due_at) for each in members)
        key = str(UUID(int=rng.getrandbits(128), version=4))
        first = members[0].connection
        rows.append((number, first, key, "waiting", 0, None, None, 0, None, False, due_us))
        homes += [(number, each.id) for each in members]
    tx.upsert(ParcelRow, rows)
    tx.update(MessageRow, ("parcel_id",), homes)
    return ids


def _together(messages: Iterable[Message], most: int) -> Iterator[Sequence[Message]]:
    """Messages that say the same and wait for nothing else, so many at a time."""
    open_ones: dict[tuple[object, ...], dict[str, Message]] = {}
    for each in messages:
        says = (each.connection, each.content, each.purpose, each.topic, each.language)
        members = open_ones.setdefault(says, {})
        if len(members) == most or each.address in members:
            yield [*members.values()]
            members = open_ones[says] = {}
        members[each.address] = each
    yield from ([*members.values()] for members in open_ones.values())
