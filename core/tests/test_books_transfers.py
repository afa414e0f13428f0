"""Points are earned and spent once for each key, and nobody spends what is not there."""

import pytest
from tokui.connector import Earn, Member, Redeem, Void
from tokui.errors import NotEnough, PolicyRefusal

MORI = Member("club", "2900123456783")
SATO = Member("club", "2900123456790")


def earn(key, points, member=MORI, **how):
    return Earn(key, member, points, "jeans", **how)


def redeem(key, points, member=MORI):
    return Redeem(key, member, points, "at the till")


def test_one_who_never_earned_has_nothing(books):
    balance = books.balance(MORI)

    assert (balance.points, balance.pending, balance.held, balance.owed) == (0, 0, 0, 0)
    assert books.history(MORI) == []


def test_what_is_earned_can_be_spent(books):
    earned = books.post(earn("e", 120))
    spent = books.post(redeem("r", 50))

    assert (earned.points, earned.after) == (120, 120)
    assert (spent.points, spent.after) == (-50, 70)
    assert books.balance(MORI).points == 70


def test_all_are_posted_or_none(books):
    together = [earn("e", 120), redeem("r", 50), redeem("s", 90)]

    with pytest.raises(NotEnough):
        books.post_all(together)
    assert books.history(MORI) == []

    posted = books.post_all(together[:2])
    assert books.post_all(together[:2]) == posted
    assert books.balance(MORI).points == 70


def test_the_same_key_and_body_have_one_effect_and_one_answer(books):
    first = books.post(earn("e", 120))
    books.post(redeem("r", 50))

    assert books.post(earn("e", 120)) == first
    assert books.balance(MORI).points == 70


@pytest.mark.parametrize(
    "other",
    [
        earn("e", 121),
        earn("e", 120, SATO),
        Earn("e", MORI, 120, "shirt"),
        redeem("e", 120),
        Void("e", MORI, "h", "jeans"),
    ],
)
def test_the_same_key_for_something_else_is_refused(books, other):
    books.post(earn("e", 120))

    with pytest.raises(PolicyRefusal, match="used for another transfer"):
        books.post(other)
    assert books.balance(MORI).points == 120


def test_nobody_spends_what_is_not_there(books):
    books.post(earn("e", 120))

    with pytest.raises(NotEnough):
        books.post(redeem("r", 121))
    assert books.balance(MORI).points == 120


def test_a_refusal_keeps_nothing_and_the_key_may_be_asked_again(books):
    with pytest.raises(NotEnough):
        books.post(redeem("r", 50))
    books.post(earn("e", 120))

    assert books.post(redeem("r", 50)).after == 70


def test_programmes_and_members_never_meet(books):
    books.post(earn("a", 100))
    books.post(earn("b", 10, SATO))
    books.post(earn("c", 1, Member("miles", MORI.member_no)))

    with pytest.raises(NotEnough):
        books.post(redeem("r", 11, SATO))
    assert [each.points for each in books.balances([MORI, SATO])] == [100, 10]
    assert books.sums("miles").outstanding == 1


@pytest.mark.parametrize("unit", ["JPY", "jpy", "usd", "yen", "円", "¥", "money", ""])
def test_money_is_refused(books, unit):
    with pytest.raises(PolicyRefusal):
        books.post(earn("e", 100, Member(unit, "1")))


@pytest.mark.parametrize("points", [0, -5, 1.0, True, 10**13, None, "7"])
def test_points_are_a_whole_number_above_nothing(books, points):
    with pytest.raises(PolicyRefusal, match="whole number"):
        books.post(earn("e", points))


@pytest.mark.parametrize("key", ["", "k" * 201, "a\0b", "\ud800", "expire:7", "release:7"])
def test_a_key_that_cannot_be_kept_is_refused(books, key):
    with pytest.raises(PolicyRefusal):
        books.post(earn(key, 1))


def test_a_refusal_says_nothing_of_the_member(books):
    with pytest.raises(NotEnough) as refusal:
        books.post(redeem("r", 5))

    assert MORI.member_no not in str(refusal.value)


def test_the_history_explains_the_balance(books):
    books.post(earn("e", 120))
    books.post(redeem("r", 50))

    told = books.history(MORI)

    assert [(each.key, each.kind, each.points) for each in told] == [
        ("r", "redeem", -50),
        ("e", "earn", 120),
    ]
    assert books.history(MORI, limit=1) == told[:1]


def test_what_was_posted_is_found_by_its_key(books):
    answer = books.post(earn("e", 120))

    assert books.posted(["e", "f"]) == {"e": answer}


def test_the_shop_knows_what_it_owes(books):
    books.post(earn("e", 120))
    books.post(redeem("r", 50))

    sums = books.sums("club")

    assert (sums.issued, sums.spent, sums.outstanding) == (120, 50, 70)
