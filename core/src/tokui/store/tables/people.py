"""Who is who: identifiers, names, links."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Folded, Id, Keyed


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

    token: str = Field(sa_type=Folded, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    strength: str = Field(sa_type=Text)


class SearchRow(SQLModel, table=True):
    """A name, folded for searching by its beginning."""

    __tablename__ = "search"
    __table_args__ = {"sqlite_with_rowid": False}

    key: str = Field(sa_type=Folded, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)


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
