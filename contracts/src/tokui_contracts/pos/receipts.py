"""Sales of the town as lines of receipts; goods that come back have a receipt of their own."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tokui_contracts.town import Line, Purchase
from tokui_contracts.town.purchases import ROOM


class Row(NamedTuple):
    """
    One line of a receipt; goods that came back have a receipt of their own.

    Attributes:
        receipt: Its number.
        back: Goods that come back.
        pieces: How many.
        discount: The line's share, of these pieces.
        first: It also carries what belongs to the receipt as a whole.
        whole: Discount of the receipt.
        total: What the receipt comes to; of goods that come back, too, without a sign.
    """

    sale: Purchase
    line: Line
    receipt: int
    at: datetime
    back: bool
    pieces: int
    discount: int
    first: bool
    whole: int
    total: int


def _sold(sale: Purchase) -> Iterator[Row]:
    whole = sum(line.discount for line in sale.lines)
    for line in sale.lines:
        first = line.number == 0
        yield Row(
            sale,
            line,
            sale.number,
            sale.at,
            False,
            line.quantity,
            line.discount,
            first,
            whole,
            sale.total,
        )


def _returned(sale: Purchase) -> Iterator[Row]:
    """A receipt of its own, for the one line of which something came back."""
    for line in sale.lines:
        pieces = sale.returned.get(line.number, 0)
        if pieces and sale.returned_at:
            paid = sale.refund(line)
            less = line.variant.price * pieces - paid
            number = sale.number + ROOM // 2
            yield Row(sale, line, number, sale.returned_at, True, pieces, less, True, less, paid)


def receipts(sales: Iterable[Purchase]) -> Iterator[Row]:
    """Every line of every receipt, returns after their sale."""
    for sale in sales:
        yield from _sold(sale)
        yield from _returned(sale)
