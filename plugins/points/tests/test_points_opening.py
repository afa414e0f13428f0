"""Opening balances: once however often, bad lines by number, cards that nobody has seen."""

from datetime import UTC, datetime

import pytest
from tokui.connector import Member
from tokui.errors import ConfigError
from tokui.store import schema
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_points.opening import Opening

FILE = """member_no,points,expires_at,pending,reason
2900 0001,1200,2027-03-31,,old till
29000001,300,2027-12-31,2027-01-01,old till
29000002,50,,,
29000003,0,,,
"""


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/x.sqlite3", lambda: datetime(2026, 11, 1, tzinfo=UTC))
    schema.ready(store)
    yield store
    store.close()


def take(store, made, text=FILE, name="opening", dry_run=False):
    opening = Opening("club", made.programme(), name)
    return opening.take(store, opening.read(text.splitlines()), dry_run=dry_run)


def test_a_file_gives_what_it_says_once(store, made):
    done, again = take(store, made), take(store, made)

    assert (done.new, done.points, done.nothing, done.unseen) == (3, 1550, 1, 3)
    assert (again.new, again.known, again.many_bad) == (0, 3, 0)
    balance = Books(store).balance(Member("club", "29000001"))
    assert (balance.points, balance.pending) == (1200, 300)
    ends = [each.at.isoformat() for each in balance.expiring]
    assert ends == ["2027-03-31T15:00:00+00:00", "2027-12-31T15:00:00+00:00"]


def test_a_dry_run_says_the_same_and_writes_nothing(store, made):
    told = take(store, made, dry_run=True)

    assert told.new == 3
    assert take(store, made) == told


def test_a_line_that_is_mended_gives_nothing_else_twice(store, made):
    done = take(store, made, FILE.replace("1200,2027-03-31", "1200,9999-12-31"))
    assert (done.new, [each.number for each in done.bad]) == (2, [2])

    again = take(store, made)

    assert (again.new, again.points, again.known, again.many_bad) == (1, 1200, 2, 0)


def test_a_line_that_changed_is_refused_and_listed(store, made):
    take(store, made)

    done = take(store, made, FILE.replace("1200", "1300"))

    assert (done.known, [each.number for each in done.bad]) == (2, [2])
    assert "imported before" in done.bad[0].reason
    assert Books(store).balance(Member("club", "29000001")).points == 1200


BAD = """member_no,points,expires_at,pending
,5,,
29000009,,,
29000009,-5,,
29000009,1.5,,
29000009,5,soon,
29000009,5,2027-01-01,2027-02-01
000,5,,
29000009,5
29000008,7,,
"""


def test_bad_lines_are_named_by_their_number_and_never_by_a_value(store, made):
    done = take(store, made, BAD)

    assert ([each.number for each in done.bad], done.new) == ([*range(2, 10)], 1)
    assert not [each for each in done.bad if "2900" in each.reason or "soon" in each.reason]


def test_a_file_without_the_columns_is_refused(store, made):
    with pytest.raises(ConfigError, match="first line"):
        take(store, made, "card;points\n1;2\n")


def test_another_import_counts_anew(store, made):
    assert [take(store, made, name=name).new for name in ("a", "b")] == [3, 3]
