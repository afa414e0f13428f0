"""`tokui quarantine`: seen, tried again, thrown away."""

from datetime import UTC, datetime, timedelta

import pytest
from tokui.store import lease
from tokui.store.engine import Store
from tokui.store.quarantine import Refused, put
from tokui.store.schema import ready

LENIENT = '[connections.book]\nuse = "notebook"\nfile = "book.json"\nlenient = true'
RECEIVES = """
[connections.mail]
use = "sendgrid"
api_key = {env = "MAIL_KEY"}
from_address = "shop@shop.example"
"""


def line(number, **more):
    return {
        "id": f"{number}",
        "at": f"2026-11-01T00:00:0{number}+00:00",
        "name": f"客{number}",
        **more,
    }


@pytest.fixture
def poisoned(shop):
    shop.write([line(1), line(2, poison=True), line(3, poison=True)])
    shop.run("sync", code=5)
    return shop


def test_the_list_says_why_and_not_who(poisoned):
    result = poisoned.run("quarantine", "list")

    assert "ValueError at notebook.py" in result.stdout
    assert "客2" not in result.stdout


def test_one_is_shown_as_it_came(poisoned):
    number = poisoned.json("quarantine", "list", "book")["items"][0]["id"]

    assert poisoned.json("quarantine", "show", str(number))["item"]["raw"] == line(2, poison=True)
    assert "客2" in poisoned.run("quarantine", "show", str(number)).stdout


def test_what_still_cannot_be_understood_stays_with_one_try_more(poisoned):
    replayed = poisoned.json("quarantine", "replay", "--all", code=5)
    items = poisoned.json("quarantine", "list")["items"]

    assert replayed["connections"][0]["refused"] == 2
    assert [each["attempts"] for each in items] == [2, 2]


def test_a_fix_stores_what_was_set_aside(poisoned):
    poisoned.configure(LENIENT)

    replayed = poisoned.json("quarantine", "replay", "book")["connections"][0]

    assert (replayed["understood"], replayed["counts"]["stored"]) == (2, 2)
    assert poisoned.json("quarantine", "list")["items"] == []
    assert poisoned.json("customer", "find", "客3")["profiles"]


def test_a_replay_links_nobody_whom_a_sync_would_not_link(shop):
    shop.write([line(1, email="a@example.jp", poison=True)])
    shop.write([line(1, email="a@example.jp")], "other.json")
    other = '\n[connections.other]\nuse = "notebook"\nfile = "other.json"\n'
    shop.configure(LENIENT.replace("lenient = true", "identity = { link = false }") + other)
    shop.run("sync", code=5)
    shop.configure(f"{LENIENT}\nidentity = {{ link = false }}{other}")

    assert shop.json("quarantine", "replay", "book")["connections"][0]["understood"] == 1
    assert shop.json("status")["people"] == 2


def test_one_item_is_replayed_alone(poisoned):
    first, second = poisoned.json("quarantine", "list")["items"]
    poisoned.configure(LENIENT)

    poisoned.run("quarantine", "replay", str(second["id"]))

    assert [each["id"] for each in poisoned.json("quarantine", "list")["items"]] == [first["id"]]


def test_a_replayed_older_state_does_not_overwrite_a_newer_one(poisoned):
    newer = {**line(2), "at": "2026-11-02T00:00:00+00:00", "name": "新しい名前"}
    poisoned.write([newer])
    poisoned.run("sync")
    poisoned.configure(LENIENT)

    replayed = poisoned.json("quarantine", "replay", "book")["connections"][0]

    assert replayed["counts"]["stale"] == 1
    assert len(poisoned.json("customer", "find", "新しい名前")["profiles"]) == 1


def test_what_a_connection_that_only_receives_was_told_is_tried_again(shop, monkeypatch):
    monkeypatch.setenv("MAIL_KEY", "SG.key")
    shop.configure(RECEIVES)
    told = {"sg_event_id": "e1", "email": "hanako@example.jp", "timestamp": 1_790_000_000}
    note = {"event_id": "e1", "topic": "spamreport", "payload": told}
    shop.run("suppression", "list")  # makes the store
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3")
    with store.write() as tx:
        put(tx, "mail", "notes", [Refused(note, "ValidationError", "as it was read then")])
    store.close()

    [replayed] = shop.json("quarantine", "replay", "mail")["connections"]

    [held] = shop.json("suppression", "list")["suppressions"]
    assert (replayed["understood"], held["reason"]) == (1, "complaint")


def test_a_replay_waits_its_turn(poisoned):
    store = Store.open(f"sqlite:///{poisoned.folder}/tokui.sqlite3")
    held = lease.acquire(store, "book")

    result = poisoned.run("quarantine", "replay", "book", code=9)
    lease.release(store, held)
    store.close()

    assert "another sync of it is running" in result.stderr


def test_dropping_asks_first(poisoned):
    assert "--yes" in poisoned.run("quarantine", "drop", "--all", code=2).stderr
    assert poisoned.json("quarantine", "drop", "--all", "--yes")["dropped"] == 2
    assert poisoned.json("quarantine", "list")["total"] == 0


def test_what_was_set_aside_long_ago_is_dropped_by_the_next_sync(shop):
    long_ago = datetime.now(UTC) - timedelta(days=91)
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3", now=lambda: long_ago)
    ready(store)
    with store.write() as tx:
        put(tx, "book", "people", [Refused({"id": "1"}, "ValueError", "unreadable")])
    store.close()

    assert "1 items of the quarantine were older than 90 days" in shop.run("sync").stderr
    assert shop.json("quarantine", "list")["total"] == 0


def test_items_are_kept_for_as_long_as_is_configured(shop):
    shop.configure(
        '[sync]\nquarantine_days = 365\n[connections.book]\nuse = "notebook"\nfile = "book.json"'
    )
    long_ago = datetime.now(UTC) - timedelta(days=91)
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3", now=lambda: long_ago)
    ready(store)
    with store.write() as tx:
        put(tx, "book", "people", [Refused({"id": "1"}, "ValueError", "unreadable")])
    store.close()
    shop.run("sync")

    assert shop.json("quarantine", "list")["total"] == 1


@pytest.mark.parametrize("words", [[], ["book", "--all"]])
def test_what_is_meant_must_be_said(poisoned, words):
    assert "--all" in poisoned.run("quarantine", "replay", *words, code=2).stderr


def test_an_item_that_is_not_there_is_named(poisoned):
    assert (
        "there is no item 999999" in poisoned.run("quarantine", "replay", "999999", code=3).stderr
    )
