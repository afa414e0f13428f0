"""Points that slide with the last purchase: taken, given back, and in whichever order."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokui.connector import Balance, Earn, Kept, Member, Redeem, Reverse
from tokui_points import posting, sliding
from tokui_points.accounts import Account
from tokui_points.calendar import add_months
from tokui_points.facts import Person

MEMBER = Member("club", "1")
KINDS = {Earn: "earn", Redeem: "redeem", Reverse: "reverse"}


class Till:
    """Books in small: a sum, and the transfers behind it."""

    def __init__(self, made):
        self.made = made
        self.programme = made.programme(
            tiers=[{"name": "all"}], expiry={"kind": "sliding", "months": 12}
        )
        self.kept = []

    @property
    def points(self):
        signs = {"earn": 1, "redeem": -1}
        kinds = {each.key: each.kind for each in self.kept}
        return sum(
            each.points * (-signs[kinds[each.of]] if each.of else signs[each.kind])
            for each in self.kept
        )

    def post(self, *transfers, day="2026-01-01"):
        at = self.made.on(day)
        known = {each.key for each in self.kept}
        for each in transfers:
            assert each.key not in known, "a key for two transfers"
            of = getattr(each, "of", None)
            self.kept.append(Kept(each.key, KINDS[type(each)], of, each.points, at))

    def look(self, facts, day):
        """Post what is due on a day; nothing is due after it."""
        self.post(*self.due(facts, day), day=day)
        assert self.due(facts, day) == []

    def due(self, facts, day):
        own = frozenset(each.key for each in facts)
        account = Account(MEMBER, "1", Person("p", facts), own)
        story = self.made.story(self.programme, *facts, until=day)
        due = posting.due(self.programme, [(account, self.kept)], [story])
        there = self.points
        balance = Balance(max(0, there), self.made.on(day), owed=max(0, -there))
        return [*due, *sliding.slid(account, story, self.kept, due, balance)]


def left(days, now):
    """What nobody took: of the purchases since the last time that a year passed without one."""
    kept = 0
    for number, (day, points) in enumerate(days):
        kept += points
        following = days[number + 1][0] if number + 1 < len(days) else now
        if following > add_months(day, 12):
            kept = 0
    return kept


DAYS = st.dictionaries(st.integers(0, 1_500), st.integers(1, 50), min_size=1, max_size=6)
BEGIN = date(2022, 1, 10)


@settings(max_examples=150, deadline=None)
@given(days=DAYS, dice=st.randoms(use_true_random=False), late=st.integers(0, 500))
def test_what_arrives_late_gives_back_what_was_taken_exactly_and_once(made, days, dice, late):
    now = BEGIN + timedelta(days=1_500 + late)
    bought = [(BEGIN + timedelta(days=n), points) for n, points in sorted(days.items())]
    facts = [made.bought(str(day), points * 100, name=f"o{day}") for day, points in bought]
    dice.shuffle(facts)
    till = Till(made)

    for known in range(1, len(facts) + 1):
        till.look(facts[:known], str(now))

    assert till.points == left(bought, now)


@settings(max_examples=100, deadline=None)
@given(days=DAYS, looks=st.lists(st.integers(0, 2_000), max_size=6), goes=st.integers(0, 5))
def test_when_anybody_looks_does_not_matter_and_a_fact_that_goes_takes_its_part(
    made, days, looks, goes
):
    bought = [(BEGIN + timedelta(days=n), points) for n, points in sorted(days.items())]
    facts = [made.bought(str(day), points * 100, name=f"o{day}") for day, points in bought]
    gone = goes % len(facts)
    till, now = Till(made), BEGIN + timedelta(days=2_000)

    for look in sorted(looks):
        day = BEGIN + timedelta(days=look)
        till.look(
            [fact for fact, (at, _) in zip(facts, bought, strict=True) if at <= day], str(day)
        )
    till.look(facts[:gone] + facts[gone + 1 :], str(now))

    assert till.points == left(bought[:gone] + bought[gone + 1 :], now)


def test_goods_that_come_back_after_their_points_were_lost_cost_nothing_more(made):
    till = Till(made)
    sale, later = made.bought("2023-01-10", 10_000), made.bought("2025-06-01", 3_000)
    till.look([sale], "2024-02-01")
    assert till.points == 0

    till.look([sale, later, made.returned("2025-06-02", sale, 10_000)], "2025-06-03")

    assert till.points == 30


def test_what_was_spent_before_it_was_taken_is_not_taken_from_what_is_new(made):
    till = Till(made)
    sale, later = made.bought("2023-01-10", 10_000), made.bought("2025-06-01", 3_000)
    till.look([sale], "2023-12-01")
    till.post(Redeem("hand", MEMBER, 60, "till"), day="2024-03-01")

    till.look([sale, later], "2025-06-03")

    assert till.points == 30


def test_points_given_by_hand_after_an_end_stay_until_the_next(made):
    till = Till(made)
    sale = made.bought("2023-01-10", 10_000)
    till.look([sale], "2024-02-01")
    till.post(Earn("hand", MEMBER, 25, "sorry"), day="2024-03-01")
    till.look([sale], "2024-03-02")
    assert till.points == 25

    till.look([sale, made.bought("2024-04-01", 1_000)], "2025-04-02")

    assert till.points == 0


@pytest.mark.parametrize(("day", "points"), [("2024-01-10", 0), ("2024-01-11", 100)])
def test_the_rules_of_then_hold_for_what_was_taken(made, day, points):
    till = Till(made)
    sale = made.bought("2023-01-10", 10_000)
    till.look([sale], day)
    till.programme = made.programme(expiry={"kind": "sliding", "months": 24})

    till.look([sale], "2024-02-01")

    assert 100 - till.points == points
