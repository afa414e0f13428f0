"""Reading for all who will be asked about: the same answers, by as many statements for many as for few."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tokui.connector import Earn, IdentifierRule, Member, Reverse
from tokui.errors import PluginError
from tokui.identity.rules import Rules, Trust
from tokui.identity.view import snapshot
from tokui.model import Customer, Identifier, LineRef, Order, OrderLine
from tokui.store import profiles
from tokui.store.books import Books
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

CARD = IdentifierRule("member_no", "unique", "card")
TRUST = Trust({}, {("shop", "member_no"): "card", ("till", "member_no"): "card"})
DAY = datetime(2026, 9, 1, 3, tzinfo=UTC)


def person(number, *cards):
    named = (Identifier(kind="member_no", value=each, issuer="card") for each in cards)
    return Customer(external_id=number, identifiers=tuple(named))


def bought(number, **line):
    sold = OrderLine(line_id="1", unit_price_minor=1200, **{"quantity": 1, **line})
    given = {"placed_at": DAY, "currency": "JPY", "state": "paid", "lines": (sold,)}
    return Order(external_id=f"o{number}", buyer=number, **given)


def write(store, connection, *records):
    batch = Batch(customers=[entry(each) for each in records if isinstance(each, Customer)])
    batch.others[Order] = [entry(each) for each in records if isinstance(each, Order)]
    with store.write() as tx:
        write_batch(tx, Rules(connection, {"member_no": CARD}), batch)


@pytest.fixture
def town(store):
    """Thirty people; two became one, somebody has no card, a return is another's, points stand."""
    write(store, "shop", *(person(str(n), f"00{n:02}") for n in range(29)), person("29"))
    write(store, "shop", *(bought(str(n)) for n in range(0, 30, 2)))
    write(store, "till", person("both", "0004", "0005"))
    ref = LineRef(connection="shop", order="o2", line="1")
    write(store, "till", person("r", "0099"), bought("r", quantity=-1, returns_line=ref))
    books = Books(store)
    books.post_many(
        [Earn(f"k{n}", Member("club", f"00{n:02}"), 100 + n, "jeans") for n in range(9)]
    )
    books.post(Reverse("back", Member("club", "0003"), "k3", "came back", 40))
    return store


def told(view, number):
    """All that a hook may ask of a person."""
    profile = view.profile(number)
    cards = [each for each in profile.identifiers if each.key] if profile else []
    members = [Member("club", each.key) for each in cards]
    return (
        profile,
        view.customers(number),
        sorted(view.purchases(number), key=lambda each: each.key),
        [sorted(view.bearers(each.kind, each.issuer, each.key)) for each in cards],
        [[*view.kept(each)] for each in members],
        [view.balance(each).points for each in members],
    )


def test_read_together_they_are_who_they_are_one_by_one(town):
    with snapshot(town, TRUST) as (view, tx):
        last = profiles.place_of(tx, "till", "r")[1]
        numbers = [*range(1, last + 3)]
        alone = [told(view, number) for number in numbers]

        view.expect(numbers)
        together = [told(view, number) for number in numbers]

        view.expect([1])
        assert together == alone == [told(view, number) for number in numbers]


def test_many_cost_as_many_statements_as_few(town):
    counts = []
    for many in (4, 25):
        seen = []
        listen = (town.engine, "before_cursor_execute", lambda *event: seen.append(event[2]))  # noqa: B023
        sa.event.listen(*listen)
        with snapshot(town, TRUST) as (view, _):
            view.expect(range(1, many))
            for number in range(1, many):
                told(view, number)
        sa.event.remove(*listen)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_what_was_read_ahead_is_dead_with_its_view(town):
    with snapshot(town, TRUST) as (view, _):
        view.expect([1])
        view.profile(1)

    with pytest.raises(PluginError, match="dead"):
        view.profile(1)
