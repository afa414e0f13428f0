"""Writing back what a person said elsewhere, to a system that keeps it as well."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tokui.connector.connection import Capability
from tokui.model import Purpose, Reach


@dataclass(frozen=True, slots=True)
class Change:
    """
    One entry of the change feed.

    Attributes:
        seq: Ascending, gaps allowed.
        profile_id: Whose profile changed.
        what: `customer` (a record of theirs is new or changed), `order`, `event`, `consent`,
            `suppression` (of a contact point of theirs), `message`, `household`, `merged` (it joined
            another profile, and its id resolves to that one, or was joined by one), `split`
            (customers left it, or came from one that they left), or `answer` (what somebody said of
            who they are holds no more).
        at: When it was committed. UTC.
    """

    seq: int
    profile_id: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preference:
    """
    How a person wants to be reached at one contact point, as far as the system does not know.

    Attributes:
        customer: External id of the customer in this connection, who has the contact point.
        contact: Its kind; one of `Destination.takes`.
        value: As this system writes it.
        state: What everybody's statements on it come to.
        occurred_at: When that was said; later than what the system itself says, so that systems
            which go by the newest word take it. UTC.
        purpose: What for.
        evidence: What proves it, as in `Consent`.
    """

    customer: str
    contact: Reach
    value: str
    state: Literal["granted", "denied", "revoked"]
    occurred_at: datetime
    purpose: Purpose = "marketing"
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of one preference; `reason` is set when it was refused, without personal data."""

    done: bool
    reason: str | None = None


class Destination(Capability):
    """Is told what people said elsewhere."""

    @property
    @abstractmethod
    def takes(self) -> Sequence[Reach]:
        """Kinds of contact points whose consents it is told; none while the settings say so."""

    @abstractmethod
    def push(self, preferences: Sequence[Preference]) -> Sequence[Ack]:
        """
        Write them there; one Ack for each, in their order. The same again has no second effect.

        Raises:
            TokuiError: It broke off; whatever was written is written again the next time.
        """
