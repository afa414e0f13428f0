"""Points are set aside, then captured or released, once; and nobody waits for ever."""

from datetime import timedelta

import pytest
from tokui.connector import Capture, Earn, Hold, Member, Redeem, Void
from tokui.errors import NotEnough, PolicyRefusal

MORI = Member("club", "2900123456783")
FIVE = timedelta(minutes=5)


@pytest.fixture
def held(books, clock):
    """A hundred points, sixty of them set aside for five minutes."""
    books.post(Earn("e", MORI, 100, "jeans"))
    books.post(Hold("h", MORI, 60, "basket", clock.now + FIVE))
    return books


def capture(key="c", points=None):
    return Capture(key, MORI, "h", "paid", points)


def void(key="v"):
    return Void(key, MORI, "h", "left")


def standing(books):
    balance = books.balance(MORI)
    return balance.points, balance.held


def test_what_is_set_aside_cannot_be_spent(held):
    assert standing(held) == (40, 60)
    with pytest.raises(NotEnough):
        held.post(Redeem("r", MORI, 41, "at the till"))


def test_a_capture_spends_a_part_and_releases_the_rest(held):
    captured = held.post(capture(points=45))

    assert (captured.points, standing(held)) == (15, (55, 0))
    assert held.sums("club").spent == 45


def test_no_more_is_captured_than_was_set_aside(held):
    with pytest.raises(NotEnough):
        held.post(capture(points=61))
    assert standing(held) == (40, 60)


@pytest.mark.parametrize("first", [capture("first"), void("first")])
@pytest.mark.parametrize("second", [capture("second"), void("second")])
def test_a_hold_ends_once(held, first, second):
    held.post(first)

    with pytest.raises(PolicyRefusal, match="the hold is over"):
        held.post(second)


def test_a_hold_that_timed_out_is_released(held, clock):
    clock.passes(minutes=5)

    assert standing(held) == (100, 0)
    with pytest.raises(PolicyRefusal, match="timed out"):
        held.post(capture())
    assert standing(held) == (100, 0)


def test_a_lost_answer_is_told_again_after_the_time_is_up(held, clock):
    captured = held.post(capture())
    clock.passes(minutes=5)

    assert held.post(capture()) == captured
    assert standing(held) == (40, 0)


def test_only_a_hold_can_be_captured(held):
    with pytest.raises(PolicyRefusal, match="no hold"):
        held.post(Capture("c", MORI, "e", "paid"))


def test_a_hold_ends_after_it_begins(held, clock):
    with pytest.raises(PolicyRefusal, match="before it begins"):
        held.post(Hold("h2", MORI, 1, "basket", clock.now))


def test_points_that_end_while_they_are_set_aside_can_still_be_captured(books, clock):
    books.post(Earn("e", MORI, 100, "jeans", expires_at=clock.now + FIVE))
    books.post(Hold("h", MORI, 100, "basket", clock.now + 2 * FIVE))
    clock.passes(minutes=6)

    books.post(capture(points=70))

    sums = books.sums("club")
    assert (sums.spent, sums.expired, standing(books)) == (70, 30, (0, 0))
