"""Orders: sales, returns, exchanges, preorders and holds, in any channel."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from tokui.model.money import Money
from tokui.model.person import Address
from tokui.model.record import CurrencyCode, ExternalId, Instant, Record, Value

SETTLED = frozenset({"paid", "fulfilled", "picked_up"})
"""States in which an order's lines are money spent."""


class LineRef(Value):
    """
    Points at a line of an order that may lie in another connection.

    Attributes:
        connection: Name of the connection; None means the one that states the reference.
        order: External id of the order.
        line: The line's id in that order; None when the source only knows the order.
    """

    connection: str | None = None
    order: ExternalId
    line: ExternalId | None = None


class OrderLine(Value):
    """
    One line, with the amounts that the source computed. Nothing is recomputed.

    Goods that come back have a negative quantity, and their discount and tax are negative or zero.

    Attributes:
        line_id: The line's id, unique in its order.
        kind: What is sold. A gift card's sale is not turnover: its spending is.
        quantity: Whole pieces; negative for a return.
        unit_price_minor: Price of one piece before discounts, in minor units of the order's currency.
        discount_minor: The line's share of all discounts, the order's included.
        tax_minor: Tax of the line after discounts.
        tax_included: True when prices contain the tax (内税).
        tax_rate: A fraction: `0.08`; None when unknown or mixed.
        variant: External id of the variant in this connection.
        sku: Stock keeping unit, as printed on the line.
        gtin: Barcode as printed on the line (JAN).
        title: What the receipt calls it.
        returns_line: The line that comes back, for a return.
    """

    line_id: ExternalId
    kind: Literal["product", "shipping", "fee", "gift_card"] = "product"
    quantity: int
    unit_price_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    tax_included: bool = True
    tax_rate: Decimal | None = None
    variant: ExternalId | None = None
    sku: str | None = None
    gtin: str | None = None
    title: str | None = None
    returns_line: LineRef | None = None

    @property
    def total_minor(self) -> int:
        """What the line costs the customer, tax included, in minor units."""
        tax = 0 if self.tax_included else self.tax_minor
        return self.unit_price_minor * self.quantity - self.discount_minor + tax


class Tender(Value):
    """
    One way in which an order was paid.

    Attributes:
        kind: What was given. `prepaid` is stored money of the shop or of a wallet.
        amount_minor: In minor units of the order's currency; negative when given back.
        label: The source's own name of it, such as `PayPay`.
    """

    kind: Literal["cash", "card", "points", "gift_card", "prepaid", "other"]
    amount_minor: int
    label: str | None = None


class Order(Record):
    """
    One sale, return, exchange, preorder or hold (取り置き).

    Attributes:
        kind: A return of goods sold elsewhere is its own order of kind `return`.
        state: Only `paid`, `fulfilled` and `picked_up` count as money spent.
        number: What the receipt or the shop calls it.
        placed_at: When it was made. UTC.
        business_date: The shop's own day, which may end after midnight.
        currency: ISO 4217, of all amounts in it.
        buyer: External id of the customer in this connection; None for an anonymous sale.
        bill_to: Never an identifier of the buyer.
        ship_to: Often somebody else (gifts). Never an identifier of the buyer.
        location: External id of the store, in this connection.
        staff: External id of who served, in this connection.
        channel: Where it was bought.
        source_name: The source's own word for the channel.
        tenders: How it was paid.
        lines: In the order of the receipt; each has an id of its own.
        note: Free text on the order.
    """

    kind_name: ClassVar[str] = "order"

    kind: Literal["sale", "return", "exchange", "preorder", "hold"] = "sale"
    state: Literal["open", "paid", "fulfilled", "picked_up", "cancelled", "voided"]
    number: str | None = None
    placed_at: Instant
    business_date: date | None = None
    currency: CurrencyCode
    buyer: ExternalId | None = None
    bill_to: Address | None = None
    ship_to: Address | None = None
    location: ExternalId | None = None
    staff: ExternalId | None = None
    channel: Literal["store", "online", "phone", "other"] = "other"
    source_name: str | None = None
    tenders: tuple[Tender, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _tells_lines_apart(self) -> Self:
        if len({line.line_id for line in self.lines}) < len(self.lines):
            raise ValueError("two lines have one `line_id`")
        return self

    @property
    def total_minor(self) -> int:
        """Sum of all line totals, tax included, in minor units."""
        return sum(line.total_minor for line in self.lines)

    @property
    def spent(self) -> Money:
        """
        What the order adds to its buyer's lifetime value; negative for a return.

        Line totals of settled orders without gift-card sales; nothing for open, cancelled and
        voided ones.
        """
        turnover = (line.total_minor for line in self.lines if line.kind != "gift_card")
        amount = sum(turnover) if self.state in SETTLED else 0
        return Money(amount_minor=amount, currency=self.currency)
