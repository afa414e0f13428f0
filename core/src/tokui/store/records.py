"""Records on their way into the store: canonical form, fate, and the rows they become."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import sqlalchemy as sa

from tokui.errors import SkipItem
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
from tokui.store import tables
from tokui.store.engine import Row, Transaction, among

LONE_SURROGATES = "the text has lone surrogates"
NUL = "the text has NUL characters"
MAX_RECORD_BYTES = 1_000_000
MAX_KEY = 640
BIGGEST = 2**63 - 1


class Entry(NamedTuple):
    """
    A record, ready to be stored.

    Attributes:
        key: `Record.external_id`.
        version: `Record.version_us`.
        text: Canonical JSON.
        hash: 64 bits of it, the version left out: what is read again is the same.
    """

    record: Record
    key: str
    version: int | None
    text: str
    hash: int


@dataclass(slots=True)
class Counts:
    """
    What became of records, items and pages. Added up over a run.

    Attributes:
        pages: Pages committed.
        read: Items read.
        stored: Records written, new or changed.
        unchanged: Records that were there already, the same.
        stale: Records older than what is stored; left alone.
        gone: Records marked as gone.
        linked: Customers that joined another one's profile.
        quarantined: Items put into quarantine.
    """

    pages: int = 0
    read: int = 0
    stored: int = 0
    unchanged: int = 0
    stale: int = 0
    gone: int = 0
    linked: int = 0
    quarantined: int = 0

    def count(self, outcome: str) -> None:
        """One more of that outcome."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def add(self, other: "Counts") -> None:
        """Add another's figures to these."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> dict[str, int]:
        """By name, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Stored(NamedTuple):
    """What the store knows of a key."""

    id: int
    version: int | None
    hash: int
    gone_at: int | None


@dataclass(slots=True)
class Changes:
    """What the transaction changes on which profile; written to the feed at its end."""

    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, profile_id: int, what: str) -> None:
        """Note a change."""
        self.seen.add((profile_id, what))

    def move(self, merged: Iterable[int], current: Callable[[int], int]) -> None:
        """Let what changed on merged profiles count for those that they joined."""
        self.seen = {(current(profile_id), what) for profile_id, what in self.seen}
        self.seen |= {(profile_id, "merged") for profile_id in merged}

    def write(self, tx: Transaction) -> None:
        """Append them to the feed."""
        numbers = tx.allocate("change", len(self.seen))
        rows = [(next(numbers), profile, what, tx.now_us) for profile, what in sorted(self.seen)]
        tx.upsert(tables.ChangeRow, rows)


def entry(record: Record) -> Entry:
    """
    Bring a record into its canonical form.

    Raises:
        SkipItem: It cannot be stored: too large, or with characters that no database takes.
    """
    try:
        data = record.__pydantic_serializer__.to_json(record, exclude_none=True)
    except ValueError:
        raise SkipItem(LONE_SURROGATES, todo="fix its encoding at the source") from None
    if b"\\u0000" in data:
        raise SkipItem(NUL, todo="remove them at the source")
    if len(data) > MAX_RECORD_BYTES:
        raise SkipItem(f"larger than {MAX_RECORD_BYTES:,} bytes", todo="shorten it at the source")
    each = Entry(
        record, record.external_id, record.version_us, data.decode(), hash64(_timeless(data))
    )
    _check_columns(each)
    return each


def check_text(text: str) -> None:
    """
    Refuse a text that does not fit a column of its own.

    Raises:
        SkipItem: Too long, or with characters that no database takes.
    """
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise SkipItem(LONE_SURROGATES, todo="fix its encoding at the source")
    if "\0" in text:
        raise SkipItem(NUL, todo="remove them at the source")
    if len(text) > MAX_KEY:
        raise SkipItem(f"a key is longer than {MAX_KEY} characters", todo="shorten it")


def _timeless(data: bytes) -> bytes:
    """The JSON without its `source_version`, which is neither first nor ever holds a comma."""
    head, _, tail = data.partition(b',"source_version":')
    return head + tail.partition(b",")[2]


def _check_columns(entry: Entry) -> None:
    """What goes into a column of its own must fit there."""
    if entry.version is not None and entry.version > BIGGEST:
        raise SkipItem("the version has more than 63 bits", todo="take a smaller sequence")
    if isinstance(entry.record, Order) and abs(entry.record.spent.amount_minor) > BIGGEST:
        raise SkipItem("the amount has more than 63 bits", todo="correct it at the source")
    if len(entry.key) > MAX_KEY:
        raise SkipItem(f"the key is longer than {MAX_KEY} characters", todo="shorten it")


def hash64(data: bytes) -> int:
    """64 bits of BLAKE2b, signed, so that it fits a BIGINT."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def fate(stored: Stored | None, entry: Entry) -> str:
    """`stored`, `unchanged` or `stale`: what happens to an entry. An older never beats a newer."""
    if stored is None:
        return "stored"
    if newer(stored, entry.version):
        return "stale"
    same = stored.hash == entry.hash and stored.gone_at is None
    return "unchanged" if same else "stored"


def newer(stored: Stored, version: int | None) -> bool:
    """Is what is stored newer than what a record of this version says?"""
    return version is not None and stored.version is not None and version < stored.version


def renewed(stored: Stored, entry: Entry) -> bool:
    """Does an unchanged record have a newer version, to be kept so that none in between beats it?"""
    return entry.version is not None and entry.version != stored.version


def latest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """One entry for each key: the newest, and among equals the one that came last."""
    found: dict[str, Entry] = {}
    for each in entries:
        other = found.get(each.key)
        if (
            other is None
            or other.version is None
            or each.version is None
            or each.version >= other.version
        ):
            found[each.key] = each
    return found


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
    counts, written = Counts(), []
    for key, each in newest.items():
        known = stored.get(key)
        outcome = fate(known, each)
        counts.count(outcome)
        if outcome == "stored" or (known and outcome == "unchanged" and renewed(known, each)):
            written.append((known, each, outcome == "stored"))
    if kind.customer:
        _tell(tx, kind, [known.id for known, _, news in written if known and news], changes)
    ids = tx.allocate("row", sum(known is None for known, _, _ in written))
    rows = []
    for known, each, news in written:
        about: Row = ()
        if kind.customer:
            person = people.get(kind.customer(each.record) or "")
            about = (person[0] if person else None,)
            if person and news:
                changes.add(person[1], each.record.kind_name)
        row_id = known.id if known else next(ids)
        head = (row_id, connection, each.key, each.version, each.hash, each.text, None)
        rows.append(head + about + kind.columns(each.record))
    tx.upsert(kind.table, rows)
    return counts


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
    for (profile_id,) in tx.all(query.where(at.id.in_(ids)).distinct()):
        changes.add(profile_id, str(name))


def absent(tx: Transaction, connection: str, kind: Kind, seen: Collection[str]) -> list[Gone]:
    """What a complete read did not show any more."""
    at = tables.columns(kind.table)
    query = sa.select(at.external_id).where(at.connection == connection, at.gone_at.is_(None))
    name = next(record.kind_name for record, each in KINDS.items() if each is kind)
    return [Gone(external_id=key, kind=name) for (key,) in tx.all(query) if key not in seen]
