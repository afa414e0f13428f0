"""Points that follow the change feed, through kill -9 and side by side: every line earns once."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from children import CHILDREN
from club import RULES, back, member, order
from follow_child import TRUST, catch_up, club, keep_up
from tokui.identity.rules import Rules
from tokui.model import Customer, Order, OrderLine
from tokui.store.books import Books
from tokui.store.entry import entry
from tokui.store.tables import TransferRow, columns
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch
from tokui.sync.earn import earn

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

PEOPLE = [f"{n:04}" for n in range(1, 9)]
POINTS = [
    "feed.before_hook",
    "feed.heard",
    "feed.posted",
    "feed.moved",
    "books.lots",
    "books.commit",
]
WAVES = 25


def write(store, *records):
    batch = Batch(customers=[entry(each) for each in records if isinstance(each, Customer)])
    batch.others[Order] = [entry(each) for each in records if isinstance(each, Order)]
    with store.write(durable=False) as tx:
        write_batch(tx, Rules("shop", RULES), batch)


def bought(number, who, version=1, **more):
    """Two lines."""
    sold = [OrderLine(line_id=n, quantity=1, unit_price_minor=5_000) for n in "12"]
    given = {"buyer": f"c{who}", "source_version": version, "lines": tuple(sold), **more}
    return order(number, 0, **given)


def posted(store):
    """What stands in the books, by key."""
    at = columns(TransferRow)
    with store.read() as tx:
        return sorted(map(tuple, tx.all(sa.select(at.key, at.kind, at.moved))))


def owed(store, folder):
    return list(earn(store, club(folder), TRUST, dry_run=True))


def end(*args):
    child = CHILDREN.Process(target=catch_up, args=args)
    child.start()
    child.join()
    return child.exitcode


@pytest.mark.parametrize("point", POINTS)
def test_death_in_the_middle_leaves_each_line_with_its_points(store, store_url, folder, point):
    write(store, *(member(who, f"{who}@example.jp") for who in PEOPLE))
    write(store, *(bought(n, who) for n, who in enumerate(PEOPLE, 1)))
    assert end(store_url, folder) == 0
    write(store, *(bought(n, who, 2, state="cancelled") for n, who in enumerate(PEOPLE[:3], 1)))
    write(store, *(back(n + 10, f"o{n}", 2_000) for n in range(4, 7)))
    write(store, *(bought(n + 20, who) for n, who in enumerate(PEOPLE)))

    deaths = 0
    while end(store_url, folder, f"{point}:{deaths + 1}") != 0:
        deaths += 1
        assert Books(store).check() == []

    assert deaths > 1
    assert owed(store, folder) == []
    moved = [points for _, _, points in posted(store)]
    assert (moved.count(50), moved.count(-50), len(moved)) == (2 * 16, 2 * 3 + 3, 41)


def test_two_that_follow_side_by_side_leave_what_one_would(store, store_url, folder, tmp_path):
    over, rng = Path(tmp_path / "over"), random.Random(7)
    write(store, *(member(who, f"{who}@example.jp") for who in PEOPLE))
    two = [CHILDREN.Process(target=keep_up, args=(store_url, folder, over)) for _ in range(2)]
    for child in two:
        child.start()

    for version in range(1, WAVES + 1):
        states = rng.choices(["paid", "cancelled"], k=len(PEOPLE))
        orders = enumerate(zip(PEOPLE, states, strict=True), 1)
        write(store, *(bought(n, who, version, state=state) for n, (who, state) in orders))
    over.touch()
    for child in two:
        child.join()

    assert [child.exitcode for child in two] == [0, 0]
    assert owed(store, folder) == []
    assert Books(store).check() == []
    assert sum(points for _, _, points in posted(store)) == 100 * states.count("paid")
