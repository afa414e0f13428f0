from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokui.connector import Earn, Kept, Member, Reverse
from tokui_points import posting
from tokui_points.accounts import Account
from tokui_points.facts import Person
from tokui_points.rules import Rule


class Pages:
    """The transfers that stand, each key once."""

    def __init__(self, made, programme, number="0001"):
        self.made, self.programme, self.number = made, programme, number
        self.kept = {}

    def held(self, facts):
        own = frozenset(each.key for each in facts)
        account = Account(Member("club", self.number), self.number, Person("p", facts), own)
        return account, list(self.kept.values())

    def due(self, facts):
        story = self.made.story(self.programme, *facts)
        return posting.due(self.programme, [self.held(facts)], [story])

    def post(self, transfers):
        at = self.made.on("2026-12-31") + timedelta(seconds=len(self.kept))
        for each in transfers:
            kind, of = ("earn", None) if isinstance(each, Earn) else ("reverse", each.of)
            self.kept.setdefault(each.key, Kept(each.key, kind, of, each.points, at, each.reason))

    @property
    def points(self):
        signs = {"earn": 1, "reverse": -1}
        return sum(signs[each.kind] * each.points for each in self.kept.values())


AMOUNTS = st.lists(st.integers(1, 200_000), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(amounts=AMOUNTS, back=st.lists(st.booleans(), min_size=6), dice=st.randoms())
def test_in_whichever_order_facts_are_told_the_books_end_up_the_same(made, amounts, back, dice):
    programme = made.programme()
    facts = [made.bought(f"2026-03-{n + 1:02}", a, name=f"s{n}") for n, a in enumerate(amounts)]
    facts += [
        made.returned(f"2026-04-{n + 1:02}", sale, amounts[n], name=f"r{n}")
        for n, sale in enumerate(facts)
        if back[n]
    ]
    whole = made.story(programme, *facts).points
    dice.shuffle(facts)

    books = Pages(made, programme)
    for known in range(1, len(facts) + 1):
        owed = books.due(facts[:known])
        books.post(owed)
        books.post(owed)  # told twice

    assert books.points == whole
    assert books.due(facts) == []


def test_what_is_posted_can_be_read_but_names_nobody(made):
    books = Pages(made, made.programme(), number="2900000000735")

    (earned,) = books.due([made.bought("2026-03-01", 10_000, number="1001")])

    assert "2900000000735" not in earned.key + earned.reason
    assert earned.reason == "order 1001: regular"


def test_a_line_stays_where_it_stands_when_two_members_are_one(made):
    facts = [made.bought("2026-03-01", 10_000)]
    mine, yours = Pages(made, made.programme(), "1"), Pages(made, made.programme(), "2")
    yours.post(yours.due(facts))
    first, second = mine.held(facts), yours.held([])

    stories = [made.story(made.programme(), *facts)] * 2
    assert posting.due(made.programme(), [first, second], stories) == []


def test_a_line_that_is_somebody_elses_now_is_taken_back_with_that_as_its_reason(made):
    books = Pages(made, made.programme())
    books.post(books.due([made.bought("2026-03-01", 10_000)]))

    (back,) = books.due([])

    assert isinstance(back, Reverse)
    assert back.points == 100
    assert back.reason.endswith(": no longer a purchase of this member")


@pytest.mark.parametrize(("since", "gifts"), [("2026-01-01", [500]), ("2026-04-01", [])])
def test_who_joins_while_the_programme_is_on_gets_the_gift_once(made, since, gifts):
    programme = made.programme(join_gift=500, since=since)
    person = Person("p", (), joined=made.on("2026-03-01").date())
    account = Account(Member("club", "1"), "1", person, frozenset())
    story = made.story(programme, joined=person.joined)

    owed = posting.due(programme, [(account, [])], [story])

    assert [each.points for each in owed] == gifts


@pytest.mark.parametrize(("by_hand", "kept", "stand"), [(100, 0, 0), (40, 60, 60), (40, 20, 20)])
def test_what_staff_took_back_for_a_return_is_not_taken_again_when_it_is_told(
    made, by_hand, kept, stand
):
    books = Pages(made, made.programme())
    sale = made.bought("2026-03-01", made.line(1_000, 10))
    books.post(books.due([sale]))
    (earned,) = books.kept
    books.post([Reverse("hand", Member("club", "0001"), earned, "mori: came back", by_hand)])
    assert books.due([sale]) == []

    back = made.returned("2026-03-10", sale, 1_000, (100 - kept) // 10)
    books.post(books.due([sale, back]))

    assert books.points == stand
    assert books.due([sale, back]) == []


def test_an_article_that_leaves_its_category_takes_no_points_along(made):
    denim = Rule(name="denim", categories=("denim",), times=2)
    books = Pages(made, made.programme(rules=(denim,)))
    two = made.line(5_000, 2)
    as_sold = made.bought("2026-03-01", two, name="s", categories={"1": "denim"})
    books.post(books.due([as_sold]))
    given = books.points

    now = made.bought("2026-03-01", two, name="s", categories={"1": "sale"})
    assert books.due([now]) == []

    half = made.returned("2026-03-05", now, 5_000, name="r")
    books.post(books.due([now, half]))
    assert (given, books.points) == (200, 100)


def test_an_article_whose_category_is_read_late_earns_by_its_rule(made):
    denim = Rule(name="denim", categories=("denim",), times=2)
    books = Pages(made, made.programme(rules=(denim,)))
    books.post(books.due([made.bought("2026-03-01", 10_000, name="s")]))

    known = made.bought("2026-03-01", 10_000, name="s", categories={"1": "denim"})
    books.post(books.due([known]))

    assert books.points == 200
