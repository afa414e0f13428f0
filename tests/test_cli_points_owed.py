"""What is owed and is not posted yet, or never will be: said where staff look, with the reason."""

import pytest
from club import CLUB, Club, member, order

TOO_MANY = CLUB.replace('name = "regular"', 'name = "regular"\nrate = 1_000_000')
LARGE = order(1, 1_000_000_000)


@pytest.fixture
def club(shop):
    shop.configure(CLUB)
    for file in ("book.json", "till.json"):
        shop.write([], file)
    made = Club(shop)
    yield made
    made.store.close()


def test_what_is_missing_is_listed_with_whose_it_is_and_why(club):
    club.write("shop", member(), order(1, 10_000, source_version=1))
    club.shop.run("points", "earn")
    club.write("shop", order(1, 10_000, source_version=2, state="cancelled"), order(2, 5_000))

    found = club.shop.json("points", "reconcile", code=8)

    listed = [(each["what"], each["points"], each["reason"]) for each in found["missing"]]
    assert listed == [("earn", 50, "order o2: regular"), ("take back", 100, "order o1: cancelled")]
    assert {each["profile_id"] for each in found["missing"]} == {1}


def test_what_the_books_refuse_is_listed_with_what_to_do_next(club):
    club.shop.configure(TOO_MANY)
    club.write("shop", member(), LARGE)

    assert "reconcile" in club.shop.run("points", "earn", code=5).stderr
    said = club.shop.run("points", "reconcile", code=8).stdout
    (listed,) = club.shop.json("points", "reconcile", code=8)["missing"]

    assert "refused, points are a whole number from 1 to" in said.replace("\n", " ")
    assert listed["todo"].startswith("look at `tokui points history`")
    assert club.points() == 0


def test_a_refusal_stops_neither_the_follower_nor_what_comes_after_it(club):
    club.shop.configure(TOO_MANY)
    club.write("shop", member(), LARGE)
    club.shop.run("sync")
    club.shop.configure(CLUB)
    club.write("shop", order(2, 5_000))

    club.shop.run("sync")

    assert club.points() == 10_000_000 + 150


def test_status_shows_how_far_behind_the_points_are(club):
    club.write("shop", member(), order(1, 10_000))
    assert "tokui sync" in club.shop.run("status").stdout
    (behind,) = club.shop.json("status")["followers"]

    club.shop.run("sync")

    (after,) = club.shop.json("status")["followers"]
    assert (behind["plugin"], behind["behind"] > 0) == ("points.points", True)
    assert (after["behind"], after["since"]) == (0, None)
