"""The books: accounts, transfers, entries, lots. Double entry, in points; money has no place here."""

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Folded, Keyed

OPEN = text("remaining > 0")


class AccountRow(Keyed, table=True):
    """
    One account. Its balance is the sum of its entries.

    Attributes:
        unit: What is counted: the name of a points programme.
        holder: Member number; empty for the shop's own accounts.
        kind: Of a member `points`, `held`, `owed`; of the shop `issued`, `spent`, `expired`.
        version: Grows with each transfer, of a member's points. Whoever planned on an older one writes
            nothing.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("unit", "holder", "kind"),
        CheckConstraint(
            "CASE kind WHEN 'owed' THEN balance <= 0 WHEN 'issued' THEN balance <= 0 "
            "ELSE balance >= 0 END",
            name="ck_account_balance",
        ),
    )

    unit: str = Field(sa_type=Text)
    holder: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    balance: int = Field(sa_type=BigInteger)
    version: int = Field(sa_type=BigInteger)


class TransferRow(Keyed, table=True):
    """
    One transfer, never changed: a trigger refuses it.

    Attributes:
        key: Idempotency key.
        body: SHA-256 of what was asked.
        account_id: The member's points.
        of_id: The transfer that it takes back or resolves.
        nth: Its number among those of `of_id`: no two can be the same one.
        points: So many were asked for.
        moved: What it gave the member's points, or took.
        after: Their balance after it.
        at: When it took effect; of what is due by itself, when it was due.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("of_id", "nth"),
        Index("ix_transfer_account", "account_id", "id"),
    )

    key: str = Field(sa_type=Folded, unique=True)
    body: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    account_id: int = Field(sa_type=BigInteger)
    of_id: int | None = Field(default=None, sa_type=BigInteger)
    nth: int | None = None
    points: int = Field(sa_type=BigInteger)
    moved: int = Field(sa_type=BigInteger)
    after: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class EntryRow(SQLModel, table=True):
    """
    One line of a transfer, never changed. The lines of a transfer add up to nothing.

    Attributes:
        nth: Number of the line.
        lot_id: The lot that the points are from.
    """

    __tablename__ = "entry"
    __table_args__ = {"sqlite_with_rowid": False}

    transfer_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    nth: int = Field(primary_key=True, sa_column_kwargs=GIVEN)
    account_id: int = Field(sa_type=BigInteger)
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    points: int = Field(sa_type=BigInteger)


class LotRow(Keyed, table=True):
    """
    Points with one beginning and one end: those of one earning, or those of one hold.

    Attributes:
        account_id: A member's `points`; `held` for a hold.
        transfer_id: The earning or the hold.
        points: So many there were.
        remaining: So many are there still; none of a hold that is resolved.
        expired: So many were lost at the end.
        active_at: Not to be spent before.
        expires_at: The first moment at which they are lost, or a hold is released.
    """

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint(
            "remaining >= 0 AND expired >= 0 AND remaining + expired <= points",
            name="ck_lot_remaining",
        ),
        Index(
            "ix_lot_open",
            "account_id",
            "expires_at",
            "id",
            sqlite_where=OPEN,
        ),
        Index("ix_lot_due", "expires_at", sqlite_where=OPEN),
    )

    account_id: int = Field(sa_type=BigInteger)
    transfer_id: int = Field(sa_type=BigInteger)
    points: int = Field(sa_type=BigInteger)
    remaining: int = Field(sa_type=BigInteger)
    expired: int = Field(sa_type=BigInteger)
    active_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
