"""Records in the store: what there is of each kind, and how it is written and marked as gone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.model import (
    Event,
    Gone,
    Location,
    Order,
    Product,
    Record,
    Staff,
    Stock,
    Variant,
    microseconds,
)
from tokui.store import returned, tables
from tokui.store.counts import Counts
from tokui.store.engine import Row, Transaction, among
from tokui.store.entry import MAX_KEY, Entry, Stored, fate, latest, newer, renewed
from tokui.store.feed import Changes


class Kind(NamedTuple):
    """
    How one kind of record becomes a row.

    Attributes:
        table: Where it is kept.
        customer: External id of the customer it is a fact about.
        columns: The row's columns behind `gone_at` and, for a fact, `customer_id`.
    """

    table: type[tables.Recorded]
    customer: Callable[[Any], str | None] | None
    columns: Callable[[Any], Row]


def _order(order: Order) -> Row:
    spent = order.spent
    return (microseconds(order.placed_at), spent.amount_minor, spent.currency)


def _variant(variant: Variant) -> Row:
    return (variant.gtin and variant.gtin[:MAX_KEY], variant.sku and variant.sku[:MAX_KEY])


KINDS: Mapping[type[Record], Kind] = {
    Order: Kind(tables.OrderRow, lambda order: order.buyer, _order),
    Event: Kind(
        tables.EventRow,
        lambda event: event.customer,
        lambda event: (event.type, microseconds(event.occurred_at)),
    ),
    Product: Kind(tables.ProductRow, None, lambda _: ()),
    Variant: Kind(tables.VariantRow, None, _variant),
    Stock: Kind(tables.StockRow, None, lambda stock: (stock.variant,)),
    Location: Kind(tables.LocationRow, None, lambda _: ()),
    Staff: Kind(tables.StaffRow, None, lambda _: ()),
}
"""Every kind but customers (`tokui.identity.link`) and consents (`tokui.store.consents`)."""

TABLES: Mapping[str, type[tables.Recorded]] = {
    "customer": tables.CustomerRow,
    **{record.kind_name: kind.table for record, kind in KINDS.items()},
}
"""The table of each kind, by `Record.kind_name`."""


def find(
    tx: Transaction, table: type[tables.Recorded], connection: str, keys: Sequence[str]
) -> dict[str, Stored]:
    """What is stored under these keys."""
    rows = tx.among(_find(table, tx.dialect), keys, connection=connection)
    return {row[0]: Stored(row[1], row[2], row[3], row[4]) for row in rows}


@cache
def _find(table: type[tables.Recorded], dialect: str) -> sa.Select[Any]:
    at = tables.columns(table)
    query = sa.select(at.external_id, at.id, at.version, at.hash, at.gone_at)
    mine = at.connection == sa.bindparam("connection")
    return query.where(mine, among(at.external_id, dialect))


def keep(
    tx: Transaction,
    connection: str,
    kind: Kind,
    entries: Sequence[Entry],
    people: Mapping[str, tuple[int, int]],
    changes: Changes,
) -> Counts:
    """
    Write the entries of one kind.

    Args:
        people: Customer id and profile id of each external id that the entries name.
        changes: Takes what changed on whose profile.
    """
    newest = latest(entries)
    stored = find(tx, kind.table, connection, list(newest))
    counts, written = _written(stored, newest)
    if kind.customer:
        _tell(tx, kind, [known.id for known, _, news in written if known and news], changes)
    ids = tx.allocate("row", sum(known is None for known, _, _ in written))
    rows, brought = [], list[tuple[int, Order]]()
    for known, each, news in written:
        about: Row = ()
        if kind.customer:
            person = people.get(kind.customer(each.record) or "")
            about = (person[0] if person else None,)
            if person and news:
                changes.add(person[1], each.record.kind_name)
        row_id = known.id if known else next(ids)
        if news and isinstance(each.record, Order):
            brought.append((row_id, each.record))
        head = (row_id, connection, each.key, each.version, each.hash, each.text, None)
        rows.append(head + about + kind.columns(each.record))
    tx.upsert(kind.table, rows)
    returned.note(tx, connection, brought, changes)
    return counts


def _written(
    stored: Mapping[str, Stored], newest: Mapping[str, Entry]
) -> tuple[Counts, list[tuple[Stored | None, Entry, bool]]]:
    """What is written of it, over what, and whether it is news; and how all of it fared."""
    counts, written = Counts(), []
    for key, each in newest.items():
        known = stored.get(key)
        outcome = fate(known, each)
        counts.count(outcome)
        if outcome == "stored" or (known and outcome == "unchanged" and renewed(known, each)):
            written.append((known, each, outcome == "stored"))
    return counts, written


def bury(
    tx: Transaction, connection: str, kind: Kind, gone: Sequence[Gone], changes: Changes
) -> Counts:
    """
    Mark records of one kind as gone; what is stored newer, or gone already, stays as it is.

    A tombstone keeps its version, so that an older record read again does not revive it.
    """
    stored = find(tx, kind.table, connection, [each.external_id for each in gone])
    buried = {}
    for each in gone:
        known = stored.get(each.external_id)
        if known and known.gone_at is None and not newer(known, each.version_us):
            buried[known.id] = each.version_us
    if kind.customer:
        _tell(tx, kind, list(buried), changes)
    at = tables.columns(kind.table)
    version = sa.func.coalesce(sa.bindparam("word", type_=sa.BigInteger), at.version)
    tomb = sa.update(kind.table).where(at.id == sa.bindparam("row"))
    if buried:
        tx.connection.execute(
            tomb.values(gone_at=tx.now_us, version=version),
            [{"row": row_id, "word": word} for row_id, word in buried.items()],
        )
    return Counts(gone=len(buried))


def _tell(tx: Transaction, kind: Kind, ids: Sequence[int], changes: Changes) -> None:
    """Note a change for whoever these facts are about until now."""
    if not ids:
        return
    at, customer = tables.columns(kind.table), tables.columns(tables.CustomerRow)
    query = sa.select(customer.profile_id).join_from(
        tables.CustomerRow, kind.table, customer.id == at.customer_id
    )
    name = kind.table.__tablename__
    for (profile_id,) in tx.among(query.where(among(at.id, tx.dialect)).distinct(), ids):
        changes.add(profile_id, str(name))


def absent(
    tx: Transaction, connection: str, kind: str, seen: Collection[tuple[str, str]]
) -> list[Gone]:
    """What a complete read, which has `seen` these kinds and keys, did not show any more."""
    at = tables.columns(TABLES[kind])
    query = sa.select(at.external_id).where(at.connection == connection, at.gone_at.is_(None))
    return [Gone(external_id=key, kind=kind) for (key,) in tx.all(query) if (kind, key) not in seen]
