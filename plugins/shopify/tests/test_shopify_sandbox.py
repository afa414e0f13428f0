"""Against a shop on loopback that executes Shopify's own schema."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tokui.connector import Pull
from tokui.errors import AuthError, FatalError
from tokui.model import Customer, Order
from tokui_contracts.shopify import ALL_SCOPES, TOKEN, ShopifySandbox
from tokui_contracts.town import TODAY, Town
from tokui_shopify.connector import Shopify

UNTIL = TODAY + timedelta(days=1)
LINE = {
    "name": "品",
    "quantity": 1,
    "currentQuantity": 1,
    "originalUnitPriceSet": {"shopMoney": {"amount": "100.0"}},
    "discountAllocations": [],
    "taxLines": [],
}

Open = Callable[..., tuple[ShopifySandbox, Shopify]]


@pytest.fixture
def opened(shop: Any) -> Iterator[Open]:
    """`opened(**sandbox)`: a sandbox of a small town, and a connector to it."""
    running: list[ShopifySandbox] = []

    def start(**kwargs: Any) -> tuple[ShopifySandbox, Shopify]:
        running.append(ShopifySandbox(Town(20), **kwargs).__enter__())
        return running[-1], shop(base_url=running[-1].url, access_token=TOKEN)

    yield start
    for sandbox in running:
        sandbox.__exit__(None, None, None)


def items(connector: Shopify, stream: str) -> list[Any]:
    return [item for page in connector.pull(Pull(stream, None, UNTIL)) for item in page.items]


def test_every_stream_is_read_and_understood(opened: Open) -> None:
    _, connector = opened()

    for stream in connector.streams():
        pulled = items(connector, stream.name)
        records = [record for item in pulled for record in connector.parse(stream.name, item)]
        assert records
        assert {type(record) for record in records} <= set(stream.kinds)


def test_lines_beyond_the_first_page_are_read_to_the_end(opened: Open) -> None:
    sandbox, connector = opened()
    order = items(connector, "orders")[0]["id"]
    lines = [LINE | {"id": f"gid://shopify/LineItem/{number}"} for number in range(1, 131)]
    sandbox.change(order, lineItems=lines)

    [item] = connector.fetch("orders", [order])

    assert [node["id"] for node in item["lineItems"]["nodes"]] == [line["id"] for line in lines]


def test_a_refund_leads_to_its_order(opened: Open) -> None:
    _, connector = opened()
    returned = next(item for item in items(connector, "orders") if item["refunds"])

    [item] = connector.fetch("orders", [returned["refunds"][0]["id"]])

    assert item == returned


def test_a_guest_leads_to_its_order(opened: Open) -> None:
    _, connector = opened()
    order = items(connector, "orders")[0]["id"]

    [item] = connector.fetch("orders", [f"guest:{order}"])

    assert item["id"] == order


def test_without_leave_for_protected_data_customers_are_withheld(opened: Open) -> None:
    _, connector = opened(protected_data=False)

    customers = [
        record
        for item in items(connector, "customers")
        for record in connector.parse("customers", item)
        if isinstance(record, Customer)
    ]

    assert customers
    for customer in customers:
        assert {"identifiers", "name"} <= set(customer.withheld)
        assert not customer.identifiers


def test_orders_come_without_staff_when_staff_is_not_granted(opened: Open) -> None:
    _, connector = opened(scopes=set(ALL_SCOPES) - {"read_users"})

    orders = [
        record
        for item in items(connector, "orders")
        for record in connector.parse("orders", item)
        if isinstance(record, Order)
    ]

    assert orders
    assert {order.staff for order in orders} == {None}


def test_a_stream_without_its_scope_names_it(opened: Open) -> None:
    _, connector = opened(scopes=set(ALL_SCOPES) - {"read_orders"})

    with pytest.raises(AuthError, match="read_orders"):
        items(connector, "orders")


def test_a_well_installed_app_has_no_problem(opened: Open) -> None:
    _, connector = opened()

    assert {finding.level for finding in connector.check()} <= {"ok", "warning"}
    assert not [f for f in connector.check() if "NOT" in f.what]


def test_the_check_says_loudly_what_is_invisible(opened: Open) -> None:
    _, connector = opened(
        scopes=set(ALL_SCOPES) - {"read_all_orders", "read_inventory"}, protected_data=False
    )

    said = {(finding.level, finding.what.split(":")[0]) for finding in connector.check()}

    assert ("warning", "PROTECTED CUSTOMER DATA IS NOT GRANTED") in said
    assert ("warning", "read_all_orders is not granted") in said
    assert ("problem", "read_inventory is not granted") in said


def test_an_export_holds_the_customer_and_the_orders(opened: Open) -> None:
    _, connector = opened()
    order = next(item for item in items(connector, "orders") if item["customer"])
    buyer = order["customer"]["id"]

    export: Any = connector.export([buyer])

    assert [customer["id"] for customer in export["customers"]] == [buyer]
    assert order["id"] in [one["id"] for one in export["orders"]]


def test_an_erasure_gives_a_receipt(opened: Open) -> None:
    _, connector = opened()
    customer = items(connector, "customers")[0]["id"]

    receipt = connector.erase([customer, "gid://shopify/Customer/999999999999"])

    assert receipt.erased == {"customer": 1}
    assert receipt.at == connector.ctx.now()


def test_a_guest_cannot_be_erased_apart_from_the_order(opened: Open) -> None:
    _, connector = opened()

    with pytest.raises(FatalError, match="guest"):
        connector.erase(["guest:gid://shopify/Order/1"])


def test_a_run_without_changes_costs_one_request_a_stream(opened: Open) -> None:
    sandbox, connector = opened()
    for stream in ("products", "customers", "orders", "stock"):
        *_, last = connector.pull(Pull(stream, None, UNTIL))
        before = sandbox.requests
        later = Pull(stream, last.cursor, datetime(2026, 12, 31, tzinfo=UTC))

        assert [list(page.items) for page in connector.pull(later)] == [[]]
        assert sandbox.requests == before + 1
