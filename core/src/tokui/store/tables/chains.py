"""Chains: what was written down once, in order, each line sealed to the one before it."""

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN


class ChainRow(SQLModel, table=True):
    """
    One line of a chain, never changed: a trigger refuses it.

    Attributes:
        chain: Which chain.
        n: Its number there, from 0, without a gap.
        key: Idempotency key, within the chain.
        body: Canonical JSON.
        hash: SHA-256 of the hash before it and the body.
        actor: Who says so; not sealed, for a chain may be public.
        at: When it was written.
    """

    __tablename__ = "chain"
    __table_args__ = (UniqueConstraint("chain", "key"), {"sqlite_with_rowid": False})

    chain: str = Field(sa_type=Text, primary_key=True)
    n: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    key: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    at: int = Field(sa_type=BigInteger)
