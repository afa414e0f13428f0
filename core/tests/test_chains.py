"""Lines of a chain are numbered and sealed, and stand or fall together with their transfers."""

import pytest
import sqlalchemy as sa
from tokui.connector import Earn, Member, Redeem
from tokui.errors import NotEnough, StoreError
from tokui.store import chains
from tokui.store.books import Books, Raced

MORI = Member("club", "2900123456783")
MORI_SAN = "staff:Mori"


def written(store, chain="log"):
    with store.read() as tx:
        return list(chains.lines(tx, chain))


def test_lines_are_numbered_and_each_seals_those_before_it(store):
    one = chains.append(store, "log", None, "a", {"what": "始"}, MORI_SAN)
    two = chains.append(store, "log", one, "b", {"what": "next"}, MORI_SAN)

    assert written(store) == [one, two]
    assert [each.body["n"] for each in written(store)] == [0, 1]
    assert chains.seal(one, {"what": "next"}) == two
    assert chains.seal(chains.seal(None, {"what": "?"}), {"what": "next"}).hash != two.hash


def test_who_has_not_seen_the_last_line_writes_nothing(store):
    one = chains.append(store, "log", None, "a", {}, MORI_SAN)
    chains.append(store, "log", one, "b", {}, MORI_SAN)

    for after, key in ((None, "c"), (one, "c"), (written(store)[-1], "a")):
        with pytest.raises(Raced):
            chains.append(store, "log", after, key, {}, MORI_SAN, [Earn("e", MORI, 5, "gift")])
    assert len(written(store)) == 2
    assert Books(store).balance(MORI).points == 0


def test_a_line_whose_transfer_is_refused_is_not_written(store):
    transfers = [Earn("e", MORI, 5, "gift"), Redeem("r", MORI, 6, "till")]

    with pytest.raises(NotEnough):
        chains.append(store, "log", None, "a", {}, MORI_SAN, transfers)

    assert written(store) == []
    assert Books(store).balance(MORI).points == 0


def test_a_line_is_found_by_its_key_and_chains_do_not_meet(store):
    one = chains.append(store, "log", None, "a", {}, MORI_SAN)
    chains.append(store, "other", None, "b", {}, MORI_SAN)

    with store.read() as tx:
        assert chains.keyed(tx, "log", "a") == chains.first(tx, "log") == one
        assert chains.keyed(tx, "log", "b") is None


def test_no_line_is_rewritten(store):
    chains.append(store, "log", None, "a", {}, MORI_SAN)

    with pytest.raises(StoreError), store.write() as tx:
        tx.connection.execute(sa.text("UPDATE chain SET body = '{}'"))
    assert written(store)[0].body == {"n": 0}


def test_a_line_that_was_taken_out_is_missed(store):
    before = None
    for key in "abc":
        before = chains.append(store, "log", before, key, {"what": key}, MORI_SAN)
    with store.read() as tx:
        assert chains.broken(tx, "log") is None

    with store.write() as tx:
        tx.connection.execute(sa.text("DELETE FROM chain WHERE n = 1"))
    with store.read() as tx:
        assert chains.broken(tx, "log") == 1
