"""Orders, what came back of them, and who bought without an account."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tokui.model import Customer, Identifier, Order, OrderLine, PersonName, Record, Staff

from tokui_shopify.mapping.contact import to_address, to_language
from tokui_shopify.mapping.money import (
    amount,
    removed,
    settle,
    succeeded,
    to_fee,
    to_line,
    to_shipping,
    to_tender,
)
from tokui_shopify.mapping.refunds import is_empty, returned_lines, to_return
from tokui_shopify.mapping.rules import Rules

Item = Mapping[str, Any]
State = Literal["open", "paid", "fulfilled", "cancelled", "voided"]

PAID = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
VOID = frozenset({"VOIDED", "EXPIRED"})
FULFILLED = frozenset({"FULFILLED"})
GUEST = "guest:"


def parse_order(item: Item, rules: Rules) -> Iterator[Record]:
    """The sale, a return for each refund, and the staff and the guest that they name."""
    if item["test"]:
        return
    sale = to_sale(item, rules)
    yield from _staff(item)
    if sale.buyer and sale.buyer.startswith(GUEST):
        yield to_guest(item, sale.buyer)
    yield sale
    lines = {line.line_id: line for line in sale.lines}
    for refund in item["refunds"]:
        yield from _staff(refund)
        if not is_empty(refund, sale.currency):
            yield to_return(refund, sale, lines, rules)


def to_sale(item: Item, rules: Rules) -> Order:
    """The order as it was sold, edits included and returns left out."""
    currency = item["currencyCode"]
    placed = item["processedAt"]
    location, staff = item["retailLocation"], item["staffMember"]
    bill_to, ship_to = item["billingAddress"], item["shippingAddress"]
    tags = {tag.casefold() for tag in item["tags"]}
    fulfilled = item["displayFulfillmentStatus"] in FULFILLED
    return Order(
        external_id=item["id"],
        source_version=item["updatedAt"],
        kind="sale" if fulfilled or not tags & rules.preorder_tags else "preorder",
        state=_state(item, currency),
        number=item["name"] or None,
        placed_at=placed,
        business_date=rules.day(placed),
        currency=currency,
        buyer=_buyer(item),
        bill_to=to_address(bill_to) if bill_to is not None else None,
        ship_to=to_address(ship_to) if ship_to is not None else None,
        location=location["id"] if location is not None else None,
        staff=staff["id"] if staff is not None else None,
        channel=rules.channel(item),
        source_name=item["sourceName"] or None,
        tenders=tuple(
            to_tender(node, currency, -1 if node["kind"] == "CHANGE" else 1, rules.tenders)
            for node in succeeded(item["transactions"], "SALE", "CAPTURE", "CHANGE")
        ),
        lines=_lines(item, currency),
        note=item["note"] or None,
    )


def to_guest(item: Item, external_id: str) -> Customer:
    """
    Who bought without an account.

    Known by the contact details given for the order and the name on the bill: what is delivered may
    be a gift to somebody else.
    """
    email, phone, bill_to = item["email"], item["phone"], item["billingAddress"]
    family, given = (bill_to["lastName"], bill_to["firstName"]) if bill_to else (None, None)
    identifiers = [
        Identifier(kind=kind, value=value)
        for kind, value in (("email", email), ("phone", phone))
        if value
    ]
    return Customer(
        external_id=external_id,
        source_version=item["updatedAt"],
        name=PersonName(family=family or None, given=given or None) if family or given else None,
        identifiers=tuple(identifiers),
        language=to_language(item["customerLocale"]),
        created_at=item["createdAt"],
        guest=True,
    )


def _buyer(item: Item) -> Any:
    if (customer := item["customer"]) is not None:
        return customer["id"]
    hidden = "customer" in item.get("withheld", ())
    known = item["email"] or item["phone"]
    return f"{GUEST}{item['id']}" if known and not hidden else None


def _staff(item: Item) -> Iterator[Staff]:
    member = item["staffMember"]
    if member is not None and member["name"]:
        yield Staff(external_id=member["id"], display_name=member["name"])


def _state(item: Item, currency: str) -> State:
    """
    What the order counts as.

    A cancelled order is no sale, and then neither are its refunds returns. But where the shop had
    all of its price and gave back only a part, it kept money (a cancellation fee, a refund still to
    come): then sale and refunds both count, and what they leave is what the shop holds.
    """
    if item["cancelledAt"]:
        return "paid" if _kept(item, currency) else "cancelled"
    financial = item["displayFinancialStatus"]
    if financial in PAID:
        return "fulfilled" if item["displayFulfillmentStatus"] in FULFILLED else "paid"
    return "voided" if financial in VOID else "open"


def _kept(item: Item, currency: str) -> bool:
    def total(*kinds: str) -> int:
        return sum(
            abs(amount(node["amountSet"], currency))
            for node in succeeded(item["transactions"], *kinds)
        )

    received = total("SALE", "CAPTURE") - total("CHANGE")
    return received >= amount(item["totalPriceSet"], currency) and received > total("REFUND")


def _lines(item: Item, currency: str) -> tuple[OrderLine, ...]:
    included = item["taxesIncluded"]
    lines = [to_line(node, currency, included) for node in item["lineItems"]["nodes"]]
    for place, node in enumerate(item["shippingLines"]["nodes"], 1):
        lines.append(to_shipping(node, place, currency, included))
    lines += [
        to_fee(fee["id"], amount(fee["price"], currency), fee["name"] or None)
        for fee in item["additionalFees"]
    ]
    if not item["edited"]:
        return settle(lines, amount(item["totalPriceSet"], currency))
    return _edited(item, currency, lines)


def _edited(item: Item, currency: str, lines: list[OrderLine]) -> tuple[OrderLine, ...]:
    """
    Take out what an edit removed.

    A line keeps its first quantity for ever. Pieces missing from the current one that no refund
    names were removed; with the returns, the sale comes to the current total.
    """
    back = [line for refund in item["refunds"] for line in returned_lines(refund, item, lines)]
    gone: dict[str, int] = {}
    for line in back:
        if line.returns_line and line.returns_line.line:
            key = line.returns_line.line
            gone[key] = gone.get(key, 0) - line.quantity
    for line, node in zip(tuple(lines), item["lineItems"]["nodes"], strict=False):
        pieces = line.quantity - node["currentQuantity"] - gone.get(line.line_id, 0)
        if pieces > 0:
            lines.append(removed(line, pieces))
    current = amount(item["currentTotalPriceSet"], currency)
    return settle(lines, current - sum(line.total_minor for line in back))
