"""
The tables, one set for SQLite and PostgreSQL.

Times are integers, microseconds since 1970 UTC: they compare alike everywhere and lose nothing.
A record's canonical JSON is kept once, in `record`; the columns beside it are what is looked up.
"""

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

# SQLite makes only INTEGER PRIMARY KEY the row id; PostgreSQL needs BIGINT to have room.
Id = BigInteger().with_variant(Integer, "sqlite")
GIVEN = {"autoincrement": False}
Folded = Text(collation="C").with_variant(Text(), "sqlite")


class Keyed(SQLModel):
    """A row whose integer key the store gives out (`counter`)."""

    id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


class Recorded(Keyed):
    """
    What every stored record has.

    Attributes:
        connection: Name of the connection that states it.
        external_id: The record's key there.
        version: `Record.version_us` of the stored state; None when the source cannot say.
        hash: 64 bits of the canonical JSON; an equal one is not written again.
        record: Canonical JSON.
        gone_at: When the source said that it has it no more.
    """

    connection: str = Field(sa_type=Text)
    external_id: str = Field(sa_type=Text)
    version: int | None = Field(default=None, sa_type=BigInteger)
    hash: int = Field(sa_type=BigInteger)
    record: str = Field(sa_type=Text)
    gone_at: int | None = Field(default=None, sa_type=BigInteger)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("connection", "external_id"),)


class CustomerRow(Recorded, table=True):
    """
    One system's record of a person.

    Attributes:
        profile_id: The current link; its history is in `decision`.
        stub: Named by a fact before its own record came.
        joined_into: External id of the customer it was merged into, by the source's own word.
    """

    __tablename__ = "customer"

    profile_id: int = Field(sa_type=BigInteger, index=True)
    stub: bool = False
    joined_into: str | None = Field(default=None, sa_type=Text)


class OrderRow(Recorded, table=True):
    """An order; `customer_id` is None for an anonymous sale. `spent_minor` is `Order.spent`."""

    __tablename__ = "order"

    customer_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    placed_at: int = Field(sa_type=BigInteger)
    spent_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)


class EventRow(Recorded, table=True):
    """Something that happened with a customer, once."""

    __tablename__ = "event"

    customer_id: int = Field(sa_type=BigInteger, index=True)
    type: str = Field(sa_type=Text)
    occurred_at: int = Field(sa_type=BigInteger)


class ConsentRow(SQLModel, table=True):
    """
    One statement of consent, with the fields of `Consent`; append-only.

    The statement is its own key (an empty text or 0 stands for None), so it is kept once however
    often it is read. `at` is when it was first read.
    """

    __tablename__ = "consent"
    __table_args__ = {"sqlite_with_rowid": False}

    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    contact: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text, primary_key=True)
    purpose: str = Field(sa_type=Text, primary_key=True)
    topic: str = Field(sa_type=Text, primary_key=True)
    state: str = Field(sa_type=Text, primary_key=True)
    occurred_at: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    external_id: str = Field(sa_type=Text)
    evidence: str | None = Field(default=None, sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class ProductRow(Recorded, table=True):
    """A product."""

    __tablename__ = "product"


class VariantRow(Recorded, table=True):
    """A variant; `gtin` and `sku` are what joins it to variants of other connections."""

    __tablename__ = "variant"

    gtin: str | None = Field(default=None, sa_type=Text, index=True)
    sku: str | None = Field(default=None, sa_type=Text, index=True)


class StockRow(Recorded, table=True):
    """How many of a variant a location can sell."""

    __tablename__ = "stock"

    variant: str = Field(sa_type=Text)


class LocationRow(Recorded, table=True):
    """A location."""

    __tablename__ = "location"


class StaffRow(Recorded, table=True):
    """A member of staff."""

    __tablename__ = "staff"


class IdentifierRow(SQLModel, table=True):
    """
    Who is known by a value.

    Attributes:
        token: `kind:issuer:key`, normalised; values of different issuers never meet.
        customer_id: Who bears it.
        strength: As in `IdentifierRule`.
    """

    __tablename__ = "identifier"
    __table_args__ = {"sqlite_with_rowid": False}

    token: str = Field(sa_type=Text, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    strength: str = Field(sa_type=Text)


class SearchRow(SQLModel, table=True):
    """A name, folded for searching by its beginning."""

    __tablename__ = "search"
    __table_args__ = {"sqlite_with_rowid": False}

    key: str = Field(sa_type=Folded, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


class AliasRow(SQLModel, table=True):
    """A profile id that was given out once and now means another profile."""

    __tablename__ = "alias"

    profile_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    into_id: int = Field(sa_type=BigInteger, index=True)


class DecisionRow(Keyed, table=True):
    """
    Why customers are linked. Append-only.

    Attributes:
        kind: `link` (a customer joined a profile) or `merge` (a profile joined another).
        actor: Rule and version, or `source` for the vendor's own word.
        profile_id: The profile that stays.
        evidence: JSON: the tokens' kinds and the reasons, never the values.
        before: JSON: customer id → profile id before.
        at: When.
    """

    __tablename__ = "decision"

    kind: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    profile_id: int = Field(sa_type=BigInteger, index=True)
    evidence: str = Field(sa_type=Text)
    before: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class ChangeRow(SQLModel, table=True):
    """The change feed; `seq` ascends in the order of commits."""

    __tablename__ = "change"

    seq: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    profile_id: int = Field(sa_type=BigInteger)
    what: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class CursorRow(SQLModel, table=True):
    """Where a connection's stream, or a follower of the change feed, stands."""

    __tablename__ = "cursor"

    owner: str = Field(sa_type=Text, primary_key=True)
    stream: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class RunRow(Keyed, table=True):
    """
    One run of one connection.

    Attributes:
        state: `running`, `done`, `stopped`, `failed` or `abandoned`.
        counts: JSON, by stream: items read, records stored, unchanged, quarantined, pages.
        error: Why it failed; never personal data.
    """

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_connection", "connection", "started_at"),)

    connection: str = Field(sa_type=Text)
    started_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    state: str = Field(sa_type=Text)
    counts: str = Field(sa_type=Text)
    error: str | None = Field(default=None, sa_type=Text)


class LeaseRow(SQLModel, table=True):
    """Who may sync a connection now; `token` grows with each holder and is checked in each commit."""

    __tablename__ = "lease"

    connection: str = Field(sa_type=Text, primary_key=True)
    token: int = Field(sa_type=BigInteger)
    owner: str | None = Field(default=None, sa_type=Text)
    expires_at: int = Field(sa_type=BigInteger)


class QuarantineRow(Keyed, table=True):
    """
    An item that could not be understood, kept until it can.

    Attributes:
        item: As it came, JSON.
        hash: 64 bits of the item; the same item is kept once.
        error: Class of the error.
        reason: What was wrong, without the item's values.
    """

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("connection", "stream", "hash"),)

    connection: str = Field(sa_type=Text)
    stream: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)
    hash: int = Field(sa_type=BigInteger)
    error: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    attempts: int = 1
    first_at: int = Field(sa_type=BigInteger)
    last_at: int = Field(sa_type=BigInteger)


class CounterRow(SQLModel, table=True):
    """
    The last number given out.

    Attributes:
        name: `row` for the keys of all tables together, `profile`, `change`.
    """

    __tablename__ = "counter"

    name: str = Field(sa_type=Text, primary_key=True)
    value: int = Field(sa_type=BigInteger)


def columns(table: type[SQLModel]) -> Any:
    """The table's columns, for queries."""
    return SQLModel.metadata.tables[str(table.__tablename__)].c
