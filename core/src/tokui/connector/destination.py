"""Writing back what changed. Provisional until its first user lands."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tokui.connector.connection import Capability


@dataclass(frozen=True, slots=True)
class Change:
    """
    One entry of the change feed.

    Attributes:
        seq: Ascending, gaps allowed.
        profile_id: Whose profile changed.
        what: `customer` (a record of theirs is new or changed), `order`, `event`, `consent`,
            `household`, `merged` (it joined another profile, and its id resolves to that one, or was
            joined by one), `split` (customers left it, or came from one that they left), or `answer`
            (what somebody said of who they are holds no more).
        at: When it was committed. UTC.
    """

    seq: int
    profile_id: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of one pushed change; `reason` is set when it was refused."""

    seq: int
    done: bool
    reason: str | None = None


class Destination(Capability):
    """Is told what changed."""

    @abstractmethod
    def push(self, changes: Sequence[Change]) -> Sequence[Ack]:
        """Write changes back. Idempotent; fed from the change feed by a cursor of its own."""
