"""All that a member has goes to another, and comes back."""

from datetime import timedelta

import pytest
from tokui.connector import (
    Capture,
    Earn,
    Hold,
    Member,
    Move,
    Moved,
    Redeem,
    Reverse,
    order_mark,
)
from tokui.errors import NotEnough, PolicyRefusal
from tokui.store.books import Books, found
from tokui.store.engine import Store

OLD, NEW = Member("club", "1"), Member("club", "2")
GO = Move("go", OLD, NEW.member_no, "card replaced")
BACK = Reverse("back", NEW, "go", "were two after all")


@pytest.fixture
def books(store_url, clock):
    store = Store.open(store_url, clock)
    yield Books(store)
    store.close()


def has(books, *points):
    assert tuple(books.balance(each).points for each in (OLD, NEW)) == points
    assert books.check() == []


def test_points_go_with_their_beginnings_and_ends(books, clock):
    day = clock.now + timedelta(days=1)
    books.post(Earn("a", OLD, 100, "jeans", active_at=day, expires_at=day + timedelta(days=9)))
    books.post(Earn("b", OLD, 30, "hat"))
    before = books.balance(OLD)

    answers = [books.post(GO), books.post(GO)]

    assert [(each.points, each.after) for each in answers] == [(-130, 0)] * 2
    after = books.balance(NEW)
    assert (after.points, after.pending, after.expiring) == (30, 100, before.expiring)
    assert [each.points for each in books.history(NEW)] == [130]
    has(books, 0, 30)


def test_what_was_earned_and_spent_before_is_taken_back_where_the_points_are(books):
    books.post_many([Earn("a", OLD, 100, "jeans"), Redeem("r", OLD, 100, "till"), GO])

    books.post(Reverse("r-", NEW, "r", "return", 40))
    has(books, 0, 40)
    books.post(Reverse("a-", NEW, "a", "return", 70))
    assert books.balance(NEW).owed == 30
    with pytest.raises(PolicyRefusal, match="moved to another member"):
        books.post(Reverse("x", OLD, "a", "return"))
    has(books, 0, 0)


def test_an_end_that_passed_is_forgiven_on_the_other_card_too(books, clock):
    end = clock.now + timedelta(days=1)
    books.post_many([Earn("a", OLD, 100, "jeans", expires_at=end), GO, Earn("b", NEW, 9, "hat")])
    clock.now = end + timedelta(days=1)

    books.post(Reverse("a-", NEW, "a", "return"))

    assert books.balance(NEW).owed == 0
    has(books, 0, 9)


def test_what_is_left_of_the_moved_points_comes_back(books):
    for each in (Earn("a", OLD, 100, "jeans"), Earn("b", NEW, 50, "hat"), GO):
        books.post(each)
    books.post(Redeem("r", NEW, 120, "till"))

    books.post_many([BACK, BACK])

    has(books, 0, 30)
    books.post(Reverse("r-", NEW, "r", "return"))
    assert sum(books.balance(each).points for each in (OLD, NEW)) == 150
    assert books.check() == []


@pytest.mark.parametrize("debtor", [OLD, NEW])
def test_debts_are_paid_by_the_move_and_owed_again_after_it(books, debtor):
    other = NEW if debtor is OLD else OLD
    books.post_many([Earn("a", debtor, 100, "jeans"), Redeem("r", debtor, 100, "till")])
    books.post_many([Reverse("a-", debtor, "a", "return"), Earn("b", other, 130, "hat")])

    books.post(GO)
    has(books, 0, 30)

    books.post(BACK)
    assert (books.balance(debtor).owed, books.balance(other).points) == (100, 130)
    assert books.check() == []


def test_a_debt_that_nobody_paid_goes_and_comes_back(books):
    books.post_many([Earn("a", OLD, 100, "jeans"), Redeem("r", OLD, 100, "till")])
    books.post_many([Reverse("a-", OLD, "a", "return"), GO])
    assert [books.balance(each).owed for each in (OLD, NEW)] == [0, 100]

    books.post(BACK)

    assert [books.balance(each).owed for each in (OLD, NEW)] == [100, 0]
    assert books.check() == []


def test_it_is_known_what_went_where_and_what_was_posted_of_an_order(books):
    start = f"club/{order_mark('shop', 'o1')}"
    books.post_many([Earn(f"{start}0/x/1", OLD, 100, "jeans"), Earn("club/other/x", OLD, 5, "hat")])
    books.post_many([GO, Reverse(f"{start}0/x/2", NEW, f"{start}0/x/1", "return", 30)])

    with books._store.read() as tx:
        told = [
            (who, each.key[-1], each.of) for _, who, each in found.under(tx, [start, "club/no"])
        ]
        moves = [found.moved(tx, each) for each in (OLD, NEW)]
    assert told == [(OLD, "1", None), (NEW, "2", f"{start}0/x/1")]
    assert moves == [[Moved("go", OLD, NEW)]] * 2

    books.post(BACK)
    with books._store.read() as tx:
        assert found.moved(tx, OLD) == [Moved("go", OLD, NEW, back=True)]


def test_what_is_held_is_not_moved(books, clock):
    until = clock.now + timedelta(minutes=5)
    books.post_many([Earn("a", OLD, 100, "jeans"), Hold("h", OLD, 60, "basket", until)])
    with pytest.raises(PolicyRefusal, match="held"):
        books.post(GO)

    books.post_many([Capture("c", OLD, "h", "paid", 50), GO])

    has(books, 0, 50)


def test_a_hold_on_points_that_went_back_ends_well(books, clock):
    until = clock.now + timedelta(minutes=5)
    books.post_many([Earn("a", OLD, 100, "jeans"), GO, Hold("h", NEW, 60, "basket", until)])

    books.post(BACK)
    clock.now = until + timedelta(minutes=1)

    has(books, 40, 60)


def test_moved_to_and_fro_everything_is_where_it_is_asked(books):
    books.post_many([Earn("a", OLD, 100, "jeans"), GO, Earn("b", NEW, 50, "hat")])
    books.post(Move("home", NEW, OLD.member_no, "mistake"))
    has(books, 150, 0)

    books.post(Reverse("home-", OLD, "home", "mistake"))
    has(books, 0, 150)
    books.post(BACK)
    has(books, 100, 50)


def test_what_cannot_be_moved_back_is_refused(books):
    books.post_many([Earn("a", OLD, 100, "jeans"), GO, BACK])

    for wrong in (Reverse("again", NEW, "go", "-"), Reverse("other", OLD, "go", "-")):
        with pytest.raises(PolicyRefusal):
            books.post(wrong)
    with pytest.raises(NotEnough):
        books.post(Redeem("r", NEW, 1, "till"))
    has(books, 100, 0)
