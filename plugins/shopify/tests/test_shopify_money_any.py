"""Whatever is in a basket and comes back of it: the sums hold."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tokui.model import Order
from tokui_shopify.mapping.orders import parse_order
from tokui_shopify.mapping.rules import Rules
from tokui_shopify.settings import ShopifySettings

RULES = Rules.of(ShopifySettings(shop="a.myshopify.com", access_token="t"))  # type: ignore[arg-type]
EMPTY = (
    "email phone note customer customerLocale sourceName retailLocation staffMember "
    "billingAddress shippingAddress"
)
END = {"hasNextPage": False, "endCursor": None}


def yen(amount: int) -> dict[str, Any]:
    return {"shopMoney": {"amount": f"{amount}.00"}}


def nodes(some: list[Any]) -> dict[str, Any]:
    return {"nodes": some, "pageInfo": END}


def payment(kind: str, amount: int) -> dict[str, Any]:
    names = {"gateway": "cash", "formattedGateway": "Cash"}
    return {"kind": kind, "status": "SUCCESS", "test": False, **names, "amountSet": yen(amount)}


@st.composite
def baskets(draw: st.DrawFn) -> dict[str, Any]:
    """An order of lines with discounts, tax in or out, and refunds of some pieces."""
    included = draw(st.booleans())
    lines, refunds, total, refunded = [], [], 0, 0
    for number in range(draw(st.integers(1, 4))):
        price, pieces = draw(st.integers(0, 99_999)), draw(st.integers(1, 5))
        discount = draw(st.integers(0, price * pieces))
        rate = draw(st.sampled_from([8, 10]))
        net = price * pieces - discount
        tax = net * rate // (100 + rate) if included else net * rate // 100
        total += net + (0 if included else tax)
        back = draw(st.integers(0, pieces))
        line = f"gid://shopify/LineItem/{number}"
        lines.append(
            {
                "id": line,
                "name": "品",
                "sku": None,
                "quantity": pieces,
                "currentQuantity": pieces - back,
                "isGiftCard": False,
                "requiresShipping": True,
                "taxable": True,
                "variant": None,
                "originalUnitPriceSet": yen(price),
                "discountAllocations": [{"allocatedAmountSet": yen(discount)}],
                "taxLines": [{"rate": rate / 100, "priceSet": yen(tax)}],
            }
        )
        if back:
            share, tax_share = net * back // pieces, tax * back // pieces
            worth = share + (0 if included else tax_share)
            paid = draw(st.integers(0, worth))
            refunded += paid
            refunds.append(refund(number, line, back, (share, tax_share), worth, paid))
    return order(lines, refunds, total, included)


def refund(
    number: int, line: str, pieces: int, share: tuple[int, int], worth: int, paid: int
) -> dict[str, Any]:
    kept = worth - paid
    adjustment = {"id": "a", "reason": None, "amountSet": yen(kept), "taxAmountSet": yen(0)}
    piece = {
        "id": f"r{number}",
        "quantity": pieces,
        "lineItem": {"id": line},
        "location": None,
        "subtotalSet": yen(share[0]),
        "totalTaxSet": yen(share[1]),
    }
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": "2026-09-20T02:00:00Z",
        "processedAt": "2026-09-20T02:00:00Z",
        "note": None,
        "staffMember": None,
        "duties": None,
        "totalRefundedSet": yen(paid),
        "refundLineItems": nodes([piece]),
        "refundShippingLines": nodes([]),
        "orderAdjustments": nodes([adjustment] if kept else []),
        "transactions": nodes([payment("REFUND", paid)] if paid else []),
    }


def order(lines: list[Any], refunds: list[Any], total: int, included: bool) -> dict[str, Any]:
    given_back = [one for back in refunds for one in back["transactions"]["nodes"]]
    return {
        **dict.fromkeys(EMPTY.split()),
        "id": "gid://shopify/Order/1",
        "name": "#1",
        "createdAt": "2026-09-14T16:30:00Z",
        "updatedAt": "2026-09-21T00:00:00Z",
        "processedAt": "2026-09-14T16:30:00Z",
        "cancelledAt": None,
        "currencyCode": "JPY",
        "displayFinancialStatus": "PARTIALLY_REFUNDED" if refunds else "PAID",
        "displayFulfillmentStatus": "FULFILLED",
        "edited": False,
        "tags": [],
        "taxesIncluded": included,
        "test": False,
        "totalPriceSet": yen(total),
        "currentTotalPriceSet": yen(total),
        "additionalFees": [],
        "transactions": [payment("SALE", total), *given_back],
        "lineItems": nodes(lines),
        "shippingLines": nodes([]),
        "refunds": refunds,
    }


def net_payment(item: dict[str, Any]) -> int:
    signs = {"SALE": 1, "REFUND": -1}
    payments = item["transactions"]
    return sum(
        signs[one["kind"]] * int(float(one["amountSet"]["shopMoney"]["amount"])) for one in payments
    )


def read(item: dict[str, Any]) -> list[Order]:
    return [record for record in parse_order(item, RULES) if isinstance(record, Order)]


@given(baskets())
def test_sale_and_returns_come_to_the_net_payment(item: dict[str, Any]) -> None:
    assert sum(one.total_minor for one in read(item)) == net_payment(item)


@given(baskets())
def test_no_line_is_needed_beyond_those_that_shopify_lists(item: dict[str, Any]) -> None:
    assert "difference" not in {line.line_id for one in read(item) for line in one.lines}


@given(baskets())
def test_lines_keep_quantities_and_their_signs(item: dict[str, Any]) -> None:
    sale, *returns = read(item)

    assert [line.quantity for line in sale.lines] == [
        node["quantity"] for node in item["lineItems"]["nodes"]
    ]
    for line in (line for back in returns for line in back.lines if line.kind == "product"):
        assert line.quantity < 0
        assert line.discount_minor <= 0
        assert line.tax_minor <= 0


@given(baskets())
def test_the_same_item_gives_the_same_records_and_is_left_alone(item: dict[str, Any]) -> None:
    before = repr(item)

    assert read(item) == read(item)
    assert repr(item) == before


@given(baskets())
def test_a_cancelled_order_counts_for_what_the_shop_kept(item: dict[str, Any]) -> None:
    orders = read(item | {"cancelledAt": "2026-09-20T02:00:00Z"})

    spent = sum(one.spent.amount_minor for one in orders)
    assert spent == net_payment(item)
