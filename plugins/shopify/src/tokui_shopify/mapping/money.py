"""Amounts, order lines and tenders."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tokui.model import LineRef, OrderLine, Tender, to_minor

from tokui_shopify.settings import TenderKind

Item = Mapping[str, Any]

TENDERS: Mapping[str, TenderKind] = {
    "cash": "cash",
    "gift_card": "gift_card",
    "shopify_store_credit": "prepaid",
    "store_credit": "prepaid",
    "shopify_payments": "card",
    "stripe": "card",
    "authorize_net": "card",
    "credit_card": "card",
    "external_credit_card": "card",
    "external_debit_card": "card",
    "points": "points",
}
"""Gateways whose money is known; any other is `other` unless the settings name it."""

SUCCESS = frozenset({"SUCCESS"})
TIPS = frozenset({"tip", "チップ"})


def amount(bag: Item, currency: str) -> int:
    """The shop's money of a `MoneyBag`, in minor units; what the buyer saw may be another currency."""
    return to_minor(bag["shopMoney"]["amount"], currency)


def to_line(node: Item, currency: str, included: bool) -> OrderLine:
    """A `LineItem` as it was sold; what came back or was removed since is said elsewhere."""
    variant = node["variant"]
    return OrderLine(
        line_id=node["id"],
        kind="gift_card" if node["isGiftCard"] else "fee" if _is_tip(node) else "product",
        quantity=node["quantity"],
        unit_price_minor=amount(node["originalUnitPriceSet"], currency),
        discount_minor=_discount(node, currency),
        tax_minor=_tax(node, currency),
        tax_included=included,
        tax_rate=_rate(node["taxLines"]),
        variant=variant["id"] if variant is not None else None,
        sku=node["sku"] or None,
        title=node["name"].removesuffix(" - Default Title") or None,
    )


def to_shipping(node: Item, place: int, currency: str, included: bool) -> OrderLine:
    """A `ShippingLine`, the one at `place`; not every one has an id."""
    return OrderLine(
        line_id=node["id"] or f"shipping-{place}",
        kind="shipping",
        quantity=1,
        unit_price_minor=amount(node["originalPriceSet"], currency),
        discount_minor=_discount(node, currency),
        tax_minor=_tax(node, currency),
        tax_included=included,
        tax_rate=_rate(node["taxLines"]),
        title=node["title"] or None,
    )


def to_fee(line_id: str, minor: int, title: str | None = None, tax_minor: int = 0) -> OrderLine:
    """An amount that contains its tax; negative when it is given back."""
    return OrderLine(
        line_id=line_id,
        kind="fee",
        quantity=1,
        unit_price_minor=minor,
        tax_minor=tax_minor,
        tax_included=True,
        title=title,
    )


def removed(line: OrderLine, pieces: int) -> OrderLine:
    """The pieces of a line that an edit of the order took out again, with their share."""
    changed = {
        "line_id": f"{line.line_id}#removed",
        "quantity": -pieces,
        "discount_minor": -(line.discount_minor * pieces // line.quantity),
        "tax_minor": -(line.tax_minor * pieces // line.quantity),
    }
    return OrderLine.model_validate(dict(line) | changed)


def returned(line: OrderLine, node: Item, order: str, currency: str) -> OrderLine:
    """
    The pieces of a line that a `RefundLineItem` takes back.

    Its subtotal is after discounts, and holds the tax where prices do.
    """
    pieces = node["quantity"]
    subtotal = amount(node["subtotalSet"], currency)
    changed = {
        "line_id": node["id"] or f"{line.line_id}#returned",
        "quantity": -pieces,
        "discount_minor": subtotal - line.unit_price_minor * pieces,
        "tax_minor": -amount(node["totalTaxSet"], currency),
        "returns_line": LineRef(order=order, line=line.line_id),
    }
    return OrderLine.model_validate(dict(line) | changed)


def settle(lines: list[OrderLine], total_minor: int) -> tuple[OrderLine, ...]:
    """The lines, and one more for what Shopify's total holds beyond them (duties, cash rounding)."""
    difference = total_minor - sum(line.total_minor for line in lines)
    return (*lines, to_fee("difference", difference)) if difference else tuple(lines)


def succeeded(transactions: Iterable[Item], *kinds: str) -> Iterator[Item]:
    """The payments of these kinds that went through."""
    wanted = frozenset(kinds)
    for node in transactions:
        if node["status"] in SUCCESS and node["kind"] in wanted and not node["test"]:
            yield node


def to_tender(node: Item, currency: str, sign: int, kinds: Mapping[str, TenderKind]) -> Tender:
    """One payment; `kinds` is by gateway, in lower case."""
    gateway = node["gateway"] or ""
    return Tender(
        kind=kinds.get(gateway.casefold(), "other"),
        amount_minor=sign * abs(amount(node["amountSet"], currency)),
        label=node["formattedGateway"] or gateway or None,
    )


def _is_tip(node: Item) -> bool:
    """A tip is a line item without a type of its own; its name is all that tells."""
    bare = not (node["variant"] or node["requiresShipping"] or node["taxable"])
    return bare and (node["name"] or "").casefold() in TIPS


def _discount(node: Item, currency: str) -> int:
    return sum(amount(part["allocatedAmountSet"], currency) for part in node["discountAllocations"])


def _tax(node: Item, currency: str) -> int:
    return sum(amount(part["priceSet"], currency) for part in node["taxLines"])


def _rate(tax_lines: Iterable[Item]) -> Decimal | None:
    rates = {tax["rate"] for tax in tax_lines}
    rate = rates.pop() if len(rates) == 1 else None
    return Decimal(str(rate)) if rate is not None else None
