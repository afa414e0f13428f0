"""Twelve cases that a retail accountant would check, to the yen (fixtures/money.json)."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tokui.card import Profile, build_card
from tokui.identity.golden import golden
from tokui.model import Customer, Order

CASES = json.loads((Path(__file__).parent / "fixtures" / "money.json").read_text("utf-8"))
ME = Customer(external_id="me")
PROFILE = Profile.of(1, golden([("till", 0, ME)]))


def read(entry: Mapping[str, Any]) -> Order:
    return Order.model_validate_json(json.dumps(entry["order"]))


def test_there_are_twelve_cases():
    assert len({case["name"] for case in CASES}) == 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_lines_and_orders_come_to_the_yen(case):
    orders = [read(entry) for entry in case["orders"]]

    totals = [[line.total_minor for line in order.lines] for order in orders]
    assert totals == [entry["line_totals"] for entry in case["orders"]]
    assert [order.spent.amount_minor for order in orders] == [e["spent"] for e in case["orders"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_lifetime_value_comes_to_the_yen(case):
    latest = {(e["connection"], e["order"]["external_id"]): read(e) for e in case["orders"]}
    orders = [(connection, order) for (connection, _), order in latest.items()]

    (totals,) = build_card(PROFILE, [("till", ME)], orders, [], today=date(2026, 12, 1)).totals

    assert str(totals.lifetime_value) == f"{case['lifetime']:,} JPY"
    assert totals.orders == case["purchases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_was_tendered_is_what_was_sold(case):
    tendered = [order for order in map(read, case["orders"]) if order.tenders]

    for order in tendered:
        due = 0 if order.state == "cancelled" else order.total_minor
        assert sum(tender.amount_minor for tender in order.tenders) == due
