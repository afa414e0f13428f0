"""Uses of offers in the books: never above a quota, whoever is joined, parted, slow or asks again."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.errors import PolicyRefusal
from tokui.store import purchases
from tokui.store.books import Books
from tokui_contracts.stores import empty
from tokui_points.offers import quota
from tokui_points.offers.quota import Record

UNIT = quota.unit("spring")
RECORDS = [Record("shop", "1"), Record("till", "1"), Record("till", "2")]

one_database = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def _kept(tx, member):
    return purchases.kept(tx, [member]).get(member, [])


class Till:
    """An offer at the counter: plans on what stands, and posts the plan."""

    def __init__(self, store):
        self.store, self.books = store, Books(store)

    def tallies(self, group):
        with self.store.read() as tx:
            members = [quota.account(UNIT, RECORDS[each]) for each in group]
            return [quota.tally(each, _kept(tx, each)) for each in members]

    def plan(self, key, group, at, mine, total=None):
        posted = quota.use_key(UNIT, key)
        plan = []
        if total is not None:
            shop = quota.shop(UNIT)
            with self.store.read() as tx:
                allotted = quota.tally(shop.allotted, _kept(tx, shop.allotted))
            there = self.books.balance(shop.left)
            plan += quota.using_in_all(posted, 1, total, shop, allotted, there, "order")
        return [*plan, *quota.using(posted, 1, mine, self.tallies(group), at, "order")]

    def use(self, *asked):
        return self.post(self.plan(*asked))

    def post(self, plan):
        return self.books.post_all(plan)

    def give_back(self, key, record, total):
        keys = [quota.use_key(UNIT, key)]
        members = {keys[0]: quota.account(UNIT, RECORDS[record])}
        if total is not None:
            members[f"{keys[0]}:total"] = quota.shop(UNIT).left
        return self.post([*quota.giving_back(members, "returned")])

    def used(self, group):
        return sum(each.used for each in self.tallies(group))


@pytest.fixture
def counter(store):
    return Till(store)


class World:
    """
    People and what they used, as a list.

    Attributes:
        who: Whose each record is.
        live: Uses that stand: key, record, the quota in all that counted it.
    """

    def __init__(self, till):
        self.till, self.keys, self.live = till, count(), []
        self.who, self.mine, self.total = [0, 1, 2], 1, None

    def may_use(self, group):
        together = sum(record in group for _, record, _ in self.live)
        counted = sum(total is not None for _, _, total in self.live)
        return (not self.mine or together < self.mine) and (
            self.total is None or counted < self.total
        )

    def use(self, record):
        group = [each for each in range(3) if self.who[each] == self.who[record]]
        key = str(next(self.keys))
        asked = (key, group, group.index(record), self.mine, self.total)
        if self.may_use(group):
            self.till.use(*asked)
            self.live.append((key, record, self.total))
        else:
            with pytest.raises(PolicyRefusal):
                self.till.use(*asked)

    def back(self, nth):
        if self.live:
            self.till.give_back(*self.live.pop(nth % len(self.live)))


PEOPLE = ([0, 0, 0], [0, 1, 2], [0, 0, 1], [0, 1, 1])
ACTS = st.lists(
    st.one_of(
        *(st.tuples(st.just("use"), st.just(record)) for record in range(3)),
        *(st.tuples(st.just("who"), st.just(each)) for each in PEOPLE[:2]),
        st.tuples(st.just("who"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("back"), st.integers(0, 5)),
        st.tuples(st.just("mine"), st.integers(0, 3)),
        st.tuples(st.just("total"), st.sampled_from([None, 1, 3, 5])),
    ),
    min_size=8,
    max_size=16,
)


@one_database
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_no_order_of_uses_joins_and_changes_goes_above_a_quota(counter, acts):
    empty(counter.store)
    world = World(counter)

    for act, value in acts:
        if act in ("use", "back"):
            getattr(world, act)(value)
        else:
            setattr(world, act, value)

    stands = Counter(record for _, record, _ in world.live)
    assert [counter.used([n]) for n in range(3)] == [stands[n] for n in range(3)]
    assert counter.books.check() == []


@one_database
@pytest.mark.parametrize("first", ["alone", "joined"])
def test_a_plan_that_knows_nothing_of_a_join_is_refused_after_it(counter, first):
    plans = {"alone": counter.plan("a", [1], 0, 1), "joined": counter.plan("b", [0, 1], 0, 1)}

    counter.post(plans.pop(first))

    with pytest.raises(PolicyRefusal):
        counter.post(*plans.values())
    assert counter.used([0, 1]) == 1


@one_database
def test_the_same_plan_again_has_one_effect(counter):
    plan = counter.plan("a", [0, 1], 0, 2, 5)

    assert counter.post(plan) == counter.post(plan)
    assert counter.used([0, 1]) == 1


@one_database
def test_a_plan_of_which_one_part_is_refused_leaves_nothing(counter):
    counter.use("a", [0], 0, 2, 1)
    plan = counter.plan("b", [1], 0, 2)
    last_one = counter.plan("c", [2], 0, 2, 2)
    counter.use("d", [0], 0, 2, 2)

    with pytest.raises(PolicyRefusal):
        counter.post([*plan, *last_one])
    assert counter.used([0, 1, 2]) == 2
