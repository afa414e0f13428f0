"""What becomes of reaching people: addresses that cannot be reached, deliveries, and who the shop is."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tokui.model.person import Reach
from tokui.model.record import Instant, Record, Value


class Suppression(Record):
    """
    A contact point that cannot or must not be reached, apart from consent.

    Attributes:
        contact: Kind of contact point.
        value: The contact point as written.
        stops: `all` that would be sent there (a hard bounce, a block), or `marketing` only (a
            complaint, an unsubscribe).
        account_only: True when it concerns the connection that says so, and no other (a LINE block).
        reason: Why.
        occurred_at: When it happened. UTC.
        lifted: It holds no more: the address works again, the account was unblocked.
        detail: The provider's word for it, without personal data.
    """

    kind_name: ClassVar[str] = "suppression"

    contact: Reach
    value: Annotated[str, Field(min_length=1, max_length=512)]
    stops: Literal["all", "marketing"]
    account_only: bool = False
    reason: Literal["bounce", "complaint", "unsubscribe", "block", "manual"]
    occurred_at: Instant
    lifted: bool = False
    detail: str | None = None


class Delivery(Record):
    """
    What a provider reports about a message that we sent.

    Attributes:
        parcel: The key of its parcel.
        value: To whom of the parcel, as written; None means all of it.
        state: `delivered`, `bounced` (for good), `deferred` (the provider tries on), `opened`,
            `clicked`.
        occurred_at: When it happened. UTC.
        reason: The provider's word for it, without personal data.
    """

    kind_name: ClassVar[str] = "delivery"

    parcel: Annotated[str, Field(min_length=1, max_length=128)]
    value: str | None = None
    state: Literal["delivered", "bounced", "deferred", "opened", "clicked"]
    occurred_at: Instant
    reason: str | None = None


class Sender(Value):
    """
    Who the shop is, in one language; what the law wants to be read in a marketing e-mail.

    Attributes:
        name: The sender's legal or trade name.
        postal_address: Where the sender can be written to.
        complaints: E-mail address, phone number or URL that takes complaints and questions.
    """

    name: Annotated[str, Field(min_length=1)]
    postal_address: Annotated[str, Field(min_length=1)]
    complaints: Annotated[str, Field(min_length=1)]
