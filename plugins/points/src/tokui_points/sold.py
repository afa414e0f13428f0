"""A line that was sold, and how much of it was not brought back. Money only; points are `rates`."""

from collections.abc import Iterator
from dataclasses import dataclass

from tokui.model import OrderLine

from tokui_points.facts import Earned, Purchase
from tokui_points.settings import Programme


@dataclass(slots=True, eq=False)
class Sold:
    """
    A line that was sold.

    Attributes:
        net: What earns of it, when it is kept whole and not paid with points.
        total: What it cost, tax included.
        unpaid: Which part of its order was not paid with points, as a fraction.
        counts: It earns; by other rules what does not may have.
        points: For what is kept of it.
        counted: `base` when its points were counted last.
        back: So much of `total` came back.
        pieces: So many pieces came back.
    """

    line: OrderLine
    net: int
    total: int
    unpaid: tuple[int, int]
    counts: bool = True
    earned: Earned | None = None
    points: int = 0
    counted: int = 0
    back: int = 0
    pieces: int = 0

    @property
    def base(self) -> int:
        """What earns of that which is kept."""
        part, whole = self.unpaid
        return self.net * self.left * part // (self.total * whole)

    @property
    def left(self) -> int:
        """What of `total` can still come back."""
        return self.total - self.back

    def take(self, amount: int, pieces: int) -> int:
        """
        Let some of it come back; how much of `total` that was.

        Args:
            amount: Money given back, none where the source does not say it.
            pieces: Pieces that came back; with the last of them all of the line is back, whatever
                was paid for it.
        """
        if pieces and self.pieces + pieces >= self.line.quantity:
            share = self.left
        elif pieces and amount <= 0:
            share = min(self.left, self.total * pieces // self.line.quantity)
        else:
            share = max(0, min(self.left, amount))
        self.back += share
        self.pieces += pieces
        return share


def sold_lines(programme: Programme, purchase: Purchase) -> Iterator[Sold]:
    """The lines of an order."""
    unpaid = _unpaid(programme, purchase)
    here = purchase.connection in programme.earns_from
    for line in purchase.order.lines:
        total = line.total_minor
        if line.quantity > 0 and total > 0:
            net = total if programme.basis.tax else total - line.tax_minor
            counts = here and line.kind in programme.basis.kinds
            yield Sold(line, net, total, unpaid, counts)


def is_same(sold: OrderLine, back: OrderLine) -> bool:
    """Whether what comes back is of the article that was sold."""
    pairs = ((sold.variant, back.variant), (sold.gtin, back.gtin), (sold.sku, back.sku))
    return any(one is not None and one == other for one, other in pairs)


def _unpaid(programme: Programme, purchase: Purchase) -> tuple[int, int]:
    order = purchase.order
    paid = sum(tender.amount_minor for tender in order.tenders if tender.kind == "points")
    if programme.basis.paid_with_points or paid <= 0:
        return 1, 1
    whole = sum(line.total_minor for line in order.lines if line.total_minor > 0)
    return (max(0, whole - paid), whole) if whole else (1, 1)
