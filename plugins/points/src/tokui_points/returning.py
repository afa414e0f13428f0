"""What comes back, and of which sale: exactly what it had earned is taken back."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tokui.model import OrderLine

from tokui_points.climb import Climb
from tokui_points.facts import Purchase, TakenBack
from tokui_points.rates import Standing, shares
from tokui_points.settings import Programme
from tokui_points.sold import Sold, is_same


class _Sale(NamedTuple):
    lines: Sequence[Sold]
    receipt: Sequence[Sold]
    standing: Standing
    purchase: Purchase


class Shelf:
    """
    What one person bought so far.

    Attributes:
        taken: What returns took back.
        unmatched: Lines that came back of nobody knows what.
    """

    def __init__(self, programme: Programme, purchases: Sequence[Purchase]) -> None:
        self._programme = programme
        self._known = {each.key for each in purchases}
        self._sales: dict[tuple[str, str], _Sale] = {}
        self.taken: list[TakenBack] = []
        self.unmatched: list[tuple[Purchase, OrderLine]] = []

    def put(self, purchase: Purchase, sold: Sequence[Sold], standing: Standing) -> None:
        """Note what was sold, and under which standing."""
        self._sales[purchase.key] = _Sale(sold, sold, standing, purchase)

    def bring_back(self, purchase: Purchase, today: date, climb: Climb) -> Standing | None:
        """Take back for all lines that came back; under which standing the first was bought."""
        first = None
        for line in purchase.order.lines:
            if not self._matters(line):
                continue
            sale = self._sale_of(purchase, line)
            if sale is None:
                self._miss(purchase, line)
                continue
            if any(sold.counts for sold in sale.receipt):
                first = first or sale.standing
            for sold, less in _shares(sale.lines, line):
                self._take(purchase, line, sale.receipt, today)
                if sold.earned and sold.counts:
                    climb.count(today, sold.earned.day, -less)
        return first

    def _matters(self, line: OrderLine) -> bool:
        """A return of what earns, or money that is given back without goods."""
        if line.kind == "fee" and not self._programme.basis.fee:
            return line.quantity < 0 and line.total_minor < 0
        return line.quantity < 0 and line.kind in self._programme.basis.kinds

    def _miss(self, purchase: Purchase, line: OrderLine) -> None:
        ref = line.returns_line
        sale = (ref.connection or purchase.connection, ref.order) if ref else None
        if line.kind != "fee" and sale not in self._known:
            self.unmatched.append((purchase, line))

    def _sale_of(self, purchase: Purchase, line: OrderLine) -> _Sale | None:
        """The sale with those of its lines that may be meant, the likeliest first."""
        ref = line.returns_line
        if ref is None:
            return self._unsaid(purchase, line)
        sale = self._sales.get((ref.connection or purchase.connection, ref.order))
        if sale is None:
            return None
        if ref.line is None:
            likely = sorted(sale.lines, key=lambda sold: not is_same(sold.line, line))
        else:
            likely = [sold for sold in sale.lines if sold.line.line_id == ref.line]
        return sale._replace(lines=likely)

    def _unsaid(self, purchase: Purchase, line: OrderLine) -> _Sale | None:
        """Money back belongs to the receipt of that number, goods to the last sale of the article."""
        for sale in reversed(self._sales.values()):
            same_place = sale.purchase.connection == purchase.connection
            number = purchase.order.number
            if line.kind == "fee" and same_place and number == sale.purchase.order.number:
                return sale if number else None
            counting = [sold for sold in sale.lines if sold.counts and sold.left]
            same = [sold for sold in counting if is_same(sold.line, line)]
            if same and line.kind != "fee":
                return sale._replace(lines=same)
        return None

    def _take(
        self, purchase: Purchase, line: OrderLine, receipt: Sequence[Sold], today: date
    ) -> None:
        """Bring the lines of a receipt to what is kept of them: of all, where it is rounded as one."""
        sold = [(each, each.earned) for each in receipt if each.earned]
        kept = shares([(each.base, earned.rate) for each, earned in sold], self._programme)
        spot = (*purchase.key, line.line_id)
        for (each, earned), points in zip(sold, kept, strict=True):
            less, fewer = each.counted - each.base, each.points - points
            if less or fewer:
                at = max(purchase.order.placed_at, earned.at)
                self.taken.append(TakenBack(earned, spot, today, at, less, fewer))
            each.counted, each.points = each.base, points


def _shares(lines: Sequence[Sold], back: OrderLine) -> Iterator[tuple[Sold, int]]:
    """Spread what came back over the lines meant; each with how much less of it earns."""
    amount, pieces = -back.total_minor, -back.quantity if back.kind != "fee" else 0
    for sold in lines:
        before, there = sold.base, sold.line.quantity - sold.pieces
        exact = len(lines) == 1 or is_same(sold.line, back)
        mine = min(pieces, there) if exact else 0
        if share := sold.take(amount, mine):
            yield sold, before - sold.base
        amount, pieces = amount - share, pieces - mine
        if amount <= 0 or (mine and not pieces):
            return
