"""What is to be looked through when people are parted: written while they were taken for one."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sendings import queue
from tokui.connector import Earn, Member, Redeem
from tokui.identity import undo
from tokui.model import Customer, Identifier, Order
from tokui.store import notes, profiles
from tokui.store.books import Books
from tokui.store.notes import Jotting
from tokui.store.tables import CustomerRow, columns
from tokui_contracts.scripted import page, script, told

MORI = "staff:Mori"
DAY = datetime(2026, 9, 1, tzinfo=UTC)
PHONE = Identifier(kind="phone", value="090-1357-2468")


@pytest.fixture
def two(store):
    """Two people, the second with a phone: the profiles."""
    people = (Customer(external_id="1"), Customer(external_id="2", identifiers=(PHONE,)))
    told(store, script("shop", page(*people)))
    at = columns(CustomerRow)
    with store.read() as tx:
        rows = tx.all(sa.select(at.profile_id).order_by(at.external_id))
    return [profile for (profile,) in rows]


def test_facts_stay_with_their_customers_and_those_of_meanwhile_are_counted(store, two):
    older, newer = two
    with store.write() as tx:
        done = undo.merge(tx, older, newer, MORI)
    sale = Order(external_id="A", state="paid", placed_at=DAY, currency="JPY", buyer="2")
    late = sale.model_copy(update={"external_id": "B", "placed_at": datetime.now(UTC)})
    told(store, script("shop", [], page(sale, late)))
    notes.write(store, older, "n", Jotting("note", datetime.now(UTC), "Mori", "likes blue"))

    with store.write() as tx:
        plan = undo.revert(tx, done.decision_id, MORI).plan

        found = {(each.profile_id, each.kind): each.count for each in plan.meanwhile}
        assert found == {(older, "event"): 1, (newer, "order"): 1}
        assert len(profiles.orders(tx, newer)) == 2
        assert len(profiles.events(tx, older)) == 1


def test_messages_and_points_of_meanwhile_are_counted_each_where_it_will_be(store, two):
    points = Member("club", "+819013572468")
    books = Books(store)
    books.post(Earn("old", points, 50, "jeans"))
    queue(store)
    with store.write() as tx:
        done = undo.merge(tx, *two, MORI)
    for each in done.plan.said[0][0]:
        queue(store, customer_id=each)
    books.post(Earn("new", points, 50, "jeans"))
    books.post(Redeem("spent", points, 70, "at the till"))

    with store.read() as tx:
        plan = undo.plan_revert(tx, done.decision_id)

    home, new = two
    found = [(each.profile_id, each.kind, each.count) for each in plan.meanwhile]
    assert found == [(home, "message", 1), (new, "message", 1), (new, "points", 2)]


def test_meanwhile_begins_when_the_two_met_whoever_came_later(store, two):
    one, other = two
    told(store, script("till", page(Customer(external_id="3"))))
    at = columns(CustomerRow)
    with store.write() as tx:
        undo.merge(tx, one, other, MORI)
    notes.write(store, one, "n", Jotting("note", datetime.now(UTC), "Mori", "likes blue"))
    with store.write() as tx:
        leaving, third = tx.all(
            sa.select(at.id, at.profile_id).where(at.external_id != "1").order_by(at.external_id)
        )
        undo.merge(tx, one, third.profile_id, MORI)

        plan = undo.plan_extract(tx, [leaving.id])

    assert [(each.profile_id, each.kind) for each in plan.meanwhile] == [(one, "event")]
