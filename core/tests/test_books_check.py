"""Whoever writes into the books by hand is refused, or found out."""

from datetime import timedelta

import pytest
from tokui.connector import Earn, Hold, Member, Redeem
from tokui.errors import StoreError
from tokui.store.books import Books
from tokui.store.engine import Store

MORI = Member("club", "1")


@pytest.fixture
def kept(store_url, clock):
    """Books with a little of everything."""
    store = Store.open(store_url, clock)
    books = Books(store)
    books.post(Earn("e", MORI, 100, "jeans"))
    books.post(Redeem("r", MORI, 30, "till"))
    books.post(Hold("h", MORI, 20, "basket", clock.now + timedelta(minutes=5)))
    yield books
    store.close()


def write(books, statement):
    with books._store.write() as tx:
        tx.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transfer SET points = 1000",
        "UPDATE entry SET points = points * 2",
        "UPDATE account SET balance = -1 WHERE kind = 'points'",
        "UPDATE account SET balance = 1 WHERE kind = 'issued'",
        "UPDATE lot SET remaining = -1",
        "UPDATE lot SET remaining = points + 1",
    ],
)
def test_the_tables_refuse_it(kept, statement):
    with pytest.raises(StoreError):
        write(kept, statement)
    assert kept.check() == []


FOUND = {
    "UPDATE account SET balance = 51 WHERE kind = 'points'": "another balance than its lines",
    "UPDATE account SET balance = 19 WHERE kind = 'held'": "another balance than its lots",
    "UPDATE account SET balance = balance + 1 WHERE kind = 'spent'": "do not add up to nothing",
    "DELETE FROM entry WHERE nth = 1": "lines that do not add up",
    "DELETE FROM transfer WHERE key = 'r'": "belongs to nothing",
    "DELETE FROM account WHERE kind = 'spent'": "belongs to nothing",
    "UPDATE lot SET remaining = 49 WHERE remaining = 50": "other points than its lines",
    "UPDATE lot SET expired = 1 WHERE remaining = 50": "other points than its lines",
    "INSERT INTO account VALUES (90, 'club', '1', 'owed', -5, 1)": "points beside a debt",
    "INSERT INTO transfer VALUES (90, 'x', '', 'reverse', 1, 1, 1, 101, 0, 0, '', 0)": "taken back",
    "INSERT INTO transfer VALUES (90, 'x', '', 'earn', 1, NULL, NULL, 9, 9, 9, '', 0)": "says other",
}


@pytest.mark.parametrize("statement", FOUND)
def test_or_it_is_found(kept, statement):
    write(kept, statement)

    assert any(FOUND[statement] in fault for fault in kept.check())
