"""Bad input in bulk: kept with its reason, stored once it can be read, never doubled."""

import pytest
import sqlalchemy as sa
from tokui.store import quarantine
from tokui.store.tables import CustomerRow, columns

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

GOOD, POISON = 10_000, 500


def line(number):
    minutes, seconds = divmod(number, 60)
    at = f"2026-11-01T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}+00:00"
    poison = number % 21 == 20 and number // 21 < POISON
    return {"id": f"{number:05}", "at": at, "name": f"客{number}", "poison": poison}


def stored(store):
    with store.read() as tx:
        at = columns(CustomerRow)
        keys = [key for (key,) in tx.all(sa.select(at.external_id))]
    return len(keys), len(set(keys))


def test_poison_among_good_items_is_kept_and_replayed_once_it_is_understood(shop, store, store_url):
    book = (
        f'[store]\nurl = "{store_url}"\n[connections.book]\nuse = "notebook"\nfile = "book.json"\n'
    )
    shop.configure(book)
    shop.write(line(n) for n in range(GOOD + POISON))

    shop.run("sync", code=5)
    with store.read() as tx:
        kept = quarantine.find(tx, limit=1000)
    assert stored(store) == (GOOD, GOOD)
    assert len(kept) == POISON
    assert all(each.reason.startswith("ValueError at notebook.py") for each in kept)

    shop.run("sync", "--full", code=5)
    assert stored(store) == (GOOD, GOOD)

    shop.configure(book + "lenient = true\n")
    replayed = shop.json("quarantine", "replay", "book")
    assert replayed["connections"][0]["understood"] == POISON
    assert stored(store) == (GOOD + POISON, GOOD + POISON)

    shop.run("sync", "--full")
    with store.read() as tx:
        assert quarantine.count(tx) == 0
    assert stored(store) == (GOOD + POISON, GOOD + POISON)
