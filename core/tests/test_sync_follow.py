"""Plugins that follow the change feed: at least once, in order, and nobody waits for them."""

import threading

import pytest
from tokui.connector import Earn, Member
from tokui.errors import PluginError
from tokui.model import Customer
from tokui.store import cursors, feed
from tokui.store.books import Books
from tokui.sync import follow
from tokui.sync.stream import Options
from tokui.sync.worker import Company
from tokui_contracts.scripted import page, script, told


def people(*keys):
    return page(*(Customer(external_id=str(key), note=str(key)) for key in keys))


def written(store):
    with store.read() as tx:
        return [change.seq for change in feed.after(tx, 0, 100_000)]


def position(store, plugin="ear"):
    with store.read() as tx:
        return cursors.get(tx, f"hook:{plugin}", "changes")


def run(store, *pages, **followers):
    return told(store, script("shop", *pages), company=Company(followers=followers))


def test_a_follower_hears_every_change_once_and_in_order(store):
    heard = []

    for pages in ([people(1, 2)], [people(1, 2), people(2, 3)]):
        run(store, *pages, ear=lambda changes, view: heard.extend(c.seq for c in changes))

    assert heard == written(store)
    assert position(store) == {"seq": heard[-1]}


def test_a_follower_that_fails_hears_the_same_changes_again(store):
    heard = []

    def fails(changes, view):
        heard.extend(c.seq for c in changes)
        raise OSError

    report = run(store, people(1), ear=fails)
    assert (report.hooks, report.exit_code, position(store)) == ({"ear": "OSError"}, 5, None)

    run(store, people(1), people(2), ear=lambda changes, view: heard.extend(c.seq for c in changes))
    assert heard[: len(written(store)) + 1].count(heard[0]) == 2
    assert sorted(set(heard)) == written(store)


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt])
def test_a_follower_that_fails_stops_neither_the_sync_nor_another(store, error):
    heard = []

    def fails(changes, view):
        raise error

    report = run(store, people(1), bad=fails, ear=lambda changes, view: heard.extend(changes))

    assert (list(report.hooks), report.connections[0].state) == (["bad"], "done")
    assert [c.seq for c in heard] == written(store)


def test_a_follower_that_hangs_is_given_up(store):
    go_on = threading.Event()

    report = told(
        store,
        script("shop", people(1)),
        options=Options(stall_s=1),
        company=Company(followers={"ear": lambda changes, view: go_on.wait()}),
    )
    go_on.set()

    assert report.hooks == {"ear": "did not return"}
    assert report.connections[0].state == "done"


def test_a_followers_view_is_one_snapshot_and_dead_afterwards(store):
    kept = []

    def hear(changes, view):
        kept.append((view, [str(view.customers(c.profile_id)[0].note) for c in changes]))

    run(store, people(1), ear=hear)

    view, notes = kept[0]
    assert notes == ["1"]
    with pytest.raises(PluginError, match="dead"):
        view.profile(1)


def test_a_dry_run_tells_nobody(store):
    heard = []

    told(
        store,
        script("shop", people(1)),
        options=Options(dry_run=True),
        company=Company(followers={"ear": lambda changes, view: heard.extend(changes)}),
    )

    assert heard == []


def test_a_long_feed_is_heard_in_order_and_in_parts(store):
    told(store, script("shop", *(people(*range(n * 300, n * 300 + 300)) for n in range(4))))
    parts = []

    run(store, ear=lambda changes, view: parts.append([c.seq for c in changes]))

    assert [seq for part in parts for seq in part] == written(store)
    assert len(parts) > 1
    assert max(map(len, parts)) <= 1_000


def test_what_somebody_made_of_old_facts_is_not_posted_once_another_has_moved_on(store):
    told(store, script("shop", people(1)))
    calls = []

    def newer(changes, view):
        return None

    def stale(changes, view):
        calls.append(changes[-1].seq)
        if len(calls) > 1:
            return None
        told(store, script("shop", people(2)), company=Company(followers={"ear": newer}))
        return [Earn("old", Member("club", "1"), 100, "jeans")]

    run(store, ear=stale)

    assert (Books(store).posted(["old"]), Books(store).check()) == ({}, [])
    assert position(store) == {"seq": written(store)[-1]}


def test_what_is_owed_for_one_batch_is_posted_in_portions(store, monkeypatch):
    monkeypatch.setattr(follow, "PORTION", 3)
    keys = [f"k{n}" for n in range(8)]

    def hear(changes, view):
        return [Earn(key, Member("club", "1"), 10, "jeans") for key in keys]

    run(store, people(1), ear=hear)

    assert sorted(Books(store).posted(keys)) == keys
    assert position(store) == {"seq": written(store)[-1]}
