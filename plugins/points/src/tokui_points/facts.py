"""What a programme is told of a person. No clock and no I/O: every function here is pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from tokui.connector import Purchase
from tokui.model import OrderLine, PartialDate

__all__ = ["Earned", "Person", "Purchase", "Step", "TakenBack", "sales_of"]

Spot: TypeAlias = tuple[str, str, str]
"""Where a line stands: connection, order, line."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody who may earn.

    Attributes:
        id: Tells them from others; nothing personal.
        purchases: All of them, in any order, from as long ago as is known.
        joined: The shop's day on which they became a member; None where nobody knows.
        birthday: May lack parts.
    """

    id: str
    purchases: Sequence[Purchase] = ()
    joined: date | None = None
    birthday: PartialDate | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """
    What one line of an order earned, by the one rule that applied.

    Attributes:
        day: The shop's own day, which decides the rule and the period.
        at: When it was bought. UTC.
        base: What it earns on, in minor units.
        points: For `base`.
        rate: Points for each unit of money.
        rule: Name of the rule; the tier's rate has none.
        tier: Name of the tier that the buyer had.
    """

    purchase: Purchase
    line: OrderLine
    day: date
    at: datetime
    base: int
    points: int
    rate: tuple[int, int]
    rule: str | None
    tier: str

    @property
    def spot(self) -> Spot:
        """Where it stands."""
        return (*self.purchase.key, self.line.line_id)


@dataclass(frozen=True, slots=True, eq=False)
class TakenBack:
    """
    What the return of a line, or of a part of it, takes back.

    Attributes:
        of: What the line had earned.
        spot: The line that says so.
        day: The shop's day of the return.
        base: So much less was spent.
        points: So many points fewer; together with what is kept always as if only that had been bought.
            Below nothing where a receipt is rounded as one, and the line gets a share of another.
    """

    of: Earned
    spot: Spot
    day: date
    at: datetime
    base: int
    points: int


@dataclass(frozen=True, slots=True)
class Step:
    """
    A change of tier.

    Attributes:
        day: From this day on.
        tier: Which tier.
        was: Which before; None for the first.
        why: `joined`, `reached` at once, `period_end`, or `returned` in a programme without periods.
    """

    day: date
    tier: str
    was: str | None
    why: str


def sales_of(purchase: Purchase) -> set[tuple[str, str]]:
    """The orders whose goods come back by this one."""
    refs = (line.returns_line for line in purchase.order.lines if line.returns_line)
    return {(ref.connection or purchase.connection, ref.order) for ref in refs}
