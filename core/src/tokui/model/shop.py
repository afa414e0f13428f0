"""The shop itself: where it sells and who works there."""

from datetime import date
from typing import ClassVar, Literal

from tokui.model.person import Address
from tokui.model.record import ExternalId, Record, Value


class Location(Record):
    """
    A store, a warehouse, or the online shop.

    Attributes:
        name: As staff call it.
        kind: What happens there.
        address: Where it is.
        active: False once it is closed.
    """

    kind_name: ClassVar[str] = "location"

    name: str
    kind: Literal["store", "warehouse", "online"] = "store"
    address: Address | None = None
    active: bool = True


class Assignment(Value):
    """
    A time in which a member of staff belongs to a location.

    Attributes:
        location: External id of the location.
        since: First day; None when it always was so.
        until: Last day; None while it lasts.
    """

    location: ExternalId
    since: date | None = None
    until: date | None = None


class Staff(Record):
    """
    A person who serves customers.

    Attributes:
        display_name: As printed on receipts.
        assignments: Where they work, with dates.
    """

    kind_name: ClassVar[str] = "staff"

    display_name: str
    assignments: tuple[Assignment, ...] = ()
