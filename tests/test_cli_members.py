"""Whose points they are: one card of several people, several cards of one, a card in the place of another."""

import pytest
from club import CLUB, EMAIL, Club, back, member, order
from tokui.connector import IdentifierRule

FAMILY = CLUB.replace('issuer = "card"', 'issuer = "card"\nholder = "household"')
SHARED = {"member_no": IdentifierRule("member_no", "shareable", "card"), "email": EMAIL}
HANAKO = {"external_id": "hanako", "email": "hanako@example.com"}
TARO = {"external_id": "taro", "email": "taro@example.com"}


@pytest.fixture
def club(shop):
    shop.configure(CLUB)
    made = Club(shop)
    yield made
    made.store.close()


@pytest.fixture
def family(club):
    """Two people who bear one card."""
    club.shop.configure(FAMILY)
    club.rules = SHARED
    club.write("shop", member(**HANAKO), member(**TARO))
    return club


def earn(club):
    club.shop.run("points", "earn")
    told = club.shop.json("points", "reconcile")
    assert (told["differences"], told["faults"]) == ([], [])


def standing(club, who):
    (one,) = club.shop.json("points", "show", who)["standings"]
    return one


def test_two_people_on_one_card_earn_together_and_rise_together(family):
    family.write("shop", order(1, 60_000, buyer="hanako"), order(2, 60_000, buyer="taro"))
    family.write("shop", order(3, 10_000, buyer="hanako"))
    earn(family)

    for each in (HANAKO, TARO):
        told = standing(family, each["email"])
        assert (told["points"], told["tier"]["en"]) == (600 + 600 + 300, "gold")


def test_a_shared_card_says_so(family):
    earn(family)

    assert standing(family, "hanako@example.com")["shared_by"] == 2
    assert "共有" in family.shop.run("customer", "show", "taro@example.com", "--lang", "ja").stdout
    shown = family.shop.run("points", "show", "taro@example.com", "--lang", "en").stdout
    assert "2 people" in shown


def test_who_leaves_a_card_leaves_on_it_what_they_earned(family):
    family.write("shop", order(1, 60_000, buyer="hanako"), order(2, 60_000, buyer="taro"))
    family.write("shop", order(3, 10_000, buyer="hanako"))
    earn(family)
    family.write("shop", member("", version=2, **TARO))
    earn(family)
    assert standing(family, "hanako@example.com")["points"] == 1_500

    family.write("shop", member("0002", version=3, **TARO), order(4, 10_000, buyer="taro"))
    earn(family)

    assert standing(family, "hanako@example.com")["points"] == 1_500
    assert standing(family, "taro@example.com")["points"] == 100


@pytest.mark.parametrize("number", ["", "0002"])
def test_what_is_brought_back_after_leaving_is_taken_from_the_card(family, number):
    family.write("shop", order(1, 10_000, buyer="hanako"), order(2, 20_000, buyer="taro"))
    earn(family)
    family.write("shop", member(number, version=2, **TARO), back(3, "o2", 20_000, buyer="taro"))

    earn(family)

    assert standing(family, "hanako@example.com")["points"] == 100


def test_a_guest_joined_by_mistake_takes_what_they_bought_along_again(family):
    family.write("till", member("", **{**TARO, "external_id": "guest", "email": "g@example.com"}))
    family.write("till", order(1, 10_000, buyer="guest"))
    family.shop.run("customer", "merge", "shop:hanako", "till:guest", "--as", "mori")
    earn(family)
    assert standing(family, "taro@example.com")["points"] == 100

    (met,) = family.shop.json("customer", "find", "hanako@example.com")["profiles"]
    whose = f"profile:{met['profile_id']}"
    family.shop.run("customer", "split", whose, "till:guest", "--as", "mori", "--yes")
    earn(family)

    assert standing(family, "taro@example.com")["points"] == 0


def test_two_of_a_family_taken_for_one_keep_their_points(family):
    family.write("shop", order(1, 10_000, buyer="hanako"), order(2, 20_000, buyer="taro"))
    earn(family)
    family.shop.run("customer", "merge", "shop:hanako", "shop:taro", "--as", "mori")
    earn(family)
    assert standing(family, "taro@example.com")["points"] == 300

    (met,) = family.shop.json("customer", "find", "hanako@example.com")["profiles"]
    whose = f"profile:{met['profile_id']}"
    family.shop.run("customer", "split", whose, "shop:taro", "--as", "mori", "--yes")
    earn(family)

    assert standing(family, "taro@example.com")["points"] == 300
