"""What the sources know: one table for each kind of record."""

from typing import Any

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Folded, Id, Keyed


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
        features: JSON of what matching compares; None until it is computed.
    """

    __tablename__ = "customer"

    profile_id: int = Field(sa_type=BigInteger, index=True)
    stub: bool = False
    joined_into: str | None = Field(default=None, sa_type=Text)
    features: str | None = Field(default=None, sa_type=Text)


class DirtyRow(SQLModel, table=True):
    """A customer of whom something changed since the batch pass last looked."""

    __tablename__ = "dirty"

    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


class OrderRow(Recorded, table=True):
    """An order; `customer_id` is None for an anonymous sale. `spent_minor` is `Order.spent`."""

    __tablename__ = "order"

    customer_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    placed_at: int = Field(sa_type=BigInteger)
    spent_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)


class ReturnedRow(SQLModel, table=True):
    """
    An order that brings goods back.

    Attributes:
        connection: Of the sale.
        sale: External id of the order that sold them.
        order_id: The order that brings them back, in any connection.
    """

    __tablename__ = "returned"
    __table_args__ = {"sqlite_with_rowid": False}

    connection: str = Field(sa_type=Text, primary_key=True)
    sale: str = Field(sa_type=Text, primary_key=True)
    order_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


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
    often it is read; with another evidence it is another statement.

    Attributes:
        points: JSON: the contact points it is about, as `identifier.token`. A yes without a value is
            bound to those that the customer had then; None: whichever the customer has.
        actor: Who wrote it down here; None for what a source states.
        at: When it was first read; of one without a time, when it was last said anew.
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
    evidence: str = Field(sa_type=Text, primary_key=True)
    external_id: str = Field(sa_type=Text)
    reference: str | None = Field(default=None, sa_type=Text)
    notice: str | None = Field(default=None, sa_type=Text)
    stated_purpose: str | None = Field(default=None, sa_type=Text)
    points: str | None = Field(default=None, sa_type=Text)
    actor: str | None = Field(default=None, sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class DenialRow(SQLModel, table=True):
    """
    Whose no concerns a contact point; kept when the customer has it no more, or is gone.

    Attributes:
        point: As `identifier.token`.
        customer_id: Whose statements are to be read.
    """

    __tablename__ = "denial"
    __table_args__ = {"sqlite_with_rowid": False}

    point: str = Field(sa_type=Folded, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)


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
