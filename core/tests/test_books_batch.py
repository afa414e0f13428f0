"""Many transfers at once are the same as one after the other."""

from datetime import timedelta

import pytest
from tokui.connector import Capture, Earn, Hold, Member, Posted, Redeem, Reverse
from tokui.errors import NotEnough, PolicyRefusal
from tokui.store.books import ledger
from tokui_contracts.stores import empty

MORI, SATO = Member("club", "1"), Member("club", "2")


def a_day(now):
    """A morning in the shop; some of it is refused, and some told twice."""
    end = now + timedelta(minutes=5)
    return [
        Earn("a", MORI, 100, "jeans"),
        Earn("b", SATO, 50, "shirt", expires_at=now - timedelta(days=1)),
        Redeem("c", MORI, 101, "till"),
        Earn("a", MORI, 100, "jeans"),
        Earn("a", MORI, 99, "jeans"),
        Hold("d", MORI, 60, "basket", end),
        Capture("e", MORI, "d", "paid", 50),
        Reverse("f", MORI, "e", "return", 10),
        Reverse("g", MORI, "a", "return"),
        Redeem("h", SATO, 1, "till"),
        Earn("i", MORI, 70, "hat"),
    ]


def test_a_batch_is_the_same_as_one_after_the_other(books, clock):
    together = books.post_many(a_day(clock.now))
    told = [books.history(each) for each in (MORI, SATO)]
    empty(books._store)

    alone = [_post(books, each) for each in a_day(clock.now)]

    assert list(map(repr, together)) == list(map(repr, alone))
    assert told == [books.history(each) for each in (MORI, SATO)]


def _post(books, transfer):
    try:
        return books.post(transfer)
    except PolicyRefusal as refusal:
        return refusal


def test_what_is_planned_is_what_would_be_posted_and_nothing_is(books, clock):
    planned = books.planned(a_day(clock.now))

    assert (books.history(MORI), books.sums("club").issued) == ([], 0)
    assert list(map(repr, planned)) == list(map(repr, books.post_many(a_day(clock.now))))


def test_a_refused_one_stops_no_other(books):
    answers = books.post_many([Redeem("a", MORI, 1, "till"), Earn("b", MORI, 1, "hat")])

    assert isinstance(answers[0], NotEnough)
    assert answers[1] == Posted("b", 1, 1)


def test_the_same_batch_again_does_the_rest(books, monkeypatch):
    monkeypatch.setattr(ledger, "PORTION", 3)
    batch = [Earn(f"e{n}", Member("club", str(n % 4)), n + 1, "jeans") for n in range(10)]
    books.post_many(batch[:5])

    answers = books.post_many(batch)

    assert [each.key for each in answers] == [each.key for each in batch]
    assert books.sums("club").issued == 55


def test_numbers_of_transfers_have_no_gap(books, store_url):
    with pytest.raises(NotEnough):
        books.post(Redeem("r", MORI, 1, "till"))
    books.post_many([Earn("a", MORI, 1, "hat"), Redeem("b", MORI, 2, "till")])
    books.post(Earn("c", MORI, 1, "hat"))

    with books._store.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT id, key FROM transfer ORDER BY id").all()
    assert [tuple(row) for row in rows] == [(1, "a"), (2, "c")]
