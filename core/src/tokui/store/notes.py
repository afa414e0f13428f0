"""What staff write down here: events of the connection `tokui`."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tokui.errors import ConfigError
from tokui.model import Event
from tokui.store.engine import Store, Transaction
from tokui.store.entry import entry
from tokui.store.feed import Changes
from tokui.store.profiles import resolve
from tokui.store.records import KINDS, keep
from tokui.store.tables import CustomerRow, columns

HERE = "tokui"
"""The connection of what is written here; none in tokui.toml may have this name."""

AT = columns(CustomerRow)


class Jotting(NamedTuple):
    """
    What happened, in the words of who was there.

    Attributes:
        type: As in `Event`: `note`, `visit`, `call`, ….
        at: When it happened. Aware.
        staff: Who was there: name or id.
        text: What they write.
        location: In which store: name or id.
    """

    type: str
    at: datetime
    staff: str
    text: str | None = None
    location: str | None = None


def write(store: Store, profile_id: int, key: str, jotting: Jotting) -> Event:
    """
    Write down what happened with a person. Durable; the same key writes one event.

    It hangs on the customer of theirs that was known first, as every fact hangs on a customer, so
    that it stays where it belongs when profiles are merged or parted. Its `customer` is that one's
    `CONNECTION:EXTERNAL_ID`.

    Raises:
        ConfigError: There is no such profile.
    """
    with store.write() as tx:
        customer_id, customer = _first_customer(tx, profile_id)
        event = Event(
            external_id=key,
            customer=customer,
            type=jotting.type,
            occurred_at=jotting.at,
            location=jotting.location,
            staff=jotting.staff,
            text=jotting.text,
        )
        changes = Changes()
        people = {customer: (customer_id, resolve(tx, profile_id))}
        keep(tx, HERE, KINDS[Event], [entry(event)], people, changes)
        changes.write(tx)
    return event


def _first_customer(tx: Transaction, profile_id: int) -> tuple[int, str]:
    """Those that the source still has, and knows more of than the id, come before the others."""
    query = sa.select(AT.id, AT.connection, AT.external_id)
    mine = query.where(AT.profile_id == resolve(tx, profile_id))
    order = mine.order_by(AT.gone_at.is_not(None), AT.stub, AT.id)
    row = tx.connection.execute(order.limit(1)).first()
    if row is None:
        raise ConfigError(f"there is no profile {profile_id}", todo="run `tokui customer find`")
    return row[0], f"{row[1]}:{row[2]}"
