"""Receipts that are rounded as one: shared out to the lines, and exact when a part comes back."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given, settings
from hypothesis import strategies as st
from tokui_points.story import by_spot


def points(story):
    return [line.points for line in by_spot(story).values()]


def test_the_points_of_a_receipt_are_shared_out_by_the_largest_remainders(made):
    of = made.programme(rounding_per="receipt")

    assert points(made.story(of, made.bought("2026-03-01", 160, 150, 150))) == [2, 1, 1]
    assert points(made.story(of, made.bought("2026-03-01", 60, 30, 10))) == [1, 0, 0]
    assert points(made.story(made.programme(), made.bought("2026-03-01", 60, 30, 10))) == [0, 0, 0]


def test_a_return_leaves_the_others_what_they_are_worth_without_it(made):
    sale = made.bought("2026-03-01", 60, 50, 50)
    back = made.returned("2026-03-02", sale, 60)
    of = made.programme(rounding_per="receipt")

    assert points(made.story(of, sale)) == [1, 0, 0]
    assert points(made.story(of, sale, back)) == [0, 1, 0]


LINES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 999)), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(
    lines=LINES,
    backs=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), max_size=4),
    rounding=st.sampled_from(["down", "half_up", "up"]),
    rate=st.sampled_from(["0.5", "1", "1.25", "3"]),
)
def test_what_is_kept_of_a_receipt_has_what_it_would_have_earned_alone(
    made, lines, backs, rounding, rate
):
    of = made.programme(
        rounding=rounding, rounding_per="receipt", tiers=[{"name": "all", "rate": rate}]
    )
    left = [pieces for pieces, _ in lines]
    sold = [made.line(price, n, line_id=str(at)) for at, (n, price) in enumerate(lines)]
    facts = [made.bought("2026-03-01", *sold, name="sale")]
    for number, (at, pieces) in enumerate(backs):
        if at < len(lines) and pieces <= left[at]:
            left[at] -= pieces
            price, name = lines[at][1], f"r{number}"
            facts.append(made.returned("2026-03-09", facts[0], price, pieces, str(at), name=name))

    story = made.story(of, *facts)

    worth = [
        Fraction(n * each[1]) * Fraction(rate) / 100 for n, each in zip(left, lines, strict=True)
    ]
    alone = {"down": floor, "up": ceil, "half_up": lambda exact: floor(exact + Fraction(1, 2))}
    assert story.points == sum(points(story)) == alone[rounding](sum(worth))
    shared = zip(points(story), worth, strict=True)
    assert all(floor(exact) <= each <= ceil(exact) for each, exact in shared)
