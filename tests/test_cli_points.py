"""Points out of facts, from a sync's records to what the counter sees."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from club import CLUB, Club, back, member, order
from tokui.model import Customer, OrderLine


@pytest.fixture
def club(shop):
    shop.configure(CLUB)
    made = Club(shop)
    yield made
    made.store.close()


def test_a_purchase_earns_once_however_often_it_is_told(club):
    club.write("shop", member(), order(1, 10_000))
    club.shop.run("points", "earn")
    club.write("shop", member(version=2), order(1, 10_000, source_version=2))
    club.shop.run("points", "earn")

    assert club.points() == 100
    assert club.shop.json("points", "reconcile") == {
        "schema": "tokui.points.reconcile/1",
        "differences": [],
        "faults": [],
        "missing": [],
        "refused": 0,
    }


def test_a_sync_posts_what_it_brings(club):
    club.write("shop", member(), order(1, 10_000))
    for file in ("book.json", "till.json"):
        club.shop.write([], file)

    club.shop.run("sync")

    assert club.points() == 100


def test_a_part_that_comes_back_at_the_till_is_taken_back_at_its_own_rate(club):
    shirts = (OrderLine(line_id="1", quantity=3, unit_price_minor=1_990),)
    lifts = order(1, 100_000)
    club.write("shop", member(), lifts, order(2, 0, lines=shirts), back(3, "o2", 1_990))

    club.shop.run("points", "earn")

    assert club.points() == 1_000 + 119
    moves = club.shop.json("points", "history", "0001")["movements"]
    assert sorted(each["points"] for each in moves) == [119, 1_000]


def test_what_was_earned_before_a_return_is_taken_back_after_it(club):
    club.write("shop", member(), order(1, 10_000))
    club.shop.run("points", "earn")
    club.write("shop", back(3, "o1", 10_000))

    club.shop.run("points", "earn")

    assert club.points() == 0


def test_a_return_that_nobody_puts_their_name_to_is_taken_back(club):
    club.write("shop", member(), order(1, 10_000))
    club.shop.run("points", "earn")
    nobody = back(3, "o1", 10_000).model_copy(update={"buyer": None})
    club.write("till", nobody)
    for file in ("book.json", "till.json"):
        club.shop.write([], file)

    club.shop.run("sync")

    assert club.points() == 0


def test_a_cancelled_order_gives_its_points_back(club):
    club.write("shop", member(), order(1, 10_000, source_version=1))
    club.shop.run("points", "earn")
    club.write("shop", order(1, 10_000, state="cancelled", source_version=2))

    club.shop.run("points", "earn")

    assert club.points() == 0


def test_a_guest_earns_when_linked_and_loses_it_when_unlinked(club):
    guest = Customer(external_id="g1", guest=True)
    club.write("till", guest, order(1, 10_000, buyer="g1"))
    club.write("shop", member())
    club.shop.run("points", "earn")
    assert club.points() == 0

    club.shop.run("customer", "merge", "shop:c0001", "till:g1", "--as", "mori")
    club.shop.run("points", "earn")
    assert club.points() == 100

    (met,) = club.shop.json("customer", "find", "0001")["profiles"]
    whose = f"profile:{met['profile_id']}"
    club.shop.run("customer", "split", whose, "till:g1", "--as", "mori", "--yes")
    club.shop.run("points", "earn")
    assert club.points() == 0
    last = club.shop.json("points", "history", "0001")["movements"][0]
    assert last["reason"] == "order o1: no longer a purchase of this member"


def test_staff_read_in_their_language_why_points_moved(club):
    club.write("shop", member(), order(1, 10_000, source_version=1))
    club.shop.run("points", "earn")
    club.write("shop", order(1, 10_000, state="cancelled", source_version=2))
    club.shop.run("points", "earn")

    told = {
        lang: club.shop.run("points", "history", "0001", "--lang", lang) for lang in ("ja", "en")
    }

    assert "取り消し" in told["ja"].stdout
    assert "注文 o1: 注文取消" in told["ja"].stdout
    assert "reverse" in told["en"].stdout
    assert "order o1: cancelled" in told["en"].stdout


def test_linked_once_more_it_earns_once_more(club):
    club.write("shop", member(), order(1, 10_000, source_version=1))
    for version, state in enumerate(("paid", "cancelled", "paid", "cancelled", "paid"), 2):
        club.write("shop", order(1, 10_000, state=state, source_version=version))
        club.shop.run("points", "earn")

    assert club.points() == 100


def test_a_changed_programme_leaves_what_it_gave(club):
    club.write("shop", member(), order(1, 10_000), order(2, 10_000))
    club.shop.run("points", "earn")
    club.shop.configure(CLUB.replace('name = "regular"', 'name = "regular"\nrate = 5'))

    club.write("shop", order(3, 10_000), back(4, "o1", 10_000))
    club.shop.run("points", "earn")

    assert club.points() == 100 + 500


def test_a_changed_programme_gives_nothing_twice_and_nothing_back(club):
    club.write("shop", member(), order(2, 10_000, source_version=1))
    club.shop.run("points", "earn")
    club.write("shop", order(2, 6_000, source_version=2))
    for version, state in enumerate(("paid", "cancelled", "paid", "cancelled"), 1):
        club.write("shop", order(1, 10_000, state=state, source_version=version))
        club.shop.run("points", "earn")
    club.shop.configure(CLUB.replace('name = "regular"', 'name = "regular"\nrate = 5'))

    club.write("shop", order(1, 10_000, source_version=5))
    for _ in range(2):
        club.shop.run("points", "earn")

    assert club.points() == 100 + 60


def test_a_shop_that_earns_no_more_leaves_what_it_gave_until_it_comes_back(club):
    club.write("till", member(), order(1, 10_000), order(2, 10_000))
    club.shop.run("points", "earn")
    club.shop.configure(CLUB.replace('["shop", "till"]', '["shop"]'))
    club.shop.run("points", "earn")
    assert club.points() == 200

    club.write("till", back(3, "o1", 10_000, shop="till"))
    club.shop.run("points", "earn")

    assert club.points() == 100


def test_an_order_of_a_till_whose_clock_is_ahead_earns_with_the_sync_that_brings_it(club):
    ahead = datetime.now(UTC) + timedelta(hours=9)
    club.write("shop", member(), order(1, 10_000, placed_at=ahead))
    for file in ("book.json", "till.json"):
        club.shop.write([], file)

    club.shop.run("sync")

    assert club.points() == 100


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_date_that_is_none_stops_nobody_elses_points(club, day):
    at = datetime.combine(day, time(23, 59), UTC)
    club.write("shop", member(), member("0002", "2@example.com", created_at=at))
    club.write("shop", order(1, 10_000), order(2, 10_000, buyer="c0002", placed_at=at))
    club.write("till", member("0002", "2@example.com"), order(3, 10_000, business_date=day))
    for file in ("book.json", "till.json"):
        club.shop.write([], file)

    club.shop.run("sync")

    assert (club.points(), club.points("0002")) == (100, 0)


def test_a_key_may_look_as_it_likes(club):
    club.write("shop", member(), order(1, 10_000))
    given = ("50", "--as", "mori", "--reason", "sorry", "--key", "till/2026/11/26/1")
    club.shop.run("points", "adjust", "0001", *given)

    club.shop.run("points", "earn")

    assert club.points() == 150


def test_points_are_moved_by_hand_and_never_below_nothing(club):
    club.write("shop", member(), order(1, 10_000))
    club.shop.run("points", "earn")

    for _ in range(2):
        club.shop.run("points", "redeem", "0001", "30", "--as", "mori", "--key", "k")
    club.shop.run("points", "adjust", "0001", "-20", "--as", "mori", "--reason", "twice")
    club.shop.run("points", "redeem", "0001", "51", "--as", "mori", code=7)
    assert club.points() == 50

    club.shop.run("points", "reverse", "0001", "k", "--as", "mori")
    assert club.points() == 80


def test_the_card_shows_how_a_member_stands(club):
    club.write("shop", member(), order(1, 10_000))
    club.shop.run("points", "earn")

    card = club.shop.json("customer", "show", "0001")["card"]
    shown = club.shop.run("customer", "show", "0001", "--lang", "ja").stdout

    assert card["standings"][0]["next_tier"] == {"ja": "gold", "en": "gold"}
    assert "残高" in shown
    assert "¥90,000" in shown


def test_no_window_is_simulated_for_which_there_is_no_calendar(club):
    window = ("--from", "0001-01-01", "--to", "9999-12-31")

    assert "lie in 1900" in club.shop.run("points", "simulate", *window, code=2).stderr


def test_the_card_says_what_a_tier_brings_beside_points(club):
    brings = 'benefits = [{ ja = "裾上げ無料", en = "Free hemming" }]'
    club.shop.configure(CLUB.replace("rate = 3", f"rate = 3\n{brings}"))
    club.write("shop", member(), order(1, 100_000))

    assert "裾上げ無料" in club.shop.run("customer", "show", "0001", "--lang", "ja").stdout
    assert "Free hemming" in club.shop.run("points", "show", "0001", "--lang", "en").stdout


def test_two_programmes_over_one_order_are_refused_by_the_file(club):
    mall = '\n[plugins.points.programmes.mall]\nissuer = "card"\nearns_from = ["shop"]\n'
    club.shop.configure(CLUB + mall)

    assert "would earn in club and in mall" in club.shop.run("config", "validate", code=3).stderr


def test_a_programme_names_connections_that_there_are(club):
    club.shop.configure(CLUB.replace('["shop", "till"]', '["shop", "tell"]'))

    assert "no connection `tell`" in club.shop.run("config", "validate", code=3).stderr


def test_a_programme_says_who_gave_its_numbers_out(club):
    club.shop.configure(CLUB.replace('issuer = "card"', ""))

    assert "say by `issuer`" in club.shop.run("config", "validate", code=3).stderr
