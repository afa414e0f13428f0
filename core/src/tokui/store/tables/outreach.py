"""Reaching people: addresses that cannot be reached, messages, parcels, and what became of them."""

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from tokui.store.tables.keys import GIVEN, Id, Keyed

LOOSE = "parcel_id IS NULL AND state IN ('queued', 'deferred')"
"""A message that waits, and has no parcel yet."""


class SuppressionRow(SQLModel, table=True):
    """
    One statement that a contact point cannot or must not be reached, or can again; append-only.

    The newest of a (point, connection, stops, reason) is in force. The statement is its own key.

    Attributes:
        point: `kind:issuer:key`, as `identifier.token`.
        connection: Who says so.
        account_only: Concerns this connection alone.
        actor: Who wrote it down here; None for what a provider says.
        at: When it was first read.
    """

    __tablename__ = "suppression"
    __table_args__ = {"sqlite_with_rowid": False}

    point: str = Field(sa_type=Text, primary_key=True)
    connection: str = Field(sa_type=Text, primary_key=True)
    stops: str = Field(sa_type=Text, primary_key=True)
    reason: str = Field(sa_type=Text, primary_key=True)
    occurred_at: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    lifted: bool = Field(primary_key=True)
    account_only: bool
    detail: str | None = Field(default=None, sa_type=Text)
    actor: str | None = Field(default=None, sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class MessageRow(Keyed, table=True):
    """
    One outbound message to one person, from draft to outcome or recorded refusal.

    Attributes:
        customer_id: Whose contact point it goes to; it stays there when profiles are merged or parted.
        connection: The channel's.
        point: The contact point, as `identifier.token`.
        address: As written, to send to.
        content: JSON of the channel's `Content`.
        state: `draft`, `queued`, `deferred`, `sending`, `sent`, `delivered`, `refused`, `failed`,
            `unknown` or `cancelled`.
        campaign: What was sent to many at once has one name.
        rule: Which rule or party gave the present state.
        reason: Its words.
        due_at: Not before then.
        parcel_id: Once it is enqueued.
        sent_at: When the provider accepted it; until it answers, and where it never does, when it was
            first asked to.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_customer", "customer_id", "sent_at"),
        Index("ix_message_point", "point"),
        Index("ix_message_parcel", "parcel_id"),
        Index("ix_message_state", "state", "connection"),
        Index(
            "ix_message_loose",
            "connection",
            "due_at",
            sqlite_where=text(LOOSE),
        ),
    )

    customer_id: int = Field(sa_type=BigInteger)
    connection: str = Field(sa_type=Text)
    point: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    topic: str | None = Field(default=None, sa_type=Text)
    language: str = Field(sa_type=Text)
    template: str | None = Field(default=None, sa_type=Text)
    content: str = Field(sa_type=Text)
    campaign: str | None = Field(default=None, sa_type=Text)
    author: str = Field(sa_type=Text)
    approved_by: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    rule: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    due_at: int = Field(sa_type=BigInteger)
    parcel_id: int | None = Field(default=None, sa_type=BigInteger)
    provider_id: str | None = Field(default=None, sa_type=Text)
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)


class ParcelRow(Keyed, table=True):
    """
    The messages of one provider call.

    Attributes:
        key: UUID, made when it is enqueued.
        state: `waiting`, `leased` or `done`.
        token: Grows with each lease and is checked when its outcome is written.
        owner: Who holds the lease.
        lease_until: When another may take it over.
        first_tried_at: When it was first tried; once it is doubtful, when it may first have been sent.
        doubtful: It may have been sent: its members are frozen, and only the same key may be tried.
        due_at: Not before then.
    """

    __tablename__ = "parcel"
    __table_args__ = (Index("ix_parcel_due", "connection", "state", "due_at"),)

    connection: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text, unique=True)
    state: str = Field(sa_type=Text)
    token: int = Field(default=0, sa_type=BigInteger)
    owner: str | None = Field(default=None, sa_type=Text)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    tries: int = 0
    first_tried_at: int | None = Field(default=None, sa_type=BigInteger)
    doubtful: bool = False
    due_at: int = Field(sa_type=BigInteger)


class StepRow(Keyed, table=True):
    """
    What happened to a message, append-only.

    Attributes:
        state: The message's state from then on, or `opened`, `clicked`, `approved`.
        rule: Which rule or party: `consent`, `suppression`, `quiet`, `cap`, `contact`, `approval`,
            `channel`, `hook:NAME`, `provider`, `staff`.
        actor: The person, where one did it.
    """

    __tablename__ = "step"
    __table_args__ = (Index("ix_step_message", "message_id", "id"),)

    message_id: int = Field(sa_type=BigInteger)
    state: str = Field(sa_type=Text)
    rule: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    actor: str | None = Field(default=None, sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class PushRow(SQLModel, table=True):
    """
    What became of a preference that was written back to a connection.

    Attributes:
        customer_id: Whose record there.
        point: As `identifier.token`.
        occurred_at: When it was said; the same word is written there once.
        done: False: the connection refused it, for `reason`.
    """

    __tablename__ = "push"
    __table_args__ = {"sqlite_with_rowid": False}

    connection: str = Field(sa_type=Text, primary_key=True)
    customer_id: int = Field(sa_type=Id, primary_key=True, sa_column_kwargs=GIVEN)
    point: str = Field(sa_type=Text, primary_key=True)
    purpose: str = Field(sa_type=Text, primary_key=True)
    state: str = Field(sa_type=Text, primary_key=True)
    occurred_at: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    done: bool
    reason: str | None = Field(default=None, sa_type=Text)
    at: int = Field(sa_type=BigInteger)


class ProofRow(SQLModel, table=True):
    """
    That somebody agreed, kept when the person is erased.

    Attributes:
        hash: Of the contact point, keyed; in hexadecimal.
        until: When it is forgotten.
    """

    __tablename__ = "proof"
    __table_args__ = {"sqlite_with_rowid": False}

    hash: str = Field(sa_type=Text, primary_key=True)
    purpose: str = Field(sa_type=Text, primary_key=True)
    topic: str = Field(sa_type=Text, primary_key=True)
    occurred_at: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=GIVEN)
    evidence: str = Field(sa_type=Text, primary_key=True)
    notice: str | None = Field(default=None, sa_type=Text)
    until: int = Field(sa_type=BigInteger)
