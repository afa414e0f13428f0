from datetime import timedelta
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokui_points.story import by_spot


def taken(story):
    return [each.points for each in story.taken_back]


def test_a_part_that_comes_back_leaves_what_the_rest_would_have_earned(made):
    sale = made.bought("2026-03-01", made.line(1_990, 3))
    back = made.returned("2026-03-10", sale, 1_990)

    story = made.story(made.programme(), sale, back)

    assert [each.points for each in story.earned] == [59]
    assert taken(story) == [59 - 39]


def test_a_return_after_a_demotion_takes_back_what_the_line_had_earned(made):
    lifts = made.bought("2024-02-01", 300_000)
    sale = made.bought("2025-12-30", 50_000, name="sale")
    back = made.returned("2026-01-05", sale, 50_000)

    story = made.story(made.programme(), lifts, sale, back)

    assert story.tier_on(story.earned[1].day) == "gold"
    assert story.tier_on(story.taken_back[0].day) == "regular"
    assert (story.earned[1].points, taken(story)) == (1_500, [1_500])


def test_an_exchange_earns_at_the_rate_of_the_order_that_it_replaces(made):
    lifts = made.bought("2024-02-01", 300_000)
    sale = made.bought("2025-12-30", 50_000, name="sale")
    other_size = made.returned("2026-01-05", sale, 50_000, name="swap")
    swap = made.bought("2026-01-05", *other_size.order.lines, 50_000, name="swap", kind="exchange")

    story = made.story(made.programme(), lifts, sale, swap, until="2026-01-31")

    assert taken(story) == [1_500]
    assert story.earned[-1].points == 1_500
    assert story.points == 3_000 + 1_500


@pytest.mark.parametrize("line_id", ["1", None])
def test_goods_that_come_back_more_often_than_sold_take_back_no_more(made, line_id):
    sale = made.bought("2026-03-01", 10_000)
    backs = [made.returned(f"2026-03-1{n}", sale, 10_000, line_id=line_id) for n in range(3)]

    assert made.story(made.programme(), sale, *backs).points == 0


def test_a_return_without_a_receipt_is_of_the_last_sale_of_the_article(made):
    first = made.bought("2026-03-01", made.line(10_000, sku="jeans"), name="first")
    second = made.bought("2026-03-05", made.line(8_000, sku="jeans"), name="second")
    back = made.bought("2026-03-10", made.line(8_000, -1, sku="jeans"), kind="return", name="back")

    story = made.story(made.programme(), first, second, back)

    assert [each.of.spot[1] for each in story.taken_back] == ["second"]
    assert story.points == 100


def test_a_return_of_nobody_knows_what_is_said_and_takes_nothing(made):
    sale = made.bought("2026-03-01", made.line(10_000, sku="jeans"))
    back = made.bought("2026-03-10", made.line(9_000, -1, sku="hat"), kind="return", name="back")

    story = made.story(made.programme(), sale, back)

    assert (taken(story), len(story.unmatched)) == ([], 1)


def test_money_given_back_without_goods_takes_its_points_back(made):
    sale = made.bought("2026-03-01", 10_000, number="1001")
    refund = made.line(4_000, -1, kind="fee")
    money = made.bought("2026-03-10", refund, kind="return", name="money", number="1001")

    assert made.story(made.programme(), sale, money).points == 60


def test_of_an_order_paid_with_points_in_part_no_more_is_taken_back_than_it_earned(made):
    sale = made.bought("2026-03-01", 10_000, 5_000, tenders=made.with_points(3_000))
    backs = [
        made.returned("2026-03-10", sale, 10_000),
        made.returned("2026-03-11", sale, 5_000, line_id="2"),
    ]

    story = made.story(made.programme(), sale, *backs)

    assert ([each.points for each in story.earned], taken(story)) == ([80, 40], [80, 40])


def test_a_return_whose_till_has_a_slow_clock_still_finds_its_sale(made):
    sale = made.bought("2026-03-01", 10_000)
    early = made.returned(
        "2026-03-01", sale, 10_000, placed_at=sale.order.placed_at - timedelta(minutes=5)
    )

    assert made.story(made.programme(), early, sale).points == 0


def test_where_it_is_brought_back_does_not_matter(made):
    sale = made.bought("2026-03-01", 10_000)
    back = made.returned("2026-03-10", sale, 10_000, connection="till")

    assert made.story(made.programme(), sale, back).points == 0


def left(story):
    return {spot: line.points for spot, line in by_spot(story).items()}


AMOUNTS = st.lists(st.integers(1, 50_000), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.integers(1, 8),
    price=st.integers(1, 30_000),
    parts=st.lists(st.integers(1, 4), max_size=6),
    tax=st.integers(0, 10),
    paid=st.integers(0, 5_000),
    rounding=st.sampled_from(["down", "half_up", "up"]),
    rate=st.sampled_from(["0.5", "1", "1.25", "3"]),
)
def test_what_is_kept_has_what_it_would_have_earned_alone(
    made, pieces, price, parts, tax, paid, rounding, rate
):
    of = made.programme(rounding=rounding, tiers=[{"name": "all", "rate": rate}])
    total = price * pieces
    taxed = made.line(price, pieces, tax_minor=total * tax // 100)
    sale = made.bought("2026-03-01", taxed, tenders=made.with_points(min(paid, total)))
    left, backs = pieces, []
    for number, part in enumerate(parts):
        if part <= left:
            left -= part
            backs.append(made.returned("2026-03-10", sale, price, part, name=f"r{number}"))

    story = made.story(of, sale, *backs)

    (earned,) = story.earned
    net, cash = total - total * tax // 100, total - min(paid, total)
    kept = net * price * left * cash // (total * total)
    assert earned.base == net * cash // total
    alone = {"down": floor, "up": ceil, "half_up": lambda exact: floor(exact + Fraction(1, 2))}
    assert story.points == alone[rounding](Fraction(kept) * Fraction(rate) / 100)
    assert all(each.points >= 0 for each in story.taken_back)
    assert by_spot(story)["shop", sale.order.external_id, "1"].points == story.points


@settings(max_examples=100, deadline=None)
@given(amounts=AMOUNTS, seed=st.randoms(use_true_random=False))
def test_in_which_order_facts_arrive_does_not_matter(made, amounts, seed):
    sales = [made.bought(f"2026-03-{n + 1:02}", a, name=f"s{n}") for n, a in enumerate(amounts)]
    backs = [
        made.returned(f"2026-04-{n + 1:02}", sale, amounts[n] // 2 or 1, name=f"b{n}")
        for n, sale in enumerate(sales)
    ]
    facts = [*sales, *backs]
    before = made.story(made.programme(), *facts)
    seed.shuffle(facts)

    after = made.story(made.programme(), *facts, *facts[:3])

    assert (left(after), after.steps) == (left(before), before.steps)
