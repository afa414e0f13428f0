"""Any two weighed on demand, and how many there are, on both databases."""

import pytest
from tokui.identity.rules import Rules
from tokui.identity.weigh import DEFAULT
from tokui.identity.weighing import Side, side, weigh
from tokui.model import Customer, Identifier, PersonName
from tokui.store.entry import entry
from tokui.store.figures import figures
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch


def customer(key, given, *, email="ooe@example.com"):
    name = PersonName(family="大江", given=given)
    return Customer(
        external_id=key, name=name, identifiers=(Identifier(kind="email", value=email),)
    )


@pytest.fixture
def town(store):
    for connection, each in (
        ("shop", customer("1", "芽久")),
        ("till", customer("1", "芽久")),
        ("till", customer("2", "健")),
        ("line", customer("1", "次郎", email="jiro@example.com")),
    ):
        with store.write() as tx:
            write_batch(tx, Rules(connection), Batch(customers=[entry(each)]))
    return store


@pytest.mark.parametrize(
    "word", ["shop:9", "shop:", ":1", "9999", "profile:9999", "0", "", "ふ:1", "\udcff:1", "\0:1"]
)
def test_a_word_that_means_nobody_means_nobody(town, word):
    with town.read() as tx:
        assert side(tx, word) is None


def test_a_profile_is_meant_by_its_number_and_by_each_of_its_customers(town):
    with town.read() as tx:
        one = side(tx, "shop:1")

        assert side(tx, str(one.profile_id)) == side(tx, f"profile:{one.profile_id}")
        assert side(tx, str(one.profile_id)) == Side(one.profile_id)


def test_of_two_profiles_the_closest_pair_is_weighed(town):
    with town.read() as tx:
        ours, theirs = side(tx, "shop:1")._replace(customer_id=None), side(tx, "till:2")
        closest = weigh(tx, DEFAULT, ours, theirs)

    assert closest.one.key in (("shop", "1"), ("till", "1"))
    assert not closest.standing.together


def test_a_pair_is_weighed_the_same_from_both_sides(town):
    with town.read() as tx:
        one, other = side(tx, "shop:1"), side(tx, "line:1")

        assert weigh(tx, DEFAULT, one, other).judgement == weigh(tx, DEFAULT, other, one).judgement


def test_one_customer_is_not_weighed_against_itself(town):
    with town.read() as tx:
        one = side(tx, "shop:1")

        assert weigh(tx, DEFAULT, one, one) is None


def test_figures_count_customers_by_profile(town):
    with town.read() as tx:
        found = figures(tx)

    assert (found.customers, found.profiles, found.sizes) == (4, 3, {1: 2, 2: 1})
    assert (found.shared, found.answers, found.dirty) == ({}, {}, 4)
