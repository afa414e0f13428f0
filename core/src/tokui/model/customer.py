"""The customer: one system's record of a person."""

from typing import ClassVar, Literal

from tokui.model.person import Address, Identifier, PartialDate, PersonName
from tokui.model.record import ExternalId, Instant, LanguageTag, Record


class Customer(Record):
    """
    One system's record of a person, always whole.

    What another object embeds about a customer (an order's buyer) is a reference, never a partial
    customer. A field that the source does not show to us is listed in `withheld`: absent by
    permission is not empty, and does not erase what was known.

    Attributes:
        name: As the source writes it.
        identifiers: The customer's own contact fields and numbers. Those of a ship-to, or of an
            address-book entry, do not belong here.
        birthday: May lack the year.
        gender: As stated by the person.
        language: BCP 47.
        addresses: The address book, the preferred one first.
        tags: The source's own labels.
        note: Free text about the customer, kept by staff in the source.
        created_at: When the source first knew the customer. UTC.
        guest: True for a purchase's contact details that no registered account stands behind.
        withheld: Names of fields of this record that the source may not show to us.
    """

    kind_name: ClassVar[str] = "customer"

    name: PersonName | None = None
    identifiers: tuple[Identifier, ...] = ()
    birthday: PartialDate | None = None
    gender: Literal["female", "male", "other"] | None = None
    language: LanguageTag | None = None
    addresses: tuple[Address, ...] = ()
    tags: tuple[str, ...] = ()
    note: str | None = None
    created_at: Instant | None = None
    guest: bool = False
    withheld: tuple[str, ...] = ()


class Joined(Record):
    """
    The source merged two of its own customers: `external_id` lives on in `into`.

    Attributes:
        into: External id of the surviving customer, of the same connection.
    """

    kind_name: ClassVar[str] = "joined"

    into: ExternalId


class Gone(Record):
    """
    An object that the source no longer has.

    Attributes:
        kind: `kind_name` of the record that is gone: `customer`, `order`, `variant`, ….
    """

    kind_name: ClassVar[str] = "gone"

    kind: str
