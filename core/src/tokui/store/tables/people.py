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
        reading: The sound of the bearer's given name, after `?` where it may be read otherwise:
            bearers of many different ones share the value.
    """

    __tablename__ = "identifier"
    __table_args__ = {"sqlite_with_rowid": False}

    token: str = Field(sa_type=Folded, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    strength: str = Field(sa_type=Text)
    reading: str | None = Field(default=None, sa_type=Text)


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


class MatchKeyRow(SQLModel, table=True):
    """
    A key under which candidates for matching are found.

    Attributes:
        key: 64 bits of what customers have in common; only the hash is kept.
        customer_id: Who has it.
    """

    __tablename__ = "match_key"
    __table_args__ = {"sqlite_with_rowid": False}

    key: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    customer_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)


class SharedValueRow(SQLModel, table=True):
    """
    An identifier that says nothing of who somebody is.

    Attributes:
        token: As in `identifier`.
        reason: Why: too many bearers, or blocked by the configuration.
        decision_id: When it was marked, by whom.
        at: When.
    """

    __tablename__ = "shared_value"

    token: str = Field(sa_type=Folded, primary_key=True)
    reason: str = Field(sa_type=Text)
    decision_id: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)


class HouseholdRow(Keyed, table=True):
    """People who share an address and a name."""

    __tablename__ = "household"

    at: int = Field(sa_type=BigInteger)


class HouseholdMemberRow(SQLModel, table=True):
    """
    Who belongs to a household; merged with nobody by that.

    Attributes:
        customer_id: The member; whoever else is of the same profile belongs to it as well.
        role: As staff say: `spouse`, `child`, …; `member` where nobody said.
        since: When it began; None where nobody knows.
        until: When it ended; None while it lasts.
        actor: `rule`, or `staff:NAME` whose word the rule leaves alone.
    """

    __tablename__ = "household_member"
    __table_args__ = {"sqlite_with_rowid": False}

    household_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    customer_id: int = Field(sa_type=Id, primary_key=True, index=True, sa_column_kwargs=GIVEN)
    role: str = Field(sa_type=Text)
    since: int | None = Field(default=None, sa_type=BigInteger)
    until: int | None = Field(default=None, sa_type=BigInteger)
    actor: str = Field(sa_type=Text)
