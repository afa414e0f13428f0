"""Returns take back exactly what a purchase gave, and refund-and-keep is impossible."""

from datetime import timedelta

import pytest
from tokui.connector import Capture, Earn, Hold, Member, Redeem, Reverse, Void
from tokui.errors import NotEnough, PolicyRefusal

MORI = Member("club", "2900123456783")


def earn(key, points, **how):
    return Earn(key, MORI, points, "jeans", **how)


def redeem(key, points):
    return Redeem(key, MORI, points, "at the till")


def back(key, of, points=None, **how):
    return Reverse(key, MORI, of, "return", points, **how)


def minutes(count):
    return timedelta(minutes=count)


def standing(books):
    balance = books.balance(MORI)
    return balance.points, balance.pending, balance.held, balance.owed


def test_a_partial_return_takes_back_its_part_of_one_line(books):
    books.post(earn("order:1:line:1", 100))
    books.post(earn("order:1:line:2", 60))

    books.post(back("return:1", "order:1:line:1", 33))

    assert standing(books) == (127, 0, 0, 0)
    assert books.post(back("return:2", "order:1:line:1")).points == -67


def test_no_more_is_taken_back_than_was_given(books):
    books.post(earn("e", 100))
    books.post(back("b1", "e", 70))

    with pytest.raises(PolicyRefusal, match="no more than 30"):
        books.post(back("b2", "e", 31))
    books.post(back("b3", "e"))
    with pytest.raises(PolicyRefusal, match="all of it"):
        books.post(back("b4", "e"))
    assert standing(books) == (0, 0, 0, 0)


def test_points_spent_meanwhile_are_owed_and_paid_by_the_next(books):
    books.post(earn("e", 100))
    books.post(redeem("r", 80))

    taken = books.post(back("b", "e"))

    assert (taken.points, standing(books)) == (-20, (0, 0, 0, 80))
    assert books.post(earn("e2", 100)).points == 20
    assert standing(books) == (20, 0, 0, 0)


def test_or_the_return_is_refused(books):
    books.post(earn("e", 100))
    books.post(redeem("r", 80))

    with pytest.raises(NotEnough):
        books.post(back("b", "e", shortfall="refuse"))
    assert standing(books) == (20, 0, 0, 0)
    assert books.post(back("b", "e", 20, shortfall="refuse")).points == -20


def test_others_points_go_before_debt(books):
    books.post(earn("e1", 100))
    books.post(redeem("r", 100))
    books.post(earn("e2", 70))

    books.post(back("b", "e1"))

    assert standing(books) == (0, 0, 0, 30)


def test_points_that_paid_a_debt_are_owed_again_when_they_are_taken_back(books):
    books.post(earn("e1", 100))
    books.post(redeem("r", 100))
    books.post(back("b1", "e1"))
    books.post(earn("e2", 100))

    books.post(back("b2", "e2"))

    assert standing(books) == (0, 0, 0, 100)


def test_points_held_for_a_checkout_are_not_taken(books, clock):
    books.post(earn("e", 100))
    books.post(Hold("h", MORI, 100, "basket", clock.now + minutes(5)))

    books.post(back("b", "e"))
    assert standing(books) == (0, 0, 100, 100)
    books.post(Void("v", MORI, "h", "left the shop"))

    assert standing(books) == (0, 0, 0, 0)


def test_points_spent_come_back_once(books):
    books.post(earn("e", 100))
    books.post(redeem("r", 80))

    books.post(back("b1", "r", 30))
    books.post(back("b2", "r"))

    assert standing(books) == (100, 0, 0, 0)
    with pytest.raises(PolicyRefusal, match="all of it"):
        books.post(back("b3", "r"))


def test_points_come_back_with_the_end_that_they_had(books, clock):
    soon, later = clock.now + minutes(10), clock.now + minutes(20)
    books.post(earn("e1", 100, expires_at=later))
    books.post(earn("e2", 50, expires_at=soon))
    books.post(redeem("r", 80))

    books.post(back("b", "r", 40))

    ends = [(each.points, each.at) for each in books.balance(MORI).expiring]
    assert ends == [(10, soon), (100, later)]


def test_what_was_captured_comes_back_too(books, clock):
    books.post(earn("e", 100))
    books.post(Hold("h", MORI, 60, "basket", clock.now + minutes(5)))
    books.post(Capture("c", MORI, "h", "paid", 40))

    books.post(back("b", "c", 15))

    assert standing(books) == (75, 0, 0, 0)
    with pytest.raises(PolicyRefusal, match="no more than 25"):
        books.post(back("b2", "c", 26))


@pytest.mark.parametrize("of", ["nothing", "h", "v", "b"])
def test_what_was_neither_earned_nor_spent_cannot_be_taken_back(books, clock, of):
    books.post(earn("e", 100))
    books.post(Hold("h", MORI, 60, "basket", clock.now + minutes(5)))
    books.post(Void("v", MORI, "h", "changed their mind"))
    books.post(back("b", "e", 1))

    with pytest.raises(PolicyRefusal, match="nothing was earned or spent"):
        books.post(back("again", of))


def test_nobody_takes_back_what_is_another_members(books):
    books.post(Earn("e", Member("club", "other"), 100, "jeans"))

    with pytest.raises(PolicyRefusal, match="nothing was earned"):
        books.post(back("b", "e"))


def test_expired_points_are_not_taken_a_second_time(books, clock):
    books.post(earn("e1", 100, expires_at=clock.now + minutes(10)))
    books.post(redeem("r", 30))
    books.post(earn("e2", 50))
    clock.passes(minutes=10)

    taken = books.post(back("b", "e1"))

    assert (taken.points, standing(books)) == (-30, (20, 0, 0, 0))


def test_a_second_reversal_is_refused_in_words_that_help(books):
    books.post_many([Earn("a", MORI, 100, "jeans"), Reverse("b", MORI, "a", "return", 70)])

    for again, word in ((70, "no more than 30"), (None, None), (1, "taken back before")):
        ask = Reverse(f"again {again}", MORI, "a", "return", again)
        if word is None:
            books.post(ask)
            continue
        with pytest.raises(PolicyRefusal, match=word) as refused:
            books.post(ask)
        assert "history" in str(refused.value)
