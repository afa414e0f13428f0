"""Draws under fire: eight processes at one wheel, and kill -9 at every step."""

import subprocess
import sys

import pytest
from books_crowd import rows
from children import CHILDREN
from draws_child import FUNDS, MORI, PROCESSES, STOCK, game, live, prepare, storm
from tokui.store import chains
from tokui.store.books import Books
from tokui.store.engine import Store
from tokui_contracts.context import NOON
from tokui_contracts.stores import empty
from tokui_points.gacha import publication
from tokui_points.gacha.playing import end

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

POINTS = ("chain.appended", "books.transfers", "chain.commit", "chain.committed")
TABLES = ("account", "transfer", "entry", "lot", "chain")


@pytest.fixture
def store(store_url):
    opened = Store.open(store_url, lambda: NOON)
    yield opened
    opened.close()


def started(what, *args):
    child = CHILDREN.Process(target=what, args=args)
    child.start()
    return child


def written(store):
    with store.read() as tx:
        return list(chains.lines(tx, "draw.spring"))


def sound(store):
    """Each draw was paid, each bag left the stock, and none was more than there was."""
    draws = [line.body for line in written(store) if line.body["kind"] == "draw"]
    books = Books(store)
    bags = [each for each in draws if each["prize"] == "bag"]
    assert books.check() == []
    assert books.sums("club").spent == len(draws)
    assert books.sums("draw.spring.stock").spent == len(bags) <= STOCK
    return draws


def test_a_crowd_draws_each_key_once_and_what_is_paid(store, store_url, tmp_path, met, request):
    prepare(game(store, tmp_path))
    line, ears = CHILDREN.Barrier(PROCESSES), []
    for place in range(PROCESSES):
        ear, mouth = CHILDREN.Pipe(duplex=False)
        started(storm, store_url, tmp_path, place, line, mouth)
        ears.append(ear)
    told = [answer for ear in ears for answer in ear.recv()]

    granted = {(key, made) for key, made in told if made}
    assert len({key for key, _ in granted}) == len(granted) == len(sound(store)) == FUNDS
    met[f"draws {request.node.callspec.id}"] = {"tries": len(told), "draws": len(granted)}
    end(game(store, tmp_path), "staff:Mori")
    file = publication.write(written(store), tmp_path / "public", "spring")
    hashes = [made for _, made in granted]
    subprocess.run([sys.executable, publication.VERIFIER, file, *hashes], check=True)


def test_death_in_the_middle_leaves_no_draw_unpaid_and_changes_no_outcome(
    store, store_url, tmp_path
):
    started(live, store_url, tmp_path).join()
    undisturbed = {table: rows(store, table) for table in TABLES}
    assert len(sound(store)) == 3

    for point in POINTS:
        empty(store)
        deaths = 0
        while True:
            child = started(live, store_url, tmp_path, f"{point}:{deaths + 1}")
            child.join()
            sound(store)
            if child.exitcode == 0:
                break
            deaths += 1
        assert deaths > 1
        assert {table: rows(store, table) for table in TABLES} == undisturbed
    assert Books(store).balance(MORI).points == FUNDS - 3
