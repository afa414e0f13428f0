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


def test_a_what_if_counts_a_family_once(family):
    family.write("shop", order(1, 60_000, buyer="hanako"), order(2, 60_000, buyer="taro"))

    (told,) = family.shop.json("points", "simulate", "--to", "2026-05-31")["outcomes"]

    assert (told["points"], told["members"]) == (1_200, {"regular": 0, "gold": 1})


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


@pytest.mark.parametrize("holder", ["person", "card"])
@pytest.mark.parametrize("expiry", ["never", "sliding"])
def test_a_number_of_one_that_two_bear_takes_nothing_from_either(club, holder, expiry):
    club.shop.configure(
        CLUB.replace('issuer = "card"', f'issuer = "card"\nholder = "{holder}"').replace(
            'kind = "never"', f'kind = "{expiry}"'
        )
    )
    club.rules = SHARED
    club.write("shop", member(**HANAKO), order(1, 10_000, buyer="hanako"))
    club.write("shop", member(["0001", "0002"], **TARO), order(2, 20_000, buyer="taro"))
    earn(club)
    earn(club)
    assert standing(club, HANAKO["email"])["points"] == 300

    club.write("shop", back(3, "o2", 20_000, buyer="taro"))
    earn(club)
    assert standing(club, HANAKO["email"])["points"] == 100


def test_two_numbers_of_one_person_are_one_account(club):
    club.write("shop", member("0001"), order(1, 10_000))
    club.write("till", member("0002", email="other@example.com"), order(2, 20_000, buyer="c0002"))
    earn(club)
    club.shop.run("points", "redeem", "0002", "150", "--as", "mori")
    club.shop.run("customer", "merge", "shop:c0001", "till:c0002", "--as", "mori")
    earn(club)

    assert standing(club, "0002")["points"] == 100 + 50
    club.shop.run(
        "points", "redeem", "0001", "10", "--number", "0002", "--as", "mori", "--key", "k"
    )
    club.shop.run("points", "reverse", "0001", "k", "--number", "0001", "--as", "mori")

    club.write("till", back(3, "o2", 20_000, shop="till", buyer="c0002"))
    earn(club)
    assert (standing(club, "0001")["points"], standing(club, "0001")["owed"]) == (0, 50)


def test_parted_again_each_has_what_they_bought(club):
    club.write("shop", member("0001"), order(1, 10_000))
    club.write("till", member("0002", email="other@example.com"), order(2, 20_000, buyer="c0002"))
    earn(club)
    club.shop.run("customer", "merge", "shop:c0001", "till:c0002", "--as", "mori")
    earn(club)
    club.write("till", order(3, 5_000, buyer="c0002"), back(4, "o2", 20_000, "till", buyer="c0002"))
    earn(club)
    assert standing(club, "0001")["points"] == 100 + 50

    (met,) = club.shop.json("customer", "find", "0001")["profiles"]
    whose = f"profile:{met['profile_id']}"
    club.shop.run("customer", "split", whose, "till:c0002", "--as", "mori", "--yes")
    club.shop.run("points", "earn")
    earn(club)

    assert [standing(club, each)["points"] for each in ("0001", "0002")] == [100, 50]


def test_a_card_in_the_place_of_another_has_its_points(club):
    club.write("shop", member("0001"), order(1, 10_000), order(2, 20_000))
    earn(club)
    club.shop.run("points", "redeem", "0001", "30", "--as", "mori")
    new = member("0002", version=2, external_id="c0001")
    club.write("shop", new, back(3, "o1", 10_000), order(4, 1_000))

    earn(club)

    assert standing(club, "0002")["points"] == 300 - 30 - 100 + 10
    club.write("shop", member("0001", version=3, external_id="c0001"))
    earn(club)
    assert standing(club, "0001")["points"] == 180


def test_a_new_number_of_somebody_else_takes_nothing_of_the_old_one(club):
    club.write("shop", member("0001"), order(1, 10_000))
    earn(club)
    club.write("shop", member("0002", version=2, external_id="c0001"))
    club.write("till", member("0001", email="else@example.com", external_id="x"))

    club.shop.run("points", "earn")
    earn(club)

    assert [standing(club, each)["points"] for each in ("0001", "0002")] == [0, 100]


def test_staff_move_a_card_to_another_and_back(club):
    club.write("shop", member(["0002", "0001"]), order(1, 10_000, buyer="c0002"))
    club.shop.configure(CLUB.replace('issuer = "card"', 'issuer = "card"\nholder = "card"'))
    earn(club)
    by_hand = ("points", "move", "0002", "0002", "0001", "--as", "mori", "--key", "new card")

    told = [club.shop.json(*by_hand)["points"] for _ in range(2)]

    assert told == [100, 100]
    club.write("shop", back(2, "o1", 10_000, buyer="c0002"))
    earn(club)
    (only,) = club.shop.json("points", "show", "0001")["standings"]
    assert (only["member_no"], only["points"]) == ("0001", 0)
    club.shop.run("points", "reverse", "0001", "new card", "--number", "0001", "--as", "mori")
    club.shop.run("points", "reverse", "0001", "new card", "--as", "mori", code=2)
    club.shop.run("points", "move", "0002", "0777", "0001", "--as", "mori", code=2)


def test_points_come_along_from_the_old_system(club):
    (club.shop.folder / "old.csv").write_text("member_no,points\n0001,500\n0009,70\n", "utf-8")
    club.write("shop", member("0001"), order(1, 10_000))

    told = [club.shop.json("points", "import", "old.csv") for _ in range(2)]
    earn(club)

    assert [(each["new"], each["known"], each["unseen"]) for each in told] == [(2, 0, 1), (0, 2, 0)]
    assert standing(club, "0001")["points"] == 600
    club.write("shop", member("0009", email="late@example.com"))
    assert standing(club, "0009")["points"] == 70


def test_no_card_is_moved_that_somebody_else_bears(club):
    club.write("shop", member("0001"), member("0002", email="other@example.com"))
    club.write("shop", order(1, 10_000), order(2, 20_000, buyer="c0002"))
    earn(club)

    by_mistake = ("points", "move", "0001", "0002", "0001", "--as", "mori")
    assert "somebody else bears" in club.shop.run(*by_mistake, code=7).stderr

    earn(club)
    assert (club.points("0001"), club.points("0002")) == (100, 200)
