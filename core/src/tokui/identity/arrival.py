"""A customer that a page brings, and what the store knew of it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.model import Customer
from tokui.store.engine import Transaction, among
from tokui.store.entry import Entry, Stored, entry, latest
from tokui.store.tables import CustomerRow, columns

CUSTOMER = columns(CustomerRow)


@dataclass(slots=True)
class Arrival:
    """
    A customer that is new or changed.

    Attributes:
        stored: What the store knew of it; None for a new one.
        stub: Only named by a fact.
    """

    entry: Entry
    stored: Stored | None
    stub: bool = False

    @property
    def customer(self) -> Customer:
        """The record."""
        assert isinstance(self.entry.record, Customer)  # noqa: S101 - narrows the type
        return self.entry.record


class Earlier(NamedTuple):
    """A customer that is stored, and its profile."""

    stored: Stored
    profile_id: int


def earlier(
    tx: Transaction, connection: str, keys: Collection[str]
) -> Iterator[tuple[str, Earlier]]:
    """Those of a connection's customers that are stored, by external id."""
    for key, row_id, version, hash_, gone_at, profile_id in tx.among(
        _earlier(tx.dialect), keys, connection=connection
    ):
        yield key, Earlier(Stored(row_id, version, hash_, gone_at), profile_id)


def with_withheld(tx: Transaction, customer: Customer, row_id: int) -> Customer:
    """Absent by permission is not empty: what is withheld now stays as it was known."""
    query = sa.select(CUSTOMER.record).where(CUSTOMER.id == row_id)
    before = Customer.model_validate_json(tx.connection.execute(query).scalar_one())
    return _filled(customer, before)


def newest(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The last word on each customer, and what it withholds as an earlier one among these has it."""
    found = latest(entries)
    if len(found) == len(entries):
        return found
    found.clear()
    for each in entries:
        before = found.get(each.key)
        found.update(latest([before, each] if before else [each]))
        if before and found[each.key] is each:
            found[each.key] = _onto(before, each)
    return found


def _onto(before: Entry, last: Entry) -> Entry:
    customer, known = last.record, before.record
    assert isinstance(customer, Customer)  # noqa: S101 - narrows the type
    assert isinstance(known, Customer)  # noqa: S101
    if not customer.withheld:
        return last
    still = tuple(name for name in customer.withheld if name in known.withheld)
    return entry(_filled(customer, known).model_copy(update={"withheld": still}))


def _filled(customer: Customer, before: Customer) -> Customer:
    """Of withheld identifiers, those of the kinds that are shown are as they are shown."""
    known = {
        name: getattr(before, name) for name in customer.withheld if name in Customer.model_fields
    }
    if "identifiers" in known:
        shown = {each.kind for each in customer.identifiers}
        kept = (each for each in before.identifiers if each.kind not in shown)
        known["identifiers"] = (*customer.identifiers, *kept)
    return customer.model_copy(update=known)


@cache
def _earlier(dialect: str) -> sa.Select[Any]:
    at = CUSTOMER
    query = sa.select(at.external_id, at.id, at.version, at.hash, at.gone_at, at.profile_id)
    mine = at.connection == sa.bindparam("connection")
    return query.where(mine, among(at.external_id, dialect))
