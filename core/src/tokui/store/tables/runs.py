"""How the ledger is kept in step: changes, cursors, runs, leases, quarantine, counters."""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Id, Keyed


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
