"""Points that another system keeps: what it last said, and what it was asked to move."""

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import Folded

OPEN = text("state = 'open'")


class MirrorRow(SQLModel, table=True):
    """
    A member of a programme of another system.

    Attributes:
        unit: Name of the programme.
        holder: The number: match key of the identifier that makes them a member.
        connection: The system that keeps the points.
        asked_at: When it was last asked, answered or not; 0 before.
        told_at: When it last answered.
        balance: JSON of `Balance`.
        moves: JSON of the last movements.
    """

    __tablename__ = "mirror"
    __table_args__ = (
        Index("ix_mirror_asked", "unit", "asked_at"),
        {"sqlite_with_rowid": False},
    )

    unit: str = Field(sa_type=Text, primary_key=True)
    holder: str = Field(sa_type=Folded, primary_key=True)
    connection: str = Field(sa_type=Text)
    asked_at: int = Field(sa_type=BigInteger)
    told_at: int | None = Field(default=None, sa_type=BigInteger)
    balance: str | None = Field(default=None, sa_type=Text)
    moves: str | None = Field(default=None, sa_type=Text)


class ForeignTransferRow(SQLModel, table=True):
    """
    A transfer that another system was asked for: written down before the call, and after it.

    Attributes:
        key: Idempotency key.
        kind: As in the books.
        body: SHA-256 of what was asked.
        asked: JSON of the transfer.
        state: `open` until the system has answered, then `done`.
        doubtful: A call before may have been carried out.
        owner: Who is calling now.
        lease_until: It is given up then.
        tries: Calls so far.
        points: What it moved.
        after: The member's points after it.
        why: What the last call ended with.
        asked_at: When it was first asked for.
        tried_at: When it was last asked for without an answer.
    """

    __tablename__ = "foreign_transfer"
    __table_args__ = (
        Index(
            "ix_foreign_transfer_open",
            "connection",
            "unit",
            "holder",
            sqlite_where=OPEN,
        ),
    )

    key: str = Field(sa_type=Text, primary_key=True)
    connection: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    holder: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    asked: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    doubtful: bool = False
    owner: str | None = Field(default=None, sa_type=Text)
    lease_until: int = Field(sa_type=BigInteger)
    tries: int
    points: int | None = Field(default=None, sa_type=BigInteger)
    after: int | None = Field(default=None, sa_type=BigInteger)
    why: str | None = Field(default=None, sa_type=Text)
    asked_at: int = Field(sa_type=BigInteger)
    tried_at: int = Field(sa_type=BigInteger)
