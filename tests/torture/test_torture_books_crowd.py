"""Sixteen threads in eight processes at one account; and kill -9 at every step of a transfer."""

import pytest
from books_child import live
from books_crowd import plunder, rows
from children import CHILDREN
from tokui.store.books import Books
from tokui_contracts.stores import empty

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]

ROUNDS = 50
POINTS = "planned accounts transfers lots entries commit committed".split()
TABLES = ("account", "transfer", "entry", "lot")


def test_no_more_is_granted_than_there_is(store_url, met, request):
    loot = plunder(store_url, ROUNDS)

    met[f"crowd {request.node.callspec.id}"] = {"tries": loot.asked, "granted": loot.granted}
    assert (loot.granted, loot.over) == (loot.funds, 0)
    assert (loot.two_faced, loot.faults) == ([], [])


def test_reading_first_and_writing_then_is_caught(store_url):
    loot = plunder(store_url, 1, "Naive")

    assert loot.over > 0


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_the_conditions_hold_without_the_lock(store_url):
    loot = plunder(store_url, 1, "Unlocked")

    assert (loot.granted, loot.over) == (loot.funds, 0)
    assert (loot.two_faced, loot.faults) == ([], [])


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_and_without_the_conditions_it_is_caught(store_url):
    loot = plunder(store_url, 1, "Blind")

    assert loot.over or loot.faults


def end(url, dies_at=""):
    child = CHILDREN.Process(target=live, args=(url, dies_at))
    child.start()
    child.join()
    return child.exitcode


@pytest.mark.parametrize("point", POINTS)
def test_death_in_the_middle_leaves_books_that_add_up(store, store_url, point):
    books = Books(store)
    assert end(store_url) == 0
    undisturbed = {table: rows(store, table) for table in TABLES}
    empty(store)

    deaths = 0
    while end(store_url, f"books.{point}:{deaths + 1}") != 0:
        deaths += 1
        assert books.check() == []

    assert deaths > 1
    assert {table: rows(store, table) for table in TABLES} == undisturbed
