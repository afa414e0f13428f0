"""What a pass over the customers came to."""

from dataclasses import dataclass, field

from tokui.identity.carry import Done


@dataclass(slots=True)
class Report:
    """
    What a pass saw and did.

    Attributes:
        everything: It looked at all customers.
        customers: How many it looked at.
        pairs: Pairs that were weighed.
        marked: Identifiers that are shared from now on.
        unmarked: Those that are so no more.
        homes: Memberships of households that changed.
        done: What was carried out, or would be.
        stopped: It was asked to end before it was through.
    """

    everything: bool = False
    customers: int = 0
    pairs: int = 0
    marked: int = 0
    unmarked: int = 0
    homes: int = 0
    done: Done = field(default_factory=Done)
    stopped: bool = False
