"""Facts that are neither orders nor stock: what happened, and what a person agreed to."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from tokui.model.person import ContactKind, Purpose
from tokui.model.record import ExternalId, Instant, Record


class Event(Record):
    """
    Something that happened with a customer, once; told again with a newer version, it is replaced.

    Attributes:
        customer: External id of the customer in this connection.
        type: `visit`, `note`, `call`, `chat`, `appointment`, `receipt`, `contest`, `form`, `follow`,
            `unfollow`, `open`, `click`, `bounce`, `unsubscribe`, or a type of the plugin's own.
        occurred_at: When it happened. UTC.
        location: External id of the location.
        staff: External id of the member of staff.
        text: What a person wrote, or what the card should say of it.
        data: What else the source says; small, JSON.
    """

    kind_name: ClassVar[str] = "event"

    customer: ExternalId
    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$")]
    occurred_at: Instant
    location: ExternalId | None = None
    staff: ExternalId | None = None
    text: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class Consent(Record):
    """
    What a person said about being contacted, at one moment; never overwritten, only followed.

    `external_id` names the statement's subject in the source (usually the customer's id and the
    contact kind); the same subject, state and time is the same statement.

    Attributes:
        customer: External id of the customer in this connection.
        contact: Kind of contact point it is about; `any` is the person, however reached.
        value: The contact point as written; None means whichever the customer has there.
        purpose: What for.
        topic: A narrower subject, such as `new_arrivals`; None means all.
        state: `unknown` when the source was never told.
        occurred_at: When it was said; None when the source does not know. UTC.
        evidence: What proves it: `form`, `receipt`, `double_opt_in`, `staff`, `import`, ….
        reference: Where the proof is kept: number of the form, of the receipt, of the signature.
        notice: Version of the privacy notice that was shown.
        stated_purpose: What was said it is used for (利用目的), as shown to the person.
    """

    kind_name: ClassVar[str] = "consent"

    customer: ExternalId
    contact: ContactKind
    value: str | None = None
    purpose: Purpose = "marketing"
    topic: str | None = None
    state: Literal["granted", "denied", "revoked", "unknown"]
    occurred_at: Instant | None = None
    evidence: str | None = None
    reference: str | None = None
    notice: str | None = None
    stated_purpose: str | None = None

    @property
    def key(self) -> str:
        """Subject, state and time: a later statement is another fact, never an overwrite."""
        when = self.occurred_at.isoformat() if self.occurred_at else "-"
        return f"{self.external_id}|{self.purpose}|{self.topic or '-'}|{self.state}|{when}"
