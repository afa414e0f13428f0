"""Offers at the counter: what a card says, what a basket brings, and using them."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from club import CLUB, Club, member, order
from tokui.model import Customer, Gone, PartialDate

OFFERS = """
[plugins.points.offers.spring]
title = { ja = "春のクーポン", en = "Spring coupon" }
benefit = { off_minor = 500 }
min_spend = 5_000

[plugins.points.offers.welcome]
title = { ja = "ご入会特典", en = "Welcome" }
benefit = { points = 300 }
programme = "club"
total = 2
stack = true

[plugins.points.offers.denim]
title = { ja = "記念デニム", en = "Anniversary denim" }
benefit = { access = { ja = "限定デニムご購入", en = "may buy the limited denim" } }
programme = "club"
tiers = ["gold"]
items = ["D-100"]
per_person = 2
"""
GUEST = Customer(external_id="g1", guest=True)


@pytest.fixture
def club(shop):
    shop.configure(CLUB + OFFERS)
    made = Club(shop)
    made.write("shop", member())
    yield made
    made.store.close()


def use(club, offer, order="shop:o1", *more, who="0001", code=0):
    args = ("points", "use", who, offer, "--order", order, "--as", "mori", *more)
    return club.shop.run(*args, code=code) if code else club.shop.json(*args)


def basket(club, *lines, who="0001", code=0, **more):
    text = json.dumps({"connection": "shop", "lines": lines, **more})
    (club.shop.folder / "basket.json").write_text(text)
    return club.shop.json("points", "benefits", who, "--basket", "basket.json", code=code)


def offers_on_the_card(club, who="0001"):
    card = club.shop.json("customer", "show", who)["card"]
    return {each["name"]: each.get("left") for each in card["offers"]}


def test_a_coupon_is_used_once_whoever_asks_again(club):
    once = use(club, "spring")

    assert use(club, "spring") == once
    assert once["left"] == 0
    assert "0 left" in use(club, "spring", "till:9", code=7).stderr
    assert "残り0" in use(club, "spring", "till:9", "--lang", "ja", code=7).stderr


def test_a_use_is_given_back_with_all_that_it_brought(club):
    assert use(club, "welcome")["left_in_all"] == 1
    assert club.points() == 300

    back = use(club, "welcome", "shop:o1", "--undo")

    assert (back["left"], back["left_in_all"], club.points()) == (1, 2, 0)
    assert use(club, "welcome", "shop:o1", "--undo") == back
    assert "was given back" in use(club, "welcome", code=7).stderr
    assert use(club, "welcome", "shop:o1", "--key", "again")["left"] == 0


def test_what_a_use_brought_is_taken_back_from_where_it_is_now(club):
    club.write("shop", member("0002", "2@example.com"), order(1, 10_000))
    club.shop.run("points", "earn")
    use(club, "welcome", "shop:o2", who="0002")
    club.shop.run("customer", "merge", "shop:c0001", "shop:c0002", "--as", "mori")
    club.shop.run("points", "earn")

    assert use(club, "welcome", "shop:o2", "--undo")["left"] == 1
    assert club.points() == 100


def test_a_key_means_one_use_of_one_order(club):
    use(club, "denim", code=7)
    club.write("shop", order(1, 100_000))

    use(club, "denim", "shop:o1", "--key", "k")
    refused = use(club, "denim", "shop:o2", "--key", "k", code=7).stderr

    assert "the key was used for another transfer" in refused
    assert use(club, "denim", "shop:o2", "--pieces", "1")["left"] == 0


def test_the_quota_in_all_ends_for_everybody(club):
    people = [member(f"000{n}", f"{n}@example.com") for n in (2, 3)]
    club.write("shop", *people)

    for number in ("0001", "0002"):
        use(club, "welcome", f"shop:{number}", who=number)

    (counted,) = (
        e for e in club.shop.json("points", "offers")["offers"] if e["offer"] == "welcome"
    )
    assert (counted["used"], counted["left"]) == (2, 0)
    assert "0 are left in all" in use(club, "welcome", who="0003", code=7).stderr
    assert "welcome" not in offers_on_the_card(club, "0003")


def test_joined_people_have_one_quota_and_part_with_their_own_uses(club):
    club.write("till", GUEST, order(1, 9_000, buyer="g1"))
    use(club, "spring", "till:o1", who="till:g1")

    club.shop.run("customer", "merge", "shop:c0001", "till:g1", "--as", "mori")
    assert "0 left" in use(club, "spring", "shop:o2", code=7).stderr

    (met,) = club.shop.json("customer", "find", "0001")["profiles"]
    whose = f"profile:{met['profile_id']}"
    club.shop.run("customer", "split", whose, "till:g1", "--as", "mori", "--yes")
    assert offers_on_the_card(club)["spring"] == 1
    assert "spring" not in offers_on_the_card(club, "till:g1")
    assert use(club, "spring", "shop:o2")["left"] == 0


def test_a_use_hangs_on_the_record_that_bought(club):
    club.write("till", GUEST, order(1, 9_000, buyer="g1"))
    club.shop.run("customer", "merge", "shop:c0001", "till:g1", "--as", "mori")
    use(club, "spring", "till:o1")

    (met,) = club.shop.json("customer", "find", "0001")["profiles"]
    whose = f"profile:{met['profile_id']}"
    club.shop.run("customer", "split", whose, "till:g1", "--as", "mori", "--yes")

    assert "spring" in offers_on_the_card(club)
    assert "spring" not in offers_on_the_card(club, "till:g1")


def test_what_a_record_used_stays_used_when_its_source_has_it_no_more(club):
    club.write("till", GUEST, order(1, 9_000, buyer="g1"))
    club.shop.run("customer", "merge", "shop:c0001", "till:g1", "--as", "mori")
    use(club, "spring", "till:o1")

    club.write("till", Gone(kind="customer", external_id="g1"))

    assert "spring" not in offers_on_the_card(club)
    assert use(club, "spring", "till:o1", "--undo")["left"] == 1


def test_a_basket_is_told_what_applies_and_what_it_earns(club):
    club.write("shop", order(1, 100_000))
    told = basket(club, {"amount_minor": 6_000}, {"amount_minor": 40_000, "sku": "D-100"})

    assert [each["offer"] for each in told["applied"]] == ["spring", "denim"]
    assert (told["off_minor"], told["applied"][0]["off_lines"]) == (500, [65, 435])
    (earns,) = told["earns"]
    assert [each["points"] for each in earns["lines"]] == [178, 1_186]
    assert [each["offer"] for each in told["instead"]] == ["welcome"]


def test_a_basket_is_told_what_is_missing_in_japanese(club):
    basket(club, {"amount_minor": 4_000}, {"amount_minor": 1, "sku": "D-100"}, only=["spring"])

    shown = club.shop.run(
        "points", "benefits", "0001", "--basket", "basket.json", "--lang", "ja"
    ).stdout

    assert "あと¥999のお買上げで対象です" in shown
    assert "goldの会員様が対象です" in shown
    assert "40ポイント付与予定" in shown


def test_a_basket_that_is_no_text_is_refused(club):
    (club.shop.folder / "bad.json").write_bytes(b"\xff\xfe")

    said = club.shop.run("points", "benefits", "0001", "--basket", "bad.json", code=2).stderr

    assert "not UTF-8" in said


def test_a_basket_that_makes_no_sense_is_refused_without_its_words(club):
    (club.shop.folder / "bad.json").write_text(
        '{"connection": "shop", "lines": [{"name": "mori"}]}'
    )

    said = club.shop.run("points", "benefits", "0001", "--basket", "bad.json", code=2).stderr

    assert "lines.0.amount_minor: Field required" in said
    assert "mori" not in said


def test_the_card_shows_what_is_open_and_what_to_tell(club):
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    cake = f"""
[plugins.points.offers.cake]
title = {{ ja = "お誕生日ケーキ" }}
benefit = {{ gift = {{ ja = "ケーキ" }} }}
birthday = {{ within = "month" }}

[plugins.points.offers.rush]
title = {{ ja = "ラストクーポン" }}
benefit = {{ percent = 10 }}
until = {today + timedelta(days=1)}
"""
    club.shop.configure(CLUB + OFFERS + cake)
    birthday = PartialDate(month=today.month)
    club.write("shop", member(version=2).model_copy(update={"birthday": birthday}))

    card = club.shop.json("customer", "show", "0001")["card"]
    shown = club.shop.run("customer", "show", "0001", "--lang", "ja").stdout

    assert {*offers_on_the_card(club)} == {"spring", "welcome", "cake", "rush"}
    told = [each["text"] for each in card["suggestions"] if each["kind"] == "contact"]
    assert "「お誕生日ケーキ」(ケーキ)をご案内する" in told
    assert "「ラストクーポン」(10%引き)がまもなく終わることをお伝えする" in told
    assert "ご利用いただける特典" in shown
    assert "春のクーポン" in club.shop.run("points", "show", "0001", "--lang", "ja").stdout


def test_an_order_is_named_by_its_connection(club):
    assert "CONNECTION:ID" in use(club, "spring", "o1", code=2).stderr
    assert "no connection 'shap'" in use(club, "spring", "shap:o1", code=2).stderr
    assert "no offer `winter`" in use(club, "winter", code=7).stderr
