"""What providers report, later, about messages that they accepted."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.model import Delivery, microseconds
from tokui.store.counts import Counts
from tokui.store.engine import Transaction, among
from tokui.store.feed import Changes
from tokui.store.messages import State
from tokui.store.tables import CustomerRow, MessageRow, ParcelRow, StepRow, columns

AT, CUSTOMER = columns(MessageRow), columns(CustomerRow)
PARCEL, STEP = columns(ParcelRow), columns(StepRow)

FROM: Mapping[str, tuple[State, ...]] = {
    "delivered": ("sending", "sent", "unknown", "cancelled"),
    "opened": ("sending", "sent", "unknown", "cancelled"),
    "clicked": ("sending", "sent", "unknown", "cancelled"),
    "bounced": ("sending", "sent", "delivered", "unknown", "cancelled"),
}
"""Report → the states that it changes: what was opened was delivered, and what bounced was not."""


class _Member(NamedTuple):
    """A message of a parcel that is reported on."""

    id: int
    address: str
    state: State
    profile_id: int


def report(
    tx: Transaction, connection: str, deliveries: Sequence[Delivery], changes: Changes
) -> Counts:
    """
    Keep what a connection's provider says of our messages; the same report counts once.

    Reports on parcels that are not ours are left out.

    Args:
        changes: Takes whose messages changed.
    """
    members = _members(tx, connection, {each.parcel for each in deliveries})
    told = list(_told(members, deliveries))
    known = _known(tx, {member.id for member, _ in told})
    counts, ids = Counts(), tx.allocate("step", len(told))
    for member, each in told:
        key = (member.id, each.state, microseconds(each.occurred_at))
        counts.count("unchanged" if key in known else "stored")
        if key not in known:
            known.add(key)
            step = (*key[:2], "provider", each.reason, None, key[2])
            tx.upsert(StepRow, [(next(ids), *step)])
            changes.add(member.profile_id, "message")
            _move(tx, member.id, each)
    return counts


def _move(tx: Transaction, message_id: int, said: Delivery) -> None:
    before = FROM.get(said.state)
    if before is None:
        return
    state: State = "failed" if said.state == "bounced" else "delivered"
    mine = sa.update(MessageRow).where(AT.id == message_id, AT.state.in_(before))
    tx.connection.execute(mine.values(state=state, rule="provider", reason=said.reason))


def _told(
    members: Mapping[str, list[_Member]], deliveries: Sequence[Delivery]
) -> Iterator[tuple[_Member, Delivery]]:
    for each in deliveries:
        of_parcel = members.get(each.parcel, [])
        said = each.value and each.value.casefold()
        yield from ((m, each) for m in of_parcel if said in (None, m.address.casefold()))


def _members(tx: Transaction, connection: str, keys: set[str]) -> dict[str, list[_Member]]:
    found: dict[str, list[_Member]] = {}
    for key, *row in tx.among(_of_keys(tx.dialect), keys, connection=connection) if keys else ():
        found.setdefault(key, []).append(_Member(*row))
    return found


def _known(tx: Transaction, ids: set[int]) -> set[tuple[int, str, int]]:
    query = sa.select(STEP.message_id, STEP.state, STEP.at)
    rows = tx.among(query.where(among(STEP.message_id, tx.dialect)), ids) if ids else ()
    return {tuple(row) for row in rows}


@cache
def _of_keys(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(PARCEL.key, AT.id, AT.address, AT.state, CUSTOMER.profile_id)
        .join_from(ParcelRow, MessageRow, AT.parcel_id == PARCEL.id)
        .join(CustomerRow, CUSTOMER.id == AT.customer_id)
        .where(among(PARCEL.key, dialect), PARCEL.connection == sa.bindparam("connection"))
    )
