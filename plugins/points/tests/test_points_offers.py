"""What applies to a basket: whom an offer is for, which of several apply, and to the yen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.connector import Said
from tokui.model import PartialDate
from tokui_points.offers.audience import Facts, Left, occasion
from tokui_points.offers.basket import Basket
from tokui_points.offers.now import benefits_now
from tokui_points.offers.settings import Birthday, Offer
from tokui_points.offers.taking import share
from tokui_points.settings import PointsSettings

TIERS = {name: Said(ja=name, en=name) for name in ("regular", "silver", "gold")}


def offer(benefit="off_minor", much=500, **more):
    return Offer.model_validate({"benefit": {benefit: much}, **more})


def basket(*lines, **more):
    lines = [{"amount_minor": each} if isinstance(each, int) else each for each in lines]
    return Basket.model_validate({"connection": "shop", "lines": lines, **more})


def somebody(tier="silver", **more):
    return Facts(tiers={"club": tier}, called={"club": TIERS}, **more)


@pytest.fixture
def now(made):
    """What applies on a day."""

    def apply(offers, bought, who=None, day="2026-11-26", worth=None):
        return benefits_now(offers, who or somebody(), bought, made.on(day), worth)

    return apply


def names(told):
    return [each.offer for each in told]


def test_a_coupon_applies_and_says_why(now):
    spring = offer(title={"ja": "春のクーポン"}, programme="club", tiers=["silver"])

    (applied,) = now({"spring": spring}, basket(12_000)).applied

    assert (applied.off_minor, applied.left) == (500, 1)
    assert (applied.title.ja, applied.benefit.ja) == ("春のクーポン", "¥500引き")
    assert applied.reason == Said(ja="silverの会員様", en="for silver")


def test_what_is_nearly_reached_says_what_is_missing(now):
    offers = {
        "spend": offer(min_spend=10_000),
        "jeans": offer(categories=["jeans"]),
        "gold": offer(programme="club", tiers=["gold"]),
        "till": offer(connections=["till"]),
        "both": offer(connections=["till"], min_spend=10_000),
        "over": offer(until=date(2026, 11, 25)),
    }

    near = now(offers, basket(9_000)).near

    assert {each.offer: each.reason.en for each in near} == {
        "spend": "¥1,000 more and it applies",
        "jeans": "none of its articles is there",
        "gold": "it is for gold",
        "till": "it can be used at till",
    }


def test_a_birthday_is_kept_in_its_month_or_around_the_day():
    around = Birthday(within="days", before=7, after=7)

    def year(asked, birthday, day):
        found = occasion(asked, PartialDate.parse(birthday), date.fromisoformat(day))
        return found and (found.year, str(found.last))

    assert year(Birthday(), "--11-02", "2026-11-26") == (2026, "2026-11-30")
    assert year(Birthday(), "1985-11", "2026-12-01") is None
    assert year(around, "1985-12-28", "2027-01-03") == (2026, "2027-01-04")
    assert year(around, "--01-02", "2026-12-27") == (2027, "2027-01-09")
    assert year(around, "1984-02-29", "2026-03-08") == (2026, "2026-03-08")
    assert year(around, "1984-02-29", "2026-03-09") is None


def test_an_offer_for_joining_ends_with_its_last_day(now):
    welcome = {"welcome": offer("gift", {"en": "a tote bag"}, programme="club", join_days=30)}

    def open_on(day):
        who = somebody(joined={"club": date(2026, 11, 1)})
        return names(now(welcome, basket(100), who, day).applied)

    assert open_on("2026-12-01") == ["welcome"]
    assert open_on("2026-12-02") == []


def test_a_limited_item_is_for_whom_it_is_for_and_as_many_as_that(now):
    pair = {"items": ["J-1"], "programme": "club"}
    access = {"en": "the anniversary jeans"}
    offers = {
        "silver": offer("access", access, tiers=["silver"], per_person=1, **pair),
        "gold": offer("access", access, tiers=["gold"], per_person=3, **pair),
    }
    two = basket({"amount_minor": 60_000, "sku": "J-1", "quantity": 2}, 500)
    offers["spring"] = offer()

    assert names(now(offers, two, somebody("gold")).applied) == ["gold", "spring"]
    assert now(offers, two, somebody("gold")).refused == ()
    assert [r.reason.en for r in now(offers, two).refused] == ["they have 1 left", "it is for gold"]
    assert names(now(offers, two, somebody("regular")).refused) == ["silver", "gold"]
    assert now(offers, basket(500), somebody("regular")).refused == ()


def test_what_does_not_stack_stands_alone_and_the_better_one_wins(now):
    offers = {
        "ten": offer("percent", 10, stack=True),
        "yen": offer(stack=True),
        "big": offer(much=2_000),
        "points": offer("points", 300, programme="club"),
    }

    cheap, dear = (now(offers, basket(each), worth={"points": 300}) for each in (10_000, 90_000))
    asked = now(offers, basket(90_000, only=["big"]))

    assert (names(cheap.applied), cheap.off_minor) == (["big"], 2_000)
    assert (names(dear.applied), dear.off_minor) == (["ten", "yen"], 9_500)
    assert names(dear.instead) == ["big", "points"]
    assert names(asked.applied) == ["big"]


def test_an_offer_that_is_used_up_applies_no_more(now):
    offers = {"spring": offer(), "rush": offer(total=5)}
    left = {"spring": Left(0, None), "rush": Left(1, 0)}

    found = now(offers, basket(10_000), somebody(left=left))

    assert (found.applied, found.near) == ((), ())


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=8).flatmap(
        lambda by: st.tuples(st.just(by), st.integers(0, sum(by)))
    )
)
def test_shares_add_up_and_none_is_more_than_its_part(given_):
    by, whole = given_

    shares = share(whole, by)

    assert sum(shares) == (whole if sum(by) else 0)
    assert all(0 <= part <= most for part, most in zip(shares, by, strict=True))


MANY = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(
        lambda kind, much, stack, sort: offer(kind, much, stack=stack, categories=sort),
        st.sampled_from(["off_minor", "percent"]),
        st.integers(1, 100),
        st.booleans(),
        st.sampled_from([[], ["jeans"], ["hats"]]),
    ),
)
LINES = st.fixed_dictionaries(
    {
        "amount_minor": st.integers(0, 300),
        "category": st.sampled_from([None, "jeans", "hats"]),
        "kind": st.sampled_from(["product", "product", "gift_card"]),
    }
)


@given(MANY, st.lists(LINES, min_size=1, max_size=6))
def test_no_line_ever_costs_less_than_nothing_and_the_sums_are_exact(made, offers, lines):
    found = benefits_now(offers, somebody(), basket(*lines), made.on("2026-11-26"))

    for number, line in enumerate(lines):
        off = sum(each.off_lines[number] for each in found.applied)
        assert 0 <= off <= (line["amount_minor"] if line["kind"] == "product" else 0)
    assert sum(sum(each.off_lines) for each in found.applied) == found.off_minor
    stacked = {offers[each.offer].stack for each in found.applied}
    assert stacked in (set(), {True}) or len(found.applied) == 1
    assert {*names(found.applied)}.isdisjoint(names(found.instead))


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"benefit": {}}, "one of off_minor"),
        ({"benefit": {"off_minor": 1, "percent": 1}}, "one of off_minor"),
        ({"benefit": {"points": 5}}, "name it"),
        ({"benefit": {"access": {"ja": "限定"}}}, "`items` or `categories`"),
        ({"programme": "mall"}, "no programme `mall`"),
        ({"programme": "club", "tiers": ["iron"]}, "no tier iron"),
        ({"connections": ["tell"]}, "no connection `tell`"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "ends before"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_by_the_file(more, what):
    club = {"club": {"earns_from": ["shop"]}}
    written = {"programmes": club, "offers": {"spring": {"benefit": {"off_minor": 1}, **more}}}

    with pytest.raises(ValueError, match=what):
        PointsSettings.model_validate(written, context={"connections": ["shop"]})
