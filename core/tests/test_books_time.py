"""Points begin and end at their moment, whenever the books are settled."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tokui.connector import Earn, Expiring, Hold, Member, Redeem, Reverse
from tokui.errors import NotEnough, PolicyRefusal
from tokui_contracts.stores import empty

MORI = Member("club", "2900123456783")
DAY = timedelta(days=1)
TOKYO = ZoneInfo("Asia/Tokyo")


def earn(key, points, **how):
    return Earn(key, MORI, points, "jeans", **how)


def redeem(key, points):
    return Redeem(key, MORI, points, "at the till")


def test_points_that_are_pending_become_active(books, clock):
    books.post(earn("e", 100, active_at=clock.now + 14 * DAY))

    before = books.balance(MORI)
    with pytest.raises(NotEnough):
        books.post(redeem("r", 1))
    clock.passes(days=14)

    assert (before.points, before.pending) == (0, 100)
    assert books.balance(MORI).points == 100
    assert books.post(redeem("r", 1)).after == 99


def test_a_return_takes_pending_points(books, clock):
    books.post(earn("e", 100, active_at=clock.now + 14 * DAY))

    books.post(Reverse("b", MORI, "e", "return", 40))

    assert books.balance(MORI).pending == 60


def test_the_next_to_expire_are_spent_first_and_of_equals_the_older(books, clock):
    late, soon = clock.now + 30 * DAY, clock.now + 10 * DAY
    for key, points, end in (("a", 10, late), ("b", 20, soon), ("c", 30, soon), ("d", 40, None)):
        books.post(earn(key, points, expires_at=end))

    books.post(redeem("r", 25))

    assert books.balance(MORI).expiring == (Expiring(25, soon), Expiring(10, late))


def test_the_last_day_in_tokyo_is_inclusive(books, clock):
    end = datetime(2027, 1, 1, tzinfo=TOKYO)  # "until 2026-12-31"
    books.post(earn("e", 100, expires_at=end))

    clock.now = datetime(2026, 12, 31, 14, 59, 59, 999_999, tzinfo=UTC)
    last = books.balance(MORI).points
    clock.now = datetime(2026, 12, 31, 15, tzinfo=UTC)

    assert (last, books.balance(MORI).points) == (100, 0)


def test_expired_points_cannot_be_spent_before_the_books_say_so(books, clock):
    books.post(earn("e", 100, expires_at=clock.now + DAY))
    clock.passes(days=1)

    with pytest.raises(NotEnough):
        books.post(redeem("r", 1))


def test_settling_twice_is_settling_once(books, clock):
    books.post(earn("e", 100, expires_at=clock.now + DAY))
    books.post(Hold("h", MORI, 40, "basket", clock.now + 2 * DAY))
    clock.passes(days=3)

    assert (books.settle(), books.settle()) == (2, 0)
    assert books.sums("club").expired == 100


def test_it_does_not_matter_when_the_books_are_settled(books, clock, store_url):
    told = []
    for often in (True, False):
        clock.now = datetime(2026, 10, 1, tzinfo=UTC)
        empty(books._store)
        for step in _story(clock):
            answer = books.post(step)
            assert answer == books.post(step)
            clock.passes(days=1)
            if often:
                books.settle()
        told.append([(each.kind, each.points, each.at) for each in books.history(MORI)])

    assert told[0] == told[1]
    assert [kind for kind, _, _ in told[0]].count("expire") == 2


def _story(clock):
    start = clock.now
    yield earn("a", 100, expires_at=start + 2 * DAY)
    yield Hold("h", MORI, 30, "basket", start + 3 * DAY)
    yield earn("b", 50, expires_at=start + 4 * DAY)
    yield redeem("r", 20)
    yield earn("c", 10)
    yield Reverse("v", MORI, "r", "return")


def test_an_earning_told_after_its_end_is_booked_and_lost(books, clock):
    books.post(earn("e", 100, expires_at=clock.now - DAY))

    assert books.balance(MORI).points == 0
    assert [each.kind for each in books.history(MORI)] == ["expire", "earn"]


def test_points_that_come_back_after_their_end_are_lost(books, clock):
    books.post(earn("e", 100, expires_at=clock.now + DAY))
    books.post(redeem("r", 60))
    clock.passes(days=2)

    books.post(Reverse("b", MORI, "r", "return"))

    assert books.balance(MORI).points == 0
    assert books.sums("club").expired == 100


def test_times_have_zones_and_an_order(books, clock):
    with pytest.raises(PolicyRefusal, match="zone"):
        books.post(earn("e", 1, expires_at=datetime(2027, 1, 1)))  # noqa: DTZ001
    with pytest.raises(PolicyRefusal, match="before they begin"):
        books.post(earn("e", 1, active_at=clock.now + DAY, expires_at=clock.now + DAY))
