"""A programme and a few facts to try it on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tokui.model import LineRef, Order, OrderLine, Tender
from tokui_points.facts import Person, Purchase
from tokui_points.settings import Programme
from tokui_points.story import Story, play

TIERS = (
    {"name": "regular", "rate": 1, "title": {"ja": "レギュラー", "en": "Regular"}},
    {"name": "silver", "rate": 2, "spend": 100_000, "title": {"ja": "シルバー", "en": "Silver"}},
    {"name": "gold", "rate": 3, "spend": 300_000, "title": {"ja": "ゴールド", "en": "Gold"}},
)


def programme(**more: Any) -> Programme:
    """A programme of three tiers, with something of it changed."""
    return Programme.model_validate({"earns_from": ["shop", "till"], "tiers": TIERS, **more})


def on(day: str, hour: int = 3) -> datetime:
    """A moment of the shop's day."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(
        hours=hour
    )


def line(amount: int, quantity: int = 1, **more: Any) -> OrderLine:
    """A line of so much a piece."""
    return OrderLine(**{"line_id": "1", "quantity": quantity, "unit_price_minor": amount, **more})


def bought(
    day: str, *lines: OrderLine | int, name: str = "", connection: str = "shop", **more: Any
) -> Purchase:
    """An order; a bare number is a line of so much."""
    categories = more.pop("categories", {})
    made = tuple(
        line(each, line_id=str(number)) if isinstance(each, int) else each
        for number, each in enumerate(lines, 1)
    )
    order = Order(
        **{
            "external_id": name or f"o{day}",
            "state": "paid",
            "placed_at": on(day),
            "currency": "JPY",
            "lines": made,
            **more,
        }
    )
    return Purchase(connection, order, categories)


def returned(
    day: str, of: Purchase, amount: int, quantity: int = 1, line_id: str | None = "1", **more: Any
) -> Purchase:
    """So many pieces of a line come back, for so much a piece."""
    ref = LineRef(connection=of.connection, order=of.order.external_id, line=line_id)
    back = line(amount, -quantity, line_id="r1", returns_line=ref)
    return bought(day, back, name=more.pop("name", f"r{day}"), kind="return", **more)


def with_points(amount: int) -> tuple[Tender, ...]:
    """So much was paid with points."""
    return (Tender(kind="points", amount_minor=amount),)


def story(of: Programme, *purchases: Purchase, until: str = "2026-12-31", **more: Any) -> Story:
    """What the programme makes of one person's purchases."""
    return play(of, Person("p1", purchases, **more), on(until))


@dataclass(frozen=True)
class Made:
    """The builders above, for tests: test folders are no packages."""

    programme = staticmethod(programme)
    on = staticmethod(on)
    line = staticmethod(line)
    bought = staticmethod(bought)
    returned = staticmethod(returned)
    with_points = staticmethod(with_points)
    story = staticmethod(story)


@pytest.fixture(scope="session")
def made() -> Made:
    return Made()
