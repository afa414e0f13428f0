"""
The rows of a receipt → its lines. Pure.

Amounts are the export's own. Two things are shared out where the export does not say it line by line: a
discount and a tax that belong to the receipt, in proportion to the lines, exact to the minor unit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from tokui.connector import Item
from tokui.model import LineRef, OrderLine, is_gtin

from tokui_pos.amounts import excel_float, spread, to_amount, to_quantity, to_rate
from tokui_pos.cells import BadCell, Head, read, text, word
from tokui_pos.encoding import GETA
from tokui_pos.layout import SalesLayout
from tokui_pos.settings import PosCsvSettings

LineKind = Literal["product", "shipping", "fee", "gift_card"]

IN_STORE = re.compile(r"2\d{12}|0?[24]\d{11}|2\d{7}")
"""GS1 prefixes 20-29 and UPC 2 and 4: codes that each shop gives out for itself (インストアコード)."""


@dataclass(slots=True)
class Draft:
    """A line before the receipt's discount and tax are shared out; amounts in minor units."""

    row: Item
    position: int
    kind: LineKind
    quantity: int
    unit_price: int
    discount: int
    tax: int
    included: bool
    rate: Decimal | None

    @property
    def net(self) -> int:
        """What the line costs, without a tax that comes on top."""
        return self.unit_price * self.quantity - self.discount


class ToLines:
    """Maps the lines of receipts of one layout."""

    def __init__(self, part: SalesLayout, settings: PosCsvSettings) -> None:
        self._part = part
        self._columns = part.columns
        self._amount = partial(to_amount, currency=settings.currency)
        self._gift_cards = frozenset(settings.gift_cards)
        self._returns = [
            (re.compile(target.pattern), target.connection) for target in settings.returns
        ]

    def __call__(self, head: Head) -> tuple[OrderLine, ...]:
        """
        The lines, in the order of the receipt.

        Raises:
            BadCell: A cell cannot be understood, or shares contradict their whole.
        """
        drafts = [self._draft(row, index) for index, row in enumerate(head.rows, 1)]
        self._share_discount(head, drafts)
        self._share_tax(head, drafts)
        return tuple(self._line(draft) for draft in drafts)

    def _draft(self, row: Item, position: int) -> Draft:
        part, columns = self._part, self._columns
        quantity = read(row, columns.quantity, to_quantity)
        price = read(row, columns.unit_price, self._amount)
        if quantity is None or price is None:
            raise BadCell(columns.unit_price if quantity else columns.quantity, "is blank")
        if text(row, columns.division) in part.returned and columns.division:
            quantity, price = -abs(quantity), abs(price)
        discount = read(row, columns.line_discount, self._amount) or 0
        discount = -discount if part.discount_sign == "negative" else discount
        discount *= abs(quantity) if part.discount_per_piece else 1
        share = read(row, columns.discount_share, self._amount) or 0
        discount += -share if part.discount_sign == "negative" else share
        tax = read(row, columns.tax, self._amount) or 0
        back = quantity < 0
        return Draft(
            row=row,
            position=position,
            kind=self._line_kind(row),
            quantity=quantity,
            unit_price=price,
            discount=-abs(discount) if back else discount,
            tax=-abs(tax) if back else tax,
            included=self._included(row),
            rate=self._rate(row),
        )

    def _line_kind(self, row: Item) -> LineKind:
        columns = self._columns
        category = text(row, columns.category)
        codes = {category, text(row, columns.sku), text(row, columns.barcode)}
        if self._gift_cards and not self._gift_cards.isdisjoint(codes):
            return "gift_card"
        return self._part.line_kinds.get(category, "product")

    def _included(self, row: Item) -> bool:
        found = word(row, self._columns.tax_included, self._part.tax_words)
        return self._part.tax_included if found is None else found

    def _rate(self, row: Item) -> Decimal | None:
        value = text(row, self._columns.tax_rate)
        if value in self._part.tax_rates:
            return self._part.tax_rates[value]
        return read(row, self._columns.tax_rate, to_rate)

    def _share_discount(self, head: Head, drafts: Sequence[Draft]) -> None:
        """Split the receipt's discount over the lines it can belong to, unless the export did."""
        whole = head.read(self._columns.receipt_discount, self._amount) or 0
        shared = sum(
            abs(read(draft.row, self._columns.discount_share, self._amount) or 0)
            for draft in drafts
        )
        if shared and whole and shared != abs(whole):
            raise BadCell(self._columns.discount_share, "does not add up to the receipt's discount")
        if not whole or shared:
            return
        whole = -whole if self._part.discount_sign == "negative" else whole
        back = all(draft.quantity < 0 for draft in drafts)
        over = [draft for draft in drafts if draft.kind != "gift_card" and (draft.net < 0) == back]
        parts = self._spread(
            whole, [abs(draft.net) for draft in over], self._columns.receipt_discount
        )
        for draft, part in zip(over, parts, strict=True):
            draft.discount += -abs(part) if back else part

    def _share_tax(self, head: Head, drafts: Sequence[Draft]) -> None:
        """Split the receipt's tax over the tax-excluded lines by what each bears of it."""
        whole = head.read(self._columns.receipt_tax, self._amount) or 0
        over = [draft for draft in drafts if not draft.included and draft.kind != "gift_card"]
        if not whole or not over or any(draft.tax for draft in drafts):
            return
        weights = [int(draft.net * (draft.rate or 1) * 1000) for draft in over]
        back = sum(weights) < 0
        bearing = [max(0, -weight if back else weight) for weight in weights]
        parts = self._spread(abs(whole) if back else whole, bearing, self._columns.receipt_tax)
        for draft, part in zip(over, parts, strict=True):
            draft.tax = -part if back else part

    def _spread(self, amount: int, weights: Sequence[int], column: str | None) -> list[int]:
        try:
            return spread(amount, weights)
        except ValueError as error:
            raise BadCell(column, f"cannot be shared out: {error}") from None

    def _line(self, draft: Draft) -> OrderLine:
        row, columns = draft.row, self._columns
        sku, barcode = self._code(row, columns.sku), self._code(row, columns.barcode)
        return OrderLine(
            line_id=text(row, columns.line_no) or str(draft.position),
            kind=draft.kind,
            quantity=draft.quantity,
            unit_price_minor=draft.unit_price,
            discount_minor=draft.discount,
            tax_minor=draft.tax,
            tax_included=draft.included,
            tax_rate=draft.rate,
            sku=sku or barcode,
            gtin=_gtin(barcode) or _gtin(sku),
            title=text(row, columns.title) or None,
            returns_line=self._returns_line(row) if draft.quantity < 0 else None,
        )

    def _code(self, row: Item, column: str | None) -> str | None:
        code = text(row, column)
        if excel_float(code):
            raise BadCell(column, "was a long number: a spreadsheet has lost its digits")
        return code if code and GETA not in code else None

    def _returns_line(self, row: Item) -> LineRef | None:
        number = text(row, self._columns.returns_order)
        if not number:
            return None
        line = text(row, self._columns.returns_line) or None
        for pattern, connection in self._returns:
            if found := pattern.fullmatch(number):
                order = found.groupdict().get("order") or number
                return LineRef(connection=connection, order=order, line=line)
        return LineRef(order=number, line=line)


def _gtin(code: str | None) -> str | None:
    return code if code and is_gtin(code) and not IN_STORE.fullmatch(code) else None
