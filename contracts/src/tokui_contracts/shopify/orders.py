"""Purchases of the town, as Shopify's API writes orders, transactions and refunds."""

from tokui_contracts.shopify.goods import to_location, to_staff, to_variant
from tokui_contracts.shopify.people import (
    Node,
    gid,
    instant,
    international,
    money,
    person_address,
    to_address,
    total,
)
from tokui_contracts.town import Line, Purchase

GATEWAYS = {
    "card": "shopify_payments",
    "gift_card": "gift_card",
    "cash": "cash",
    "wallet": "paypay",
}
DISCOUNT = {
    "__typename": "AutomaticDiscountApplication",
    "title": "会員10%OFF",
    "index": 0,
    "allocationMethod": "ACROSS",
    "targetSelection": "ALL",
    "targetType": "LINE_ITEM",
    "value": {"__typename": "PricingPercentageValue", "percentage": 10.0},
}


def _tax(percent: int, amount: int) -> Node:
    return {
        "title": "消費税",
        "rate": percent / 100,
        "ratePercentage": float(percent),
        "price": f"{amount}.00",
        "priceSet": money(amount),
        "channelLiable": False,
    }


def to_line(order: Purchase, line: Line) -> Node:
    """One line of an order."""
    variant, left = line.variant, line.quantity - order.returned.get(line.number, 0)
    allocations = [{"allocatedAmountSet": money(line.discount), "discountApplication": DISCOUNT}]
    return {
        "__typename": "LineItem",
        "id": gid("LineItem", order.number * 8 + line.number),
        "name": f"{variant.product.title} - {variant.title}",
        "title": variant.product.title,
        "variantTitle": variant.title,
        "vendor": variant.product.brand,
        "sku": variant.sku,
        "quantity": line.quantity,
        "currentQuantity": 0 if order.cancelled else left,
        "refundableQuantity": left,
        "isGiftCard": variant.is_gift_card,
        "taxable": not variant.is_gift_card,
        "requiresShipping": not variant.is_gift_card,
        "variant": lambda: to_variant(variant),
        "product": lambda: to_variant(variant)["product"](),
        "originalUnitPriceSet": money(variant.price),
        "originalTotalSet": money(variant.price * line.quantity),
        "discountedTotalSet": money(variant.price * line.quantity),
        "discountedUnitPriceSet": money(variant.price),
        "discountedUnitPriceAfterAllDiscountsSet": money(line.total // line.quantity),
        "totalDiscountSet": money(0),
        "discountAllocations": allocations if line.discount else [],
        "taxLines": [_tax(variant.tax_percent, line.tax)] if variant.tax_percent else [],
    }


def _transactions(order: Purchase) -> list[Node]:
    """The payments, and what was given back."""
    paid = [(p.how, p.amount, "VOID" if order.cancelled else "SALE", order.at) for p in order.paid]
    back = order.returned_at
    if back:
        paid.append((order.paid[-1].how, _refunded(order), "REFUND", back))
    return [
        {
            "__typename": "OrderTransaction",
            "id": gid("OrderTransaction", order.number * 8 + at),
            "kind": kind,
            "status": "SUCCESS",
            "gateway": GATEWAYS[how],
            "formattedGateway": GATEWAYS[how],
            "amountSet": money(amount),
            "createdAt": instant(when),
            "processedAt": instant(when),
            "test": False,
        }
        for at, (how, amount, kind, when) in enumerate(paid)
    ]


def _refunded(order: Purchase) -> int:
    return sum(order.refund(line) for line in order.lines)


def _refunds(order: Purchase) -> list[Node]:
    if order.returned_at is None:
        return []
    at = instant(order.returned_at)
    lines = [line for line in order.lines if order.returned.get(line.number)]
    return [
        {
            "__typename": "Refund",
            "id": gid("Refund", order.number),
            "legacyResourceId": str(order.number),
            "createdAt": at,
            "processedAt": at,
            "updatedAt": at,
            "totalRefundedSet": money(_refunded(order)),
            "refundLineItems": [_refund_line(order, line) for line in lines],
            "transactions": lambda: [t for t in _transactions(order) if t["kind"] == "REFUND"],
            "order": lambda: to_order(order),
        }
    ]


def _refund_line(order: Purchase, line: Line) -> Node:
    back, rate = order.refund(line), line.variant.tax_percent
    return {
        "__typename": "RefundLineItem",
        "id": gid("RefundLineItem", order.number * 8 + line.number),
        "lineItem": to_line(order, line),
        "quantity": order.returned[line.number],
        "location": to_location(order.shop),
        "priceSet": money(line.variant.price),
        "subtotalSet": money(back),
        "totalTaxSet": money(back * rate // (100 + rate)),
        "restockType": "RETURN",
        "restocked": True,
    }


def _amounts(order: Purchase) -> Node:
    lines, back = order.lines, _refunded(order)
    left = 0 if order.cancelled else order.total - back
    return {
        "totalPriceSet": money(order.total),
        "originalTotalPriceSet": money(order.total),
        "currentTotalPriceSet": money(left),
        "subtotalPriceSet": money(order.total),
        "currentSubtotalPriceSet": money(left),
        "totalTaxSet": total(line.tax for line in lines),
        "totalDiscountsSet": total(line.discount for line in lines),
        "totalRefundedSet": money(back),
        "totalReceivedSet": money(0 if order.cancelled else order.total),
        "netPaymentSet": money(left),
        "totalOutstandingSet": money(0),
        "totalShippingPriceSet": money(0),
        "taxLines": lambda: [
            _tax(rate, sum(line.tax for line in lines if line.variant.tax_percent == rate))
            for rate in sorted({line.variant.tax_percent for line in lines} - {0})
        ],
    }


def _who(order: Purchase) -> Node:
    """Buyer's contact and addresses; a gift is shipped to somebody else."""
    buyer, guest = order.buyer, order.guest
    billing = guest and person_address(guest, order.number)
    if buyer and buyer.address:
        billing = to_address(
            buyer.address, str(order.number), buyer.family, buyer.given, buyer.phone
        )
    shipping = person_address(order.recipient, order.number) if order.recipient else billing
    contact = buyer or guest
    phone = guest.mobile if guest else buyer.phone if buyer else None
    return {
        "email": contact.email if contact else None,
        "phone": international(phone),
        "billingAddress": billing,
        "shippingAddress": None if order.clerk else shipping,
    }


def _state(order: Purchase) -> Node:
    settled = instant(order.updated_at)
    return {
        "cancelledAt": settled if order.cancelled else None,
        "cancelReason": "CUSTOMER" if order.cancelled else None,
        "closed": not order.cancelled,
        "closedAt": None if order.cancelled else settled,
        "displayFinancialStatus": _financial_status(order),
        "displayFulfillmentStatus": "UNFULFILLED" if order.cancelled else "FULFILLED",
        "returnStatus": "RETURNED" if order.returned else "NO_RETURN",
    }


def _financial_status(order: Purchase) -> str:
    if order.cancelled:
        return "VOIDED"
    back = _refunded(order)
    return "PAID" if not back else "REFUNDED" if back == order.total else "PARTIALLY_REFUNDED"


def to_order(order: Purchase) -> Node:
    """A purchase in the online shop or at Shopify's own till; `customer` is the sandbox's to add."""
    store = to_location(order.shop) if order.clerk else None
    return {
        "__typename": "Order",
        "id": gid("Order", order.number),
        "legacyResourceId": str(order.number),
        "name": f"#{order.number % 10**9}",
        "number": order.number % 10**9,
        "createdAt": instant(order.at),
        "processedAt": instant(order.at),
        "updatedAt": instant(order.updated_at),
        "confirmed": True,
        "test": False,
        "currencyCode": "JPY",
        "presentmentCurrencyCode": "JPY",
        "taxesIncluded": True,
        "sourceName": "pos" if order.clerk else "web",
        "retailLocation": store,
        "physicalLocation": store,
        "staffMember": to_staff(order.clerk) if order.clerk else None,
        "customerLocale": "ja",
        "note": "のし希望" if order.recipient else None,
        "tags": ["ギフト"] if order.recipient else [],
        "lineItems": lambda: [to_line(order, line) for line in order.lines],
        "discountApplications": [DISCOUNT] if any(line.discount for line in order.lines) else [],
        "shippingLines": [],
        "transactions": lambda: _transactions(order),
        "refunds": lambda: _refunds(order),
        **_state(order),
        **_amounts(order),
        **_who(order),
    }
