from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokui_points import outlook
from tokui_points.offers.basket import Basket, BasketLine
from tokui_points.offers.earning import as_purchase, earning


def steps(story):
    return [(str(each.day), each.tier, each.why) for each in story.steps]


def test_a_tier_is_reached_at_once_and_holds_until_the_end_of_the_next_year(made):
    story = made.story(made.programme(), made.bought("2024-05-01", 120_000))

    assert steps(story) == [
        ("2024-05-01", "regular", "joined"),
        ("2024-05-01", "silver", "reached"),
        ("2026-01-01", "regular", "period_end"),
    ]


def test_the_order_that_lifts_still_earns_at_the_tier_before_it(made):
    first, second = made.bought("2026-05-01", 120_000), made.bought("2026-05-02", 10_000)

    story = made.story(made.programme(), first, second)

    assert [each.points for each in story.earned] == [1_200, 200]


def test_spend_of_the_year_before_does_not_lift(made):
    story = made.story(
        made.programme(), made.bought("2025-12-31", 60_000), made.bought("2026-01-01", 60_000)
    )

    assert story.tier == "regular"


def test_a_fiscal_year_ends_in_march(made):
    of = made.programme(window={"kind": "fiscal_year"})

    story = made.story(of, made.bought("2026-01-10", 60_000), made.bought("2026-03-31", 60_000))

    assert steps(story)[1:] == [("2026-03-31", "silver", "reached")]
    assert story.climb.until == date(2027, 3, 31)


def test_rolling_months_count_back_from_each_purchase(made):
    of = made.programme(window={"kind": "rolling"})

    lifted = made.story(of, made.bought("2025-12-15", 60_000), made.bought("2026-11-20", 60_000))
    too_late = made.story(of, made.bought("2025-12-15", 60_000), made.bought("2026-12-20", 60_000))

    assert (lifted.tier, too_late.tier) == ("silver", "regular")
    assert lifted.climb.until == date(2027, 11, 19)


def test_over_a_lifetime_a_tier_ends_only_with_a_return(made):
    of = made.programme(window={"kind": "lifetime"})
    old = made.bought("2015-01-01", 120_000)

    assert made.story(of, old).tier == "silver"
    assert made.story(of, old, made.returned("2026-01-01", old, 120_000)).tier == "regular"


def test_within_a_year_a_return_drops_nobody_before_its_end(made):
    sale = made.bought("2026-05-01", 120_000)

    story = made.story(made.programme(), sale, made.returned("2026-05-10", sale, 120_000))

    drop = outlook.drop(story)
    assert story.tier == "silver"
    assert drop
    assert (drop.to, drop.day) == ("regular", date(2027, 1, 1))


def test_visits_are_days_with_a_purchase_that_was_kept(made):
    tiers = [{"name": "new"}, {"name": "known", "visits": 3}]
    of = made.programme(tiers=tiers)
    days = [made.bought(f"2026-05-0{n}", 1_000) for n in (1, 2, 3)]
    same_day = made.bought("2026-05-02", 500, name="again")

    assert made.story(of, *days[:2], same_day).tier == "new"
    assert made.story(of, *days).tier == "known"


def test_who_may_drop_is_told_when_and_what_keeps_the_tier(made):
    story = made.story(
        made.programme(),
        made.bought("2025-05-01", 350_000),
        made.bought("2026-05-01", 120_000),
        until="2026-11-26",
    )

    drop = outlook.drop(story)

    assert story.tier == "gold"
    assert drop
    assert (drop.tier, drop.to, drop.keep.spend) == ("gold", "silver", 180_000)
    assert (drop.keep.by, drop.notice) == (date(2026, 12, 31), date(2026, 12, 2))


def test_a_tier_that_was_earned_this_year_is_sure_until_the_end_of_the_next(made):
    kept = made.story(made.programme(), made.bought("2026-05-01", 120_000), until="2026-11-26")
    lost = made.story(made.programme(), made.bought("2025-05-01", 120_000), until="2026-11-26")

    assert outlook.sure_until(kept) == date(2027, 12, 31)
    assert outlook.sure_until(lost) == date(2026, 12, 31)


def test_the_next_tier_says_what_is_missing_and_by_when(made):
    story = made.story(made.programme(), made.bought("2026-05-01", 80_000), until="2026-11-26")

    missing = outlook.next_tier(story)

    assert missing == outlook.Missing("silver", 20_000, 0, date(2026, 12, 31))


def test_what_the_next_purchase_would_bring_is_the_truth_afterwards(made):
    of = made.programme()
    facts = [made.bought("2026-05-01", 80_000)]
    now = made.on("2026-11-26")
    basket = Basket(connection=of.earns_from[0], lines=(BasketLine(amount_minor=30_000),))

    ahead = earning("club", made.story(of, *facts, until="2026-11-26"), basket, (), now)

    assert (ahead.points, ahead.tier_after) == (300, of.called("silver"))
    assert made.story(of, *facts, as_purchase(basket, (), now)).points == 800 + 300


def test_points_end_with_the_last_second_of_a_day_in_tokyo(made):
    of = made.programme(expiry={"kind": "fixed", "months": 12})
    by_month = made.programme(expiry={"kind": "fixed", "months": 12, "round_to": "month"})

    assert str(outlook.ends(of, date(2026, 3, 10))) == "2027-03-10 15:00:00+00:00"
    assert str(outlook.ends(by_month, date(2026, 3, 10))) == "2027-03-31 15:00:00+00:00"
    assert str(outlook.ends(of, date(2024, 2, 29))) == "2025-02-28 15:00:00+00:00"


def test_points_that_slide_end_a_year_after_the_last_purchase(made):
    of = made.programme(expiry={"kind": "sliding"})

    story = made.story(of, made.bought("2026-03-01", 1_000), made.bought("2026-05-01", 1_000))

    assert outlook.ends(of, date(2026, 3, 1)) is None
    assert str(outlook.slid(story)) == "2027-05-01 15:00:00+00:00"


WINDOWS = st.sampled_from(["calendar_year", "fiscal_year", "rolling", "lifetime"])
BUYS = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2026, 12, 1)), st.integers(1, 200_000)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(window=WINDOWS, buys=BUYS, cut=st.dates(date(2020, 1, 1), date(2026, 12, 1)))
def test_the_past_does_not_change_by_what_comes_after_it(made, window, buys, cut):
    of = made.programme(window={"kind": window})
    facts = [made.bought(str(day), amount, name=f"o{n}") for n, (day, amount) in enumerate(buys)]

    whole = made.story(of, *facts)
    until_then = made.story(of, *facts, until=str(cut))

    joined = min((day for day, _ in buys), default=cut)
    if joined <= cut:
        assert until_then.tier == whole.tier_on(cut)
    earned = [each.points for each in until_then.earned]
    assert earned == [each.points for each in whole.earned][: len(earned)]


@settings(max_examples=150, deadline=None)
@given(window=WINDOWS, buys=BUYS)
def test_a_tier_goes_down_only_at_the_end_of_a_period(made, window, buys):
    of = made.programme(window={"kind": window})
    facts = [made.bought(str(day), amount, name=f"o{n}") for n, (day, amount) in enumerate(buys)]

    for step in made.story(of, *facts).steps:
        falls = step.was is not None and of.level(step.tier) < of.level(step.was)
        assert falls == (step.why == "period_end")


@pytest.mark.parametrize("kind", ["calendar_year", "fiscal_year", "rolling", "lifetime"])
def test_a_person_who_never_bought_has_the_first_tier(made, kind):
    story = made.story(made.programme(window={"kind": kind}), joined=date(2020, 1, 1))

    assert (story.tier, outlook.drop(story)) == ("regular", None)
