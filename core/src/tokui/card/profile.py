"""The golden view of one person: what all records say together, each value with its source."""

from datetime import datetime
from typing import Generic, Literal, Self, TypeVar

from tokui.model import Address, PartialDate, PersonName, Value

T = TypeVar("T")

Rule = Literal[
    "only",
    "agreed",
    "registered",
    "written",
    "verified",
    "priority",
    "recent",
    "frequent",
    "longest",
    "first",
    "all",
]
"""
Why a value stands in the golden view.

`only` one record states it; `agreed`: all that state it say the same; `registered` beats a guest; then
a name that is whole and `written`, not a reading or a nickname; then a record with a `verified`
contact, the connection of lower `priority` number, the most `recent` record, what is most `frequent`,
the `longest` value; `first` by connection and id, where nothing else decides; `all`: no choice, every
record's value is kept.
"""


class Source(Value):
    """
    The record that states a value.

    Attributes:
        connection: Name of the connection.
        external_id: The customer's id there.
    """

    connection: str
    external_id: str


class Sourced(Value, Generic[T]):
    """
    A value of the golden view: whole, from one record.

    Attributes:
        value: As the record states it.
        source: The record.
        rule: Why this value and not another's.
        at: When the source last changed the record; None when it cannot say. UTC.
    """

    value: T
    source: Source
    rule: Rule
    at: datetime | None = None


class KnownAs(Value):
    """
    An identifier of the person, once, however many records state it.

    Attributes:
        kind: `email`, `phone`, `member_no`, `line_user_id`, ….
        issuer: Who gave it out; `*` for email and phone.
        raw: As the best record writes it. Send to this, never to `key`.
        key: Match key; None for a value that matches nothing (a placeholder, a lost character).
        verified: Some record's source checked that it is this person's.
        sources: All records that state it, the best first.
        at: When the best record last changed; None when its source cannot say. UTC.
    """

    kind: str
    issuer: str
    raw: str
    key: str | None
    verified: bool
    sources: tuple[Source, ...]
    at: datetime | None = None


class Golden(Value):
    """
    What all records of one person say together.

    Attributes:
        name: Whole, of one record; never one's kanji with another's reading.
        birthday: May lack the year.
        gender: As stated by the person.
        language: BCP 47.
        addresses: Each once; the best record's preferred one first.
        identifiers: Verified ones first, then by record.
        tags: All sources' labels, each once.
        customers: The records, the best first.
    """

    name: Sourced[PersonName] | None = None
    birthday: Sourced[PartialDate] | None = None
    gender: Sourced[Literal["female", "male", "other"]] | None = None
    language: Sourced[str] | None = None
    addresses: tuple[Sourced[Address], ...] = ()
    identifiers: tuple[KnownAs, ...] = ()
    tags: tuple[Sourced[str], ...] = ()
    customers: tuple[Source, ...]


class Profile(Golden):
    """
    The person: the golden view under a stable id.

    Attributes:
        profile_id: Never reused; ids of merged profiles lead here.
    """

    profile_id: int

    @classmethod
    def of(cls, profile_id: int, golden: Golden) -> Self:
        """Give a golden view its id."""
        return cls.model_validate({**vars(golden), "profile_id": profile_id})
