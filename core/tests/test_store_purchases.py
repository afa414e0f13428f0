"""Orders as points programmes see them."""

from datetime import UTC, datetime

import pytest
from tokui.connector import Earn, Member, Reverse
from tokui.identity.rules import Rules
from tokui.model import Customer, LineRef, Order, OrderLine, Product, Variant
from tokui.store import feed, profiles, purchases
from tokui.store.books import Books
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

DAY = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


def write(store, connection, *records):
    batch = Batch(customers=[entry(each) for each in records if isinstance(each, Customer)])
    for each in records:
        if not isinstance(each, Customer):
            batch.others.setdefault(type(each), []).append(entry(each))
    with store.write() as tx:
        write_batch(tx, Rules(connection, {}), batch)


def order(key, quantity=1, buyer=None, **line):
    sold = OrderLine(line_id="1", quantity=quantity, unit_price_minor=1200, **line)
    given = {"placed_at": DAY, "currency": "JPY", "state": "paid", "lines": (sold,)}
    return Order(external_id=key, buyer=buyer, **given)


@pytest.fixture
def buyer(store):
    write(store, "shop", Customer(external_id="1"), order("A", buyer="1", variant="v"))
    with store.read() as tx:
        return profiles.place_of(tx, "shop", "1")[1]


def found(store, buyer):
    with store.read() as tx:
        return sorted(purchases.of_profiles(tx, [buyer])[buyer], key=lambda each: each.key)


def test_a_line_has_the_category_of_its_product(store, buyer):
    product = Product(external_id="p", title="Jeans", category="Denim")
    write(store, "shop", product, Variant(external_id="v", product="p"))
    write(store, "till", Product(external_id="p", title="Hat", category="Hats"))

    (bought,) = found(store, buyer)

    assert bought.category(bought.order.lines[0]) == "Denim"


def test_what_anybody_brings_back_is_among_the_buyers_orders_and_in_the_feed(store, buyer):
    with store.read() as tx:
        last = feed.last(tx)
    ref = LineRef(connection="shop", order="A", line="1")

    write(store, "till", order("R", -1, returns_line=ref))

    assert [each.key for each in found(store, buyer)] == [("shop", "A"), ("till", "R")]
    with store.read() as tx:
        assert [each.profile_id for each in feed.after(tx, last, 10)] == [buyer]


def test_what_stands_in_the_books_is_listed_with_what_it_takes_back(store):
    books, member = Books(store), Member("club", "0001")
    books.post(Earn("a", member, 100, "jeans"))
    books.post(Reverse("b", member, "a", "came back", 40))

    with store.read() as tx:
        kept = purchases.kept(tx, [member])[member]

    assert [(each.key, each.kind, each.of, each.points) for each in kept] == [
        ("a", "earn", None, 100),
        ("b", "reverse", "a", 40),
    ]
