"""What came back of an order: one return for each refund."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tokui.errors import SkipItem
from tokui.model import Order, OrderLine
from tokui.model.order import SETTLED

from tokui_shopify.mapping.money import amount, returned, settle, succeeded, to_fee, to_tender
from tokui_shopify.mapping.rules import Rules

Item = Mapping[str, Any]


def is_empty(refund: Item, currency: str) -> bool:
    """True for a refund that gave nothing back."""
    parts = ("refundLineItems", "refundShippingLines", "orderAdjustments", "transactions")
    given = any(refund[part]["nodes"] for part in parts) or refund["duties"]
    return not given and not amount(refund["totalRefundedSet"], currency)


def to_return(refund: Item, sale: Order, sold: Mapping[str, OrderLine], rules: Rules) -> Order:
    """
    A refund as an order of kind `return`, whose total is the money given back.

    A refund without money (pieces that an edit removed, goods that came back before they are paid
    for) has the total of what came back.
    """
    currency = sale.currency
    at = refund["processedAt"]
    staff = refund["staffMember"]
    lines = [
        *_pieces(refund, sale.external_id, sold, currency),
        *_shipping(refund, currency, _included(sold.values())),
        *_duties(refund, currency),
        *_adjustments(refund, currency),
    ]
    money = amount(refund["totalRefundedSet"], currency)
    return Order(
        external_id=refund["id"],
        source_version=sale.source_version,
        kind="return",
        state="paid" if sale.state in SETTLED else sale.state,
        number=sale.number,
        placed_at=at,
        business_date=rules.day(at),
        currency=currency,
        buyer=sale.buyer,
        location=_location(refund) or sale.location,
        staff=staff["id"] if staff is not None else None,
        channel=sale.channel,
        source_name=sale.source_name,
        tenders=tuple(
            to_tender(node, currency, -1, rules.tenders)
            for node in succeeded(refund["transactions"]["nodes"], "REFUND")
        ),
        lines=settle(lines, -money) if money else tuple(lines),
        note=refund["note"] or None,
    )


def returned_lines(refund: Item, item: Item, sold: Iterable[OrderLine]) -> Iterator[OrderLine]:
    """What came back by Shopify's own reckoning, before it was agreed what to pay for it."""
    lines, currency = {line.line_id: line for line in sold}, item["currencyCode"]
    yield from _pieces(refund, item["id"], lines, currency)
    yield from _shipping(refund, currency, item["taxesIncluded"])
    yield from _duties(refund, currency)


def _pieces(
    refund: Item, order: str, sold: Mapping[str, OrderLine], currency: str
) -> Iterator[OrderLine]:
    for node in refund["refundLineItems"]["nodes"]:
        line = sold.get(node["lineItem"]["id"])
        if line is None:
            raise SkipItem("a refund names a line that its order lacks")
        yield returned(line, node, order, currency)


def _shipping(refund: Item, currency: str, included: bool) -> Iterator[OrderLine]:
    for node in refund["refundShippingLines"]["nodes"]:
        yield OrderLine(
            line_id=node["id"],
            kind="shipping",
            quantity=-1,
            unit_price_minor=amount(node["subtotalAmountSet"], currency),
            tax_minor=-amount(node["taxAmountSet"], currency),
            tax_included=included,
            title=node["shippingLine"]["title"] or None,
        )


def _duties(refund: Item, currency: str) -> Iterator[OrderLine]:
    for place, duty in enumerate(refund["duties"] or (), 1):
        yield to_fee(f"duty-{place}", -amount(duty["amountSet"], currency))


def _adjustments(refund: Item, currency: str) -> Iterator[OrderLine]:
    """Positive where less was paid than what came back is worth; the tax is not in the amount."""
    for node in refund["orderAdjustments"]["nodes"]:
        tax = amount(node["taxAmountSet"], currency)
        reason = (node["reason"] or "").lower() or None
        yield to_fee(node["id"], amount(node["amountSet"], currency) + tax, reason, tax)


def _included(sold: Iterable[OrderLine]) -> bool:
    return all(line.tax_included for line in sold)


def _location(refund: Item) -> Any:
    for node in refund["refundLineItems"]["nodes"]:
        if node["location"] is not None:
            return node["location"]["id"]
    return None
