from datetime import date

import pytest
from tokui.model import PartialDate


def points(story):
    return [each.points for each in story.earned]


def test_a_line_earns_at_the_rate_of_the_tier(made):
    story = made.story(made.programme(), made.bought("2026-03-01", 12_345))

    assert points(story) == [123]
    assert (story.earned[0].tier, story.earned[0].rule) == ("regular", None)


@pytest.mark.parametrize(("rounding", "expected"), [("down", 1), ("half_up", 2), ("up", 2)])
def test_a_line_is_rounded_as_the_programme_says(made, rounding, expected):
    story = made.story(made.programme(rounding=rounding), made.bought("2026-03-01", 150))

    assert points(story) == [expected]


def test_tax_earns_nothing_unless_it_is_said(made):
    taxed = made.line(11_000, tax_minor=1_000)
    order = made.bought("2026-03-01", taxed)

    assert points(made.story(made.programme(), order)) == [100]
    assert points(made.story(made.programme(basis={"tax": True}), order)) == [110]


def test_a_tax_on_top_of_the_price_earns_nothing_either(made):
    taxed = made.line(10_000, tax_minor=1_000, tax_included=False)

    assert points(made.story(made.programme(), made.bought("2026-03-01", taxed))) == [100]


@pytest.mark.parametrize("kind", ["shipping", "fee", "gift_card"])
def test_what_is_no_article_earns_nothing_unless_it_is_said(made, kind):
    order = made.bought("2026-03-01", made.line(1_000, kind=kind))

    assert points(made.story(made.programme(), order)) == []
    assert points(made.story(made.programme(basis={kind: True}), order)) == [10]


def test_what_was_paid_with_points_earns_nothing_unless_it_is_said(made):
    order = made.bought("2026-03-01", 10_000, tenders=made.with_points(2_500))

    assert points(made.story(made.programme(), order)) == [75]
    all_of_it = made.programme(basis={"paid_with_points": True})
    assert points(made.story(all_of_it, order)) == [100]


@pytest.mark.parametrize(
    "more",
    [{"state": "open"}, {"state": "cancelled"}, {"currency": "USD"}, {"connection": "elsewhere"}],
)
def test_an_order_earns_only_when_it_is_paid_in_the_currency_and_where_it_should(made, more):
    assert points(made.story(made.programme(), made.bought("2026-03-01", 10_000, **more))) == []


def test_an_order_that_is_told_twice_earns_once(made):
    order = made.bought("2026-03-01", 10_000)

    assert points(made.story(made.programme(), order, order)) == [100]


RULES = (
    {"name": "denim", "categories": ["Denim"], "rate": 5, "priority": 2},
    {"name": "elevens", "days_of_month": [11], "times": 2, "priority": 1},
    {"name": "birthday", "birthday": "month", "times": 3},
)


@pytest.mark.parametrize(
    ("day", "categories", "rule", "expected"),
    [
        ("2026-03-11", {"1": "Denim"}, "denim", 500),
        ("2026-03-11", {"1": "Shirts"}, "elevens", 200),
        ("2026-04-11", {}, "elevens", 200),
        ("2026-04-12", {}, "birthday", 300),
        ("2026-03-12", {}, None, 100),
    ],
)
def test_exactly_one_rule_earns_and_the_highest_wins(made, day, categories, rule, expected):
    order = made.bought(day, 10_000, categories=categories)
    born = PartialDate(month=4, day=20)

    (earned,) = made.story(made.programme(rules=RULES), order, birthday=born).earned

    assert (earned.rule, earned.points) == (rule, expected)


def test_a_campaign_falls_on_the_shops_own_day(made):
    rules = [{"name": "eleventh", "days": ["2026-11-11"], "times": 2}]
    after_midnight = made.on("2026-11-11", hour=16)  # 1 a.m. in Tokyo

    late = made.bought("2026-11-11", 10_000, placed_at=after_midnight)
    till_day = made.bought(
        "2026-11-11", 10_000, placed_at=after_midnight, business_date=date(2026, 11, 11)
    )

    of = made.programme(rules=rules)
    assert points(made.story(of, late)) == [100]
    assert points(made.story(of, till_day)) == [200]


def test_a_rule_of_nothing_leaves_a_category_out(made):
    rules = [{"name": "sale", "categories": ["Sale"], "rate": 0}]
    order = made.bought("2026-03-01", 10_000, 5_000, categories={"1": "Sale"})

    assert points(made.story(made.programme(rules=rules), order)) == [0, 50]
